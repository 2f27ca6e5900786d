import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from './bytes.js';

/** The public key (32 bytes) of an Ed25519 secret seed (32 bytes). RFC 8032. */
export function ed25519PublicKey(secret: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(secret);
}

/** Ed25519 signature (64 bytes) of the message under the secret seed (32 bytes). RFC 8032 section 5.1.6. */
export function ed25519Sign(secret: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, secret);
}

const Point = ed25519.Point;
const ORDER = Point.Fn.ORDER;

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

const FIELD = Point.Fp.ORDER;

/** True when 32 bytes are the canonical encoding of a point's y and sign: y below the field's prime, and no sign
 *  where x is zero. OpenSSL does not ask this of public keys; who verifies with it must. */
export function isCanonicalKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const sign = publicKey[31]! >> 7;
  const y = littleEndian(publicKey) & ((1n << 255n) - 1n);
  return y < FIELD && !(sign === 1 && (y === 1n || y === FIELD - 1n));
}

const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** A canonical public key as SubjectPublicKeyInfo (RFC 8410), for programs that verify with OpenSSL or WebCrypto;
 *  undefined for a key that the one rule refuses. */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array | undefined {
  return isCanonicalKey(publicKey) ? concatBytes(SPKI_PREFIX, publicKey) : undefined;
}

/** One acceptance rule everywhere (protocol section 2): cofactorless, S < L, canonical encodings, as OpenSSL
 *  and Go do. The library's own check multiplies by the cofactor and so accepts signatures that others refuse;
 *  two verifiers that disagree about one signature would disagree about the log. Never throws. */
export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const a = Point.fromBytes(publicKey, false);
    const s = littleEndian(signature.subarray(32));
    if (s >= ORDER) return false;
    const r = signature.subarray(0, 32);
    const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % ORDER;
    const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
    return equalBytes(expected.toBytes(), r);
  } catch {
    return false;
  }
}
