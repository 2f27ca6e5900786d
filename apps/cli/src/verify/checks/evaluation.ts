/** The evaluation, run again from terms, rule pack, offers and findings: the same bytes. */
import { equalBytes, fromBase64, fromDocument, parseCanonical, sha256, toBase64 } from '@segel/encoding';
import { consensus, evaluate, resultDocument, type EvaluationResult } from '@segel/procurement';
import type { EvidenceResult } from '../evidence.js';
import type { Findings } from '../report.js';
import { lotOf, text, type Box, type TenderView } from '../tender-view.js';
import { committeeCheck, findingsOf } from './committee.js';
import type { LogEntry } from './entries.js';
import { openedBids } from './offers.js';

export function evaluationCheck(view: TenderView, found: Findings): void {
  for (const box of view.boxes.filter(({ lotId }) => view.isOpened(lotId))) {
    const completed = view.of('evaluation.completed').find((entry) => lotOf(entry) === box.lotId);
    if (completed === undefined) {
      found.cannot(`evaluation of lot ${box.lotId}`, 'it becomes public with the intended award');
    } else checkResult(view, box, completed, found);
  }
}

/** The published result of a lot. */
export function resultOf(view: TenderView, lotId: string): EvaluationResult | undefined {
  const given = view.evidence.results.find((result) => result.lotId === lotId);
  return given && fromDocument<EvaluationResult>(parseCanonical(fromBase64(given.bytes)));
}

function checkResult(view: TenderView, box: Box, completed: LogEntry, found: Findings): void {
  const where = { entry: completed.index, lot: box.lotId };
  const given = view.evidence.results.find((result) => result.lotId === box.lotId);
  if (given === undefined || hashOf(given) !== text(completed.entry.body, 'result_sha256')) {
    found.error('result_hash', 'The published result is not the one the committee completed.', where);
    return;
  }
  committeeCheck(view, box, given, completed, found);
  const terms = view.noticeAt(box.index)?.terms;
  if (terms === undefined || view.pack === undefined) {
    found.cannot(`evaluation of lot ${box.lotId}`, 'terms or rule pack are missing');
    return;
  }
  const bids = openedBids(view, box);
  const { rejections } = consensus({ committee: given.committee, bids, findings: findingsOf(view, box.lotId) });
  const { lotId, setRoot } = box;
  const recomputed = resultDocument(evaluate({ terms, pack: view.pack, lotId, setRoot, bids, rejections }));
  if (!equalBytes(recomputed.bytes, fromBase64(given.bytes))) {
    found.error(
      'evaluation_differs',
      'The evaluation, run again from what was published, gives another result.',
      where,
    );
  }
}

function hashOf({ bytes }: EvidenceResult): string {
  return toBase64(sha256(fromBase64(bytes)));
}
