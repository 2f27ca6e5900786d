/** The readiness check: does an opener still hold the key, without the opener ever acting as a decryption oracle
 *  (protocol section 6). */
import { concatBytes, equalBytes, sha256, taggedHash, u8 } from '@segel/encoding';
import { decryptAge } from './age-reader.js';
import { encryptAge, type AgeRandomness } from './age-writer.js';
import { uuidBytes } from './context.js';
import { SealError } from './errors.js';
import { READINESS_PREFIX, SHARE_PREFIX } from './share.js';
import { exactly } from './strict.js';
import { decodeIdentity, decodeRecipient, type Suite } from './suite.js';

/** Whom a challenge is for. Ids are UUIDs. */
export type ReadinessSubject = { readonly tenderId: string; readonly openerId: string };

/** A challenge to send, and the answer that only the key's holder can give. `answerSha256` is what the log gets
 *  first: it fixes the expected answer without giving it away. */
export type ReadinessChallenge = {
  readonly wrap: Uint8Array;
  readonly answer: Uint8Array;
  readonly answerSha256: Uint8Array;
};

/** `TH("segel/ready/ctx/v1", tender_id[16], opener_id[16])`; ids as their 16 bytes, to be of fixed length. */
export function readinessContext({ tenderId, openerId }: ReadinessSubject): Uint8Array {
  return taggedHash('segel/ready/ctx/v1', uuidBytes(tenderId), uuidBytes(openerId));
}

/** A challenge to a recipient of the suite with 32 fresh bytes of nonce and fresh age randomness. */
export function makeReadinessChallenge(
  suite: Suite,
  recipient: string,
  subject: ReadinessSubject,
  nonce: Uint8Array,
  randomness: AgeRandomness,
): ReadinessChallenge {
  const context = readinessContext(subject);
  const plaintext = concatBytes(u8(READINESS_PREFIX), context, exactly(nonce, 32, 'nonce'));
  const answer = readinessAnswer(context, nonce);
  const wrap = encryptAge(suite, decodeRecipient(suite, recipient), randomness, plaintext);
  return { wrap, answer, answerSha256: sha256(answer) };
}

/** The opener's answer, 32 bytes: a hash, never plaintext. Throws `share_as_challenge` when the wrap holds a bid's
 *  share (raise the alarm), `context_mismatch` when it is for another tender or opener, `undecryptable` otherwise. */
export function answerReadiness(
  suite: Suite,
  identity: string,
  subject: ReadinessSubject,
  wrap: Uint8Array,
): Uint8Array {
  const plaintext = decryptAge(suite, decodeIdentity(suite, identity), wrap);
  if (plaintext[0] === SHARE_PREFIX) throw new SealError('share_as_challenge', 'the challenge is a share of a bid');
  if (plaintext.length !== 1 + 32 + 32 || plaintext[0] !== READINESS_PREFIX) {
    throw new SealError('undecryptable', 'the wrap holds no readiness challenge');
  }
  const context = readinessContext(subject);
  if (!equalBytes(plaintext.subarray(1, 33), context)) {
    throw new SealError('context_mismatch', 'the challenge is for another tender or opener');
  }
  return readinessAnswer(context, plaintext.subarray(33));
}

/** True when the answer is the one whose hash was logged. */
export function isReadinessAnswer(answer: Uint8Array, answerSha256: Uint8Array): boolean {
  return equalBytes(sha256(answer), answerSha256);
}

function readinessAnswer(context: Uint8Array, nonce: Uint8Array): Uint8Array {
  return taggedHash('segel/ready/v1', context, nonce);
}
