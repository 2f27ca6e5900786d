/** Promises of the log's operator (protocol section 7): evidence while there is no receipt. */
import {
  fromBase64,
  openEnvelope,
  parseInstant,
  sha256,
  toBase64,
  type Envelope,
  type VerifyEd25519,
} from '@segel/encoding';
import { blindedLeaf, type Policy } from '@segel/tlog';
import { check, CheckFailed } from './failure.js';

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

/** The promise of an envelope, signed by this key (base64). Throws `promise_invalid` with the reason. */
export function readPromise(envelope: Envelope, key: string, verify?: VerifyEd25519): EntryPromise {
  try {
    const { document, keys } = openEnvelope('promise', envelope, verify);
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
  return promise.commitment === commitment && promise.leafSha256 === blindedLeafHash(commitment);
}

/** SHA-256 (base64) of the leaf data of a blinded entry's commitment (base64). */
export const blindedLeafHash = (commitment: string): string => toBase64(sha256(blindedLeaf(fromBase64(commitment))));

/** The promise must be of this log and commitment and its signature must hold, else it proves nothing later. Throws
 *  `promise_invalid`. */
export function checkPromise(
  envelope: Envelope,
  commitment: string,
  log: { readonly policy: Policy; readonly promiseKey: string },
  verify?: VerifyEd25519,
): void {
  const promise = readPromise(envelope, log.promiseKey, verify);
  const known = log.policy.logs.some(({ key }) => key.name === promise.logOrigin);
  check(
    known && isOfBlinded(promise, commitment),
    'promise_invalid',
    'The promise is of another log or entry; ask the server what became of the bid.',
  );
}
