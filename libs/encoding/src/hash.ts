import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8, u8 } from './bytes.js';

/** SHA-256, 32 bytes (FIPS 180-4). */
export function sha256(data: Uint8Array): Uint8Array {
  return nobleSha256(data);
}

/** How a program computes SHA-256 of one byte string (32 bytes, fresh each time); node:crypto may be passed where
 *  millions of hashes are needed. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

const TAG = /^segel\/[a-z0-9/_-]+\/v1$/;

/** `TH(tag, x…) = SHA-256(utf8(tag) ‖ 0x00 ‖ x…)`; every part but the last must be of fixed length
 *  (protocol section 2). Throws on a tag that is not `segel/…/v1`. */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return taggedHashWith(sha256, tag, ...parts);
}

/** {@link taggedHash} by a program's own SHA-256. */
export function taggedHashWith(hash: Sha256, tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  if (!TAG.test(tag)) throw new Error(`hash tag ${JSON.stringify(tag)} is not of the form segel/…/v1`);
  return hash(concatBytes(utf8(tag), u8(0), ...parts));
}
