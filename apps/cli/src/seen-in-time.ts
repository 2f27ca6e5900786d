/** When did the witnesses first see a tree of at least some size? Told apart: what a checkpoint proves, what the log says
 *  against itself, and what a copy with gaps cannot know. */
import type { LogSource } from '@segel/acts';
import { quorumWithin, verifyCheckpoint, type ExaminedCheckpoint, type Policy } from '@segel/tlog';
import { verifyWithNode } from './primitives.js';

/** POSIX seconds, both ends in. */
export type Window = { readonly from: number; readonly to: number };

/** `early` and `late` are wrong for certain. `unknown`: a checkpoint in the window may have been lost on the way. */
export type Seen = 'in_time' | 'early' | 'late' | 'unknown';

/** Judges the first checkpoint of at least `size` that a source gives; the caller has shown that it is a prefix of the
 *  log. It is early when its quorum was complete before the window. It is late when the source itself says that no other
 *  came before it ({@link LogSource.knowsFirst}), or a quorum looked after the window at a tree that was still smaller. */
export async function seenInTime(
  { policy, source }: { readonly policy: Policy; readonly source: LogSource },
  size: number,
  first: ExaminedCheckpoint,
  { from, to }: Window,
): Promise<Seen> {
  if (quorumWithin(policy, first.cosignatures, from, to)) return 'in_time';
  if (first.quorumTime !== undefined && first.quorumTime < from) return 'early';
  if (await source.knowsFirst(size)) return 'late';
  const smaller = (await source.checkpointSizes())?.findLast((one) => one < size);
  const note = smaller === undefined ? undefined : await source.firstCheckpoint(smaller);
  if (note === undefined) return 'unknown';
  const { origin, size: before, quorumSince } = verifyCheckpoint(policy, note, verifyWithNode);
  return origin === first.origin && before < size && quorumSince !== undefined && quorumSince > to ? 'late' : 'unknown';
}

/** Why it is unknown, for people. */
export const MAY_HAVE_GAPS =
  'this copy of the log may lack the checkpoint that was cosigned in time: ask the log itself, or another mirror';
