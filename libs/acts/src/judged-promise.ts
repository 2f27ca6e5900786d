/** Promises of the log's operator, judged against the log (protocol section 7). A promise that was not kept is
 *  a proof against the operator that can be shown to anybody. */
import { equalBytes, fromBase64, sha256, type Envelope } from '@segel/encoding';
import { parseLeaf, verifyCheckpoint, type ExaminedCheckpoint } from '@segel/tlog';
import { CheckFailed } from './failure.js';
import type { LogReader } from './log-reader.js';
import type { LogSource } from './log-source.js';
import { blindedLeafHash, readPromise, type EntryPromise } from './promise.js';
import { promiseKeyOf } from './tender-log.js';

/** `kept_in_time` and `kept_late` are shown by checkpoints; `kept` when they cannot tell which. `broken`: a checkpoint
 *  that was cosigned when the promise was due holds no such entry. `open`: no checkpoint is late enough. */
export type PromiseOutcome = 'kept_in_time' | 'kept' | 'kept_late' | 'broken' | 'open';

export type JudgedPromise = {
  readonly outcome: PromiseOutcome;
  readonly promise: EntryPromise;
  readonly index?: number;
  /** What shows it: the note and the second in which its quorum was complete. */
  readonly checkpoint: ExaminedCheckpoint;
  readonly note: string;
};

/** Looks for the promised entry in the log and dates what it finds by the checkpoints of the source. Throws
 *  `promise_invalid` and `genesis_missing`. */
export async function judgePromise(log: LogReader, source: LogSource, envelope: Envelope): Promise<JudgedPromise> {
  const promise = readPromise(envelope, await promiseKeyOf(log), log.verify);
  if (promise.logOrigin !== log.checkpoint.origin)
    throw new CheckFailed('promise_invalid', `The promise is of the log ${promise.logOrigin}, not of this one.`);
  const newest = { checkpoint: log.checkpoint, note: log.note };
  const index = await find(log, promise);
  if (index === undefined) return { outcome: isDue(promise, log.checkpoint) ? 'broken' : 'open', promise, ...newest };
  const before = await lastBefore(log, source, index);
  if (before !== undefined && isDue(promise, before.checkpoint))
    return { outcome: 'kept_late', promise, index, ...before };
  const first = await log.firstCheckpoint(index + 1);
  const seen = first?.quorumTime;
  const inTime = seen !== undefined && seen * 1000 <= promise.dueAt.getTime();
  return { outcome: inTime ? 'kept_in_time' : 'kept', promise, index, ...newest, ...(first && { checkpoint: first }) };
}

/** A whole quorum looked when the promise was due, or later: one witness with a clock ahead must not make a proof. */
function isDue({ dueAt }: EntryPromise, { quorumSince }: ExaminedCheckpoint): boolean {
  return quorumSince !== undefined && quorumSince * 1000 >= dueAt.getTime();
}

async function find(log: LogReader, promise: EntryPromise): Promise<number | undefined> {
  const blinded = promise.leafSha256 === blindedLeafHash(promise.commitment);
  const wanted = fromBase64(promise.commitment);
  const leafSha256 = fromBase64(promise.leafSha256);
  for await (const { index, data } of log.entries()) {
    const leaf = parseLeaf(data);
    if (blinded && leaf.blinded && equalBytes(wanted, leaf.commitment)) return index;
    if (!blinded && !leaf.blinded && equalBytes(leafSha256, sha256(data)))
      if (equalBytes(wanted, sha256(leaf.entryBytes))) return index;
  }
  return undefined;
}

const INTERVAL_LEAVES = 8;
const MAX_LOOKUPS = 32;

/** The last published checkpoint that does not hold the leaf, as far as the source can find it. */
async function lastBefore(
  log: LogReader,
  source: LogSource,
  index: number,
): Promise<{ readonly checkpoint: ExaminedCheckpoint; readonly note: string } | undefined> {
  const listed = (await source.checkpointSizes())?.filter((size) => size <= index);
  const newest = Math.floor(index / INTERVAL_LEAVES) * INTERVAL_LEAVES;
  const sizes =
    listed?.slice(-1) ??
    Array.from({ length: MAX_LOOKUPS }, (_, i) => newest - i * INTERVAL_LEAVES).filter((size) => size > 0);
  for (const size of sizes) {
    const note = await source.firstCheckpoint(size);
    const checkpoint = note === undefined ? undefined : examine(log, note);
    if (note === undefined || checkpoint === undefined || checkpoint.size > index) continue;
    // One that is no prefix of the log proves something else, and not this.
    const root = await log.rootAt(checkpoint.size);
    if (checkpoint.origin === log.checkpoint.origin && equalBytes(root, checkpoint.root)) return { checkpoint, note };
  }
  return undefined;
}

function examine({ policy, verify }: LogReader, note: string): ExaminedCheckpoint | undefined {
  try {
    return verifyCheckpoint(policy, note, verify);
  } catch {
    return undefined;
  }
}
