/** The witnesses saw the box's cut in time: not before the deadline, not later than the tolerance after it. */
import { equalBytes } from '@segel/encoding';
import { examineCheckpoint, quorumWithin, RightEdge } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import type { Findings } from '../report.js';
import type { Box, TenderView } from '../tender-view.js';

export async function witnessedCheck(view: TenderView, found: Findings): Promise<void> {
  for (const box of view.boxes) await checkBox(view, box, found);
}

async function checkBox(view: TenderView, box: Box, found: Findings): Promise<void> {
  const { policy, source, leafHashes, checkpoint } = view.log;
  const where = { entry: box.index, lot: box.lotId };
  const note = await source.firstCheckpoint(box.cutSize);
  if (note === undefined) {
    found.cannot(`when lot ${box.lotId} was closed`, 'the source keeps no earlier checkpoints');
    return;
  }
  const first = examineCheckpoint(policy, note, verifyWithNode);
  if (first.size < box.cutSize || first.size > checkpoint.size) {
    found.error(
      'checkpoint_size',
      'The checkpoint given for the close is not of the sizes between cut and now.',
      where,
    );
    return;
  }
  const edge = new RightEdge();
  for (const hash of leafHashes.slice(0, first.size)) edge.append(hash);
  if (first.origin !== checkpoint.origin || !equalBytes(edge.root(), first.root)) {
    found.error('history_rewritten', 'A checkpoint published earlier is not a prefix of the log.', where);
    return;
  }
  const from = box.deadline.getTime() / 1000;
  const tolerance = view.noticeAt(box.index)?.entry.body['tolerance_s'] as number | undefined;
  if (!quorumWithin(policy, first.cosignatures, from, from + (tolerance ?? 0))) {
    found.error(
      'unwitnessed_in_time',
      `No quorum of witnesses saw the cut between the deadline and ${tolerance ?? 0} s after it: people must decide.`,
      where,
    );
  }
}
