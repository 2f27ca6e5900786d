/** What follows from an approved notice: the tender's row, its lots, the jobs of its deadline, who must be told. */
import { fromBase64, type Signature } from '@segel/encoding';
import { demand, planDeadline, resealRequired, tenderState, transition } from '@segel/procurement';
import type { LotState } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { In, Not } from 'typeorm';
import type { Recorded, Tx } from '../platform/journal/act.js';
import type { Candidate } from './approval-candidate.js';
import { Lot } from './lot.entity.js';
import { TenderPublication } from './tender-publication.entity.js';
import { Tender } from './tender.entity.js';
import { lotsOf } from './tender-rows.js';

type Approved = {
  readonly noticeId: string;
  readonly approverId: string;
  readonly signature: Signature;
  readonly recorded: Recorded;
  readonly state: string;
};

export async function putInForce(tx: Tx, candidate: Candidate, approved: Approved): Promise<void> {
  const { tender, version, before } = candidate;
  const terms = version.content;
  const { recorded } = approved;
  const deadlineAt = new Date(terms.deadlineAt);
  const reseal = before !== undefined && (candidate.keysReplaced || resealRequired(before, terms));
  await tx.manager.update(
    Tender,
    { id: tender.id },
    {
      title: terms.title,
      state: approved.state,
      version: version.version,
      deadlineAt,
      noticeSha256: fromBase64(recorded.entrySha256),
      ...(reseal ? { resealRequiredSince: version.version } : {}),
      ...(before === undefined ? { publishedAt: tx.now } : {}),
    },
  );
  await tx.manager.insert(TenderPublication, {
    id: tx.newId(),
    tenderId: tender.id,
    version: version.version,
    entrySha256: fromBase64(recorded.entrySha256),
    leafSha256: fromBase64(recorded.leafSha256),
    noticeId: approved.noticeId,
    approverId: approved.approverId,
    approverKey: approved.signature.key,
    approverSig: approved.signature.sig,
    resealRequired: reseal,
    publishedAt: tx.now,
  });
  await alignLots(tx, candidate);
  for (const { job, key, runAt } of planDeadline(tender.id, { ...terms, deadlineAt }, tender.rulePack, tx.now))
    await tx.enqueue(job, { tenderId: tender.id }, { runAt, key });
  if (before === undefined) return;
  const reason = version.reason ?? '';
  const params = { tenderId: tender.id, title: terms.title, reason, resealRequired: String(reseal) };
  for (const accountId of await bidderAccounts(tx.manager, tender.id))
    await tx.notify({ accountId, code: 'bid_invalidated', params });
}

/** Rows of the lots as the terms in force name them. A lot that an addendum drops is cancelled and does not return. */
async function alignLots(tx: Tx, { tender, version }: Candidate): Promise<void> {
  const named = version.content.lots.map(({ id }) => id);
  const own = new Map((await lotsOf(tx.manager, tender.id)).map((lot) => [lot.id, lot]));
  const foreign = await tx.manager.existsBy(Lot, { id: In(named), tenderId: Not(tender.id) });
  const reused = foreign || named.some((id) => own.get(id)?.state === 'cancelled');
  demand(!reused, 'terms_invalid', 'A lot has the id of another or of a former lot.', { path: 'lots' });
  for (const id of named)
    if (!own.has(id)) await tx.manager.insert(Lot, { id, tenderId: tender.id, state: 'tendering' satisfies LotState });
  for (const lot of own.values())
    if (!named.includes(lot.id) && lot.state !== 'cancelled')
      await tx.manager.update(Lot, { id: lot.id }, { state: transition(lot.state, 'cancel') });
  const states = (await lotsOf(tx.manager, tender.id)).map((lot) => lot.state);
  if (tenderState('tendering', states) !== 'tendering') throw new Error('a published tender has no lot in tendering');
}

/** Everybody who acts for a vendor with a living bid on the tender. */
export async function bidderAccounts(manager: EntityManager, tenderId: string): Promise<readonly string[]> {
  const rows = await manager.query<{ account_id: string }[]>(
    `WITH living AS (
       SELECT b.vendor_id, b.submitted_by FROM bid b WHERE b.tender_id = $1
         AND NOT EXISTS (SELECT FROM bid_withdrawal w WHERE w.bid_id = b.id)
         AND NOT EXISTS (SELECT FROM bid r WHERE r.replaces = b.id))
     SELECT submitted_by AS account_id FROM living
     UNION
     SELECT r.account_id FROM role_assignment r JOIN living l ON l.vendor_id = r.organisation_id
       WHERE r.role = 'vendor' AND r.revoked_at IS NULL
     ORDER BY account_id`,
    [tenderId],
  );
  return rows.map((row) => row.account_id);
}
