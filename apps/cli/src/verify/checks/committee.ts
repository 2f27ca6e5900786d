/** The committee: declared free of conflicts, its findings as committed, its majority's signatures on the result. */
import { findingDocument, type BidFinding } from '@segel/procurement';
import type { EvidenceResult } from '../evidence.js';
import type { Findings } from '../report.js';
import { lotOf, text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';

export function committeeCheck(
  view: TenderView,
  box: Box,
  { committee, sha256 }: EvidenceResult,
  completed: LogEntry,
  found: Findings,
): void {
  const where = { entry: completed.index, lot: box.lotId };
  for (const accountId of committee) {
    const declared = view
      .of('evaluation.conflict_declared')
      .filter(
        ({ index, entry }) =>
          entry.body['account_id'] === accountId &&
          entry.body['tender_id'] === view.tenderId &&
          index < completed.index,
      );
    if (
      declared.at(-1)?.entry.body['conflict'] !== false ||
      !declared.every((entry) => isOwn(view, entry, accountId))
    ) {
      found.error('committee_undeclared', 'An evaluator took part without a declaration of no conflict.', {
        ...where,
        field: accountId,
      });
    }
  }
  checkFindings(view, box, found);
  const signers = view.of('evaluation.consensus').filter((entry) => {
    const signer = committee.find((accountId) => isOwn(view, entry, accountId));
    return signer !== undefined && lotOf(entry) === box.lotId && entry.entry.body['sha256'] === sha256;
  });
  const people = new Set(
    signers.map(({ index, entry }) => view.keys.holder(entry.bodySig?.[0]?.key, index)?.accountId),
  );
  if (people.size * 2 <= committee.length) {
    found.error('committee_minority', 'The result is not signed by most of the committee.', where);
  }
}

/** Each published finding is the one whose hash its evaluator committed, and none is withheld. */
function checkFindings(view: TenderView, box: Box, found: Findings): void {
  const committed = view.of('evaluation.score_committed').filter((entry) => lotOf(entry) === box.lotId);
  const published = findingsOf(view, box.lotId);
  const hashes = new Set(
    published.map((finding) => findingDocument({ ...finding, tenderId: view.tenderId, lotId: box.lotId }).sha256),
  );
  for (const { index, entry } of committed) {
    if (hashes.has(text(entry.body, 'finding_sha256'))) continue;
    const where = { entry: index, bid: text(entry.body, 'bid_id') };
    found.error('finding_withheld', 'A finding was committed and is not published as it was.', where);
  }
  if (published.length > committed.length) {
    found.error('finding_added', 'A finding is published that nobody had committed.', { lot: box.lotId });
  }
}

function isOwn(view: TenderView, { index, entry }: LogEntry, accountId: string): boolean {
  return view.keys.holder(entry.bodySig?.[0]?.key, index)?.accountId === accountId;
}

/** The published findings of a lot as the rules take them. */
export function findingsOf(view: TenderView, lotId: string): readonly BidFinding[] {
  return view.evidence.findings
    .filter((finding) => finding.lotId === lotId)
    .map(({ bidId, evaluatorId, admitted, criterionId, evidence, reason }) => ({
      bidId,
      evaluatorId,
      admitted,
      ...(criterionId === undefined ? {} : { criterionId }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(reason === undefined ? {} : { text: reason }),
    }));
}
