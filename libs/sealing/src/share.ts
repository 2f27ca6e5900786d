/** A share's bytes `y[32] ‖ x`, its commitment and the plaintext of its wrap (protocol sections 3.3 to 3.5). */
import { concatBytes, equalBytes, taggedHash, u8 } from '@segel/encoding';
import { SealError } from './errors.js';
import type { Point } from './shamir.js';
import { exactly, malformed } from './strict.js';

export const SHARE_BYTES = 33;

/** First byte of a wrap's plaintext: a share or a readiness challenge, never confused. */
export const SHARE_PREFIX = 0x01;
export const READINESS_PREFIX = 0x02;

/** `y ‖ x`. */
export function encodeShare(point: Point): Uint8Array {
  return concatBytes(exactly(point.y, 32, 'share'), u8(point.x));
}

/** The point of a share that claims to be of chair x. Throws `commitment_mismatch` when its last byte is not x. */
export function decodeShare(share: Uint8Array, x: number): Point {
  if (share.length !== SHARE_BYTES) throw malformed('share', `is not ${SHARE_BYTES} bytes`);
  if (share[32] !== x) throw new SealError('commitment_mismatch', 'the share is of another chair');
  return { x, y: share.slice(0, 32) };
}

/** `TH("segel/seal/share/v1", ctx, u8(g), share)`. */
export function shareCommitment(ctx: Uint8Array, group: number, share: Uint8Array): Uint8Array {
  return taggedHash('segel/seal/share/v1', exactly(ctx, 32, 'ctx'), u8(group), share);
}

/** `0x01 ‖ ctx ‖ share`. */
export function wrapPlaintext(ctx: Uint8Array, share: Uint8Array): Uint8Array {
  return concatBytes(u8(SHARE_PREFIX), exactly(ctx, 32, 'ctx'), exactly(share, SHARE_BYTES, 'share'));
}

/** The share in a wrap's plaintext. Throws `undecryptable` when it is no share, `context_mismatch` when it was dealt
 *  for another bid: an opener who released that would help open something else. */
export function parseWrapPlaintext(plaintext: Uint8Array, ctx: Uint8Array): Uint8Array {
  if (plaintext.length !== 1 + 32 + SHARE_BYTES || plaintext[0] !== SHARE_PREFIX) {
    throw new SealError('undecryptable', 'the wrap holds no share');
  }
  if (!equalBytes(plaintext.subarray(1, 33), ctx)) {
    throw new SealError('context_mismatch', 'the wrap holds a share of another bid');
  }
  return plaintext.slice(33);
}
