/** The witnesses saw the box's cut in time: not before the deadline, not later than the tolerance after it. */
import { equalBytes } from '@segel/encoding';
import { examineCheckpoint, type ExaminedCheckpoint } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import { MAY_HAVE_GAPS, seenInTime } from '../../seen-in-time.js';
import type { Findings, Where } from '../report.js';
import type { Box, TenderView } from '../tender-view.js';

export async function witnessedCheck(view: TenderView, found: Findings): Promise<void> {
  for (const box of view.boxes) await checkBox(view, box, found);
}

async function checkBox(view: TenderView, box: Box, found: Findings): Promise<void> {
  const where = { entry: box.index, lot: box.lotId };
  const what = `when lot ${box.lotId} was closed`;
  const first = await firstCheckpoint(view, box.cutSize, what, found, where);
  if (first === undefined) return;
  const from = box.deadline.getTime() / 1000;
  const tolerance = view.noticeAt(box.index)?.entry.body['tolerance_s'] as number | undefined;
  const seen = await seenInTime(view.log, box.cutSize, first, { from, to: from + (tolerance ?? 0) });
  if (seen === 'unknown') found.cannot(what, MAY_HAVE_GAPS);
  else if (seen !== 'in_time') {
    found.error(
      'unwitnessed_in_time',
      `No quorum of witnesses saw the cut between the deadline and ${tolerance ?? 0} s after it: people must decide.`,
      where,
    );
  }
}

/** The first checkpoint of at least a size, once it is shown to be a prefix of the log; else undefined, and a finding
 *  or the statement that `what` cannot be known. */
export async function firstCheckpoint(
  view: TenderView,
  size: number,
  what: string,
  found: Findings,
  where: Where,
): Promise<ExaminedCheckpoint | undefined> {
  const { policy, source, tree, checkpoint } = view.log;
  const note = await source.firstCheckpoint(size);
  if (note === undefined) {
    found.cannot(what, 'the source keeps no earlier checkpoints');
    return undefined;
  }
  const first = examineCheckpoint(policy, note, verifyWithNode);
  if (first.size < size || first.size > checkpoint.size) {
    found.error('checkpoint_size', 'The checkpoint given is not of the sizes between the asked one and now.', where);
    return undefined;
  }
  if (first.origin === checkpoint.origin && equalBytes(await tree.rootAt(first.size), first.root)) return first;
  found.error('history_rewritten', 'A checkpoint published earlier is not a prefix of the log.', where);
  return undefined;
}
