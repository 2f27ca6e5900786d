/** What every bidder of the box is told, in the transaction of the act: all at the same moment. */
import type { BidResult, EvaluationResult } from '@segel/procurement';
import type { Tx } from '../platform/journal/act.js';
import type { Tender } from '../tenders/tender.entity.js';

type Announcement = {
  readonly tender: Tender;
  readonly lotId: string;
  readonly result: EvaluationResult;
  readonly winnerName: string;
  readonly standstillEndAt: Date;
};

/** Tells each account of each vendor in the box its rank and the reasons for it. A rejected bid's rank is `-`. */
export async function announceAward(
  tx: Tx,
  code: 'award_intended' | 'award_decided',
  { tender, lotId, result, winnerName, standstillEndAt }: Announcement,
): Promise<void> {
  const accounts = await tx.manager.query<{ accountId: string; vendorId: string }[]>(
    `SELECT account_id AS "accountId", organisation_id AS "vendorId" FROM role_assignment
     WHERE role = 'vendor' AND organisation_id = ANY($1) AND revoked_at IS NULL ORDER BY account_id`,
    [result.bids.map(({ vendorId }) => vendorId)],
  );
  for (const { accountId, vendorId } of accounts) {
    const own = result.bids.find((bid) => bid.vendorId === vendorId)!;
    const params = {
      tenderId: tender.id,
      lotId,
      title: tender.title,
      rank: own.rank === undefined ? '-' : String(own.rank),
      reason: reasonText(own),
      winner: winnerName,
      amount: `${result.currency} ${result.winner?.amount ?? ''}`,
      standstillEnd: standstillEndAt.toISOString(),
    };
    await tx.notify({ accountId, code, params });
  }
}

function reasonText({ reasons }: BidResult): string {
  return reasons.map(({ text, evidence }) => (evidence === undefined ? text : `${text} (${evidence})`)).join(' ');
}
