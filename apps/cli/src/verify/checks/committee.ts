/** The committee: declared free of conflicts, its findings as committed, its majority's signatures on the result. */
import { findingDocument, type BidFinding } from '@segel/procurement';
import type { EvidenceResult } from '../evidence.js';
import type { Findings } from '../report.js';
import { lotOf, text, type Box, type TenderView } from '../tender-view.js';
import type { LogEntry } from './entries.js';
import { groupOfOpener } from './openers.js';

export function committeeCheck(
  view: TenderView,
  box: Box,
  { committee, sha256 }: EvidenceResult,
  completed: LogEntry,
  found: Findings,
): void {
  const where = { entry: completed.index, lot: box.lotId };
  checkComposition(view, box, committee, completed, found);
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

/** The evidence names the committee; the log says who evaluated. Nobody who did is left out, so that no minority passes
 *  for the whole; it is as large as the pack asks for, and nobody of it opened the bids. */
function checkComposition(
  view: TenderView,
  box: Box,
  committee: readonly string[],
  completed: LogEntry,
  found: Findings,
): void {
  const where = { entry: completed.index, lot: box.lotId };
  const minimum = view.pack?.evaluatorMinimum ?? 1;
  if (committee.length < minimum || committee.length % 2 === 0 || new Set(committee).size !== committee.length)
    found.error('committee_size', `The committee is not an odd number of at least ${minimum} evaluators.`, where);
  const evaluated = view
    .of('evaluation.score_committed')
    .filter((entry) => lotOf(entry) === box.lotId && entry.index < completed.index)
    .map(({ entry }) => text(entry.body, 'account_id'));
  for (const accountId of new Set(evaluated)) {
    const declared = view
      .of('evaluation.conflict_declared')
      .filter(({ index, entry }) => entry.body['account_id'] === accountId && index < completed.index);
    if (committee.includes(accountId) || declared.some(({ entry }) => entry.body['conflict'] === true)) continue;
    found.error('committee_omits', 'An evaluator without a conflict is left out of the committee.', {
      ...where,
      field: accountId,
    });
  }
  const notice = view.noticeAt(box.index);
  for (const accountId of committee) {
    if (notice === undefined || groupOfOpener(notice, accountId) === undefined) continue;
    found.error('evaluator_opens', 'Somebody evaluated bids whose keys they held.', { ...where, field: accountId });
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
