/** Promises of the log's operator: read, and judged against the log (protocol section 7). A promise that was not kept is
 *  a proof against the operator that can be shown to anybody. */
import { fromBase64, openEnvelope, parseInstant, sha256, toBase64, type Envelope } from '@segel/encoding';
import { blindedLeaf, parseLeaf, verifyCheckpoint, type ExaminedCheckpoint, type Policy } from '@segel/tlog';
import type { LogReader } from '../log-reader.js';
import type { LogSource } from '../log-source.js';
import { verifyWithNode } from '../primitives.js';
import { CheckFailed } from '../problem.js';
import { promiseKeyOf } from '../tender-log.js';

/** What was promised: the entry of this commitment (base64; of a clear entry its hash) will be in the log. */
export type EntryPromise = {
  readonly logOrigin: string;
  readonly commitment: string;
  /** SHA-256 of the leaf's data, base64. */
  readonly leafSha256: string;
  readonly promisedAt: Date;
  /** When it is due: promised_at and the maximum merge delay. */
  readonly dueAt: Date;
};

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

/** The promise of an envelope, signed by this key (base64). Throws `promise_invalid` with the reason. */
export function readPromise(envelope: Envelope, key: string): EntryPromise {
  try {
    const { document, keys } = openEnvelope('promise', envelope, verifyWithNode);
    if (!keys.includes(key)) throw new Error('it is not signed by the promise key that the log names');
    const { v, log_origin, commitment, leaf_sha256, promised_at, mmd_s } = document;
    if (v !== 1 || typeof log_origin !== 'string' || typeof mmd_s !== 'number') throw new Error('a member is missing');
    if (fromBase64(commitment as string).length !== 32 || fromBase64(leaf_sha256 as string).length !== 32)
      throw new Error('a hash has not 32 bytes');
    const promisedAt = parseInstant(promised_at as string);
    return {
      logOrigin: log_origin,
      commitment: commitment as string,
      leafSha256: leaf_sha256 as string,
      promisedAt,
      dueAt: new Date(promisedAt.getTime() + mmd_s * 1000),
    };
  } catch (error) {
    throw new CheckFailed('promise_invalid', `The promise does not hold: ${(error as Error).message}.`);
  }
}

/** True when the promise is of the blinded entry of this commitment (base64), by both of its hashes: one that named
 *  another leaf would be kept by that one. */
export function isOfBlinded(promise: EntryPromise, commitment: string): boolean {
  return promise.commitment === commitment && promise.leafSha256 === leafOf(commitment);
}

const leafOf = (commitment: string): string => toBase64(sha256(blindedLeaf(fromBase64(commitment))));

/** Looks for the promised entry in the log and dates what it finds by the checkpoints of the source. Throws
 *  `promise_invalid` and `genesis_missing`. */
export async function judgePromise(log: LogReader, source: LogSource, envelope: Envelope): Promise<JudgedPromise> {
  const promise = readPromise(envelope, await promiseKeyOf(log));
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
  const blinded = promise.leafSha256 === leafOf(promise.commitment);
  const wanted = Buffer.from(fromBase64(promise.commitment));
  for await (const { index, data } of log.entries()) {
    const leaf = parseLeaf(data);
    if (blinded && leaf.blinded && wanted.equals(leaf.commitment)) return index;
    if (!blinded && !leaf.blinded && toBase64(sha256(data)) === promise.leafSha256)
      if (wanted.equals(sha256(leaf.entryBytes))) return index;
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
    const checkpoint = note === undefined ? undefined : examine(log.policy, note);
    if (note === undefined || checkpoint === undefined || checkpoint.size > index) continue;
    // One that is no prefix of the log proves something else, and not this.
    const root = Buffer.from(await log.rootAt(checkpoint.size));
    if (checkpoint.origin === log.checkpoint.origin && root.equals(checkpoint.root)) return { checkpoint, note };
  }
  return undefined;
}

function examine(policy: Policy, note: string): ExaminedCheckpoint | undefined {
  try {
    return verifyCheckpoint(policy, note, verifyWithNode);
  } catch {
    return undefined;
  }
}
