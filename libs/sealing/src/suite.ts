/** The two suites: X-Wing (ML-KEM-768 with X25519) and X25519 alone, as C2SP age's native recipient types. */
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js';
import { concatBytes, toHex, utf8 } from '@segel/encoding';
import { bech32Decode, bech32Encode } from './bech32.js';
import { SealError } from './errors.js';
import { hpkeBaseKeys } from './hpke.js';
import { exactly, malformed } from './strict.js';

/** `pq1` is the default; `x1` is for openers whose tools have no post-quantum type. */
export type Suite = 'pq1' | 'x1';
export const SUITES: readonly Suite[] = ['pq1', 'x1'];

/** The key and nonce that wrap one file key. */
type WrapKeys = { readonly key: Uint8Array; readonly nonce: Uint8Array };

/** What the age writer and reader need to know of a suite. */
export type Scheme = {
  readonly stanzaType: string;
  readonly recipientPrefix: string;
  readonly identityPrefix: string;
  readonly recipientBytes: number;
  readonly ephemeralBytes: 32 | 64;
  readonly encapsulatedBytes: number;
  readonly publicKey: (secret: Uint8Array) => Uint8Array;
  /** Deterministic from the ephemeral bytes, so that a re-deal gives the same wrap. */
  readonly encapsulate: (
    recipient: Uint8Array,
    ephemeral: Uint8Array,
  ) => WrapKeys & { readonly encapsulated: Uint8Array };
  readonly decapsulate: (encapsulated: Uint8Array, secret: Uint8Array) => WrapKeys;
};

const HYBRID_KEM_ID = 0x647a;
const HYBRID_INFO = utf8('age-encryption.org/mlkem768x25519');
const X25519_INFO = utf8('age-encryption.org/v1/X25519');

const hybrid: Scheme = {
  stanzaType: 'mlkem768x25519',
  recipientPrefix: 'age1pq',
  identityPrefix: 'age-secret-key-pq-',
  recipientBytes: 1216,
  ephemeralBytes: 64,
  encapsulatedBytes: 1120,
  publicKey: (secret) => MLKEM768X25519.getPublicKey(secret),
  encapsulate(recipient, ephemeral) {
    // A copy, because the library clears the randomness it is given.
    const { cipherText, sharedSecret } = MLKEM768X25519.encapsulate(recipient, ephemeral.slice());
    return { encapsulated: cipherText, ...hpkeBaseKeys(HYBRID_KEM_ID, sharedSecret, HYBRID_INFO) };
  },
  decapsulate(encapsulated, secret) {
    return hpkeBaseKeys(HYBRID_KEM_ID, MLKEM768X25519.decapsulate(encapsulated, secret), HYBRID_INFO);
  },
};

function x25519WrapKeys(shared: Uint8Array, encapsulated: Uint8Array, recipient: Uint8Array): WrapKeys {
  const key = hkdf(sha256, shared, concatBytes(encapsulated, recipient), X25519_INFO, 32);
  return { key, nonce: new Uint8Array(12) };
}

const classical: Scheme = {
  stanzaType: 'X25519',
  recipientPrefix: 'age',
  identityPrefix: 'age-secret-key-',
  recipientBytes: 32,
  ephemeralBytes: 32,
  encapsulatedBytes: 32,
  publicKey: (secret) => x25519.getPublicKey(secret),
  encapsulate(recipient, ephemeral) {
    const encapsulated = x25519.getPublicKey(ephemeral);
    const shared = x25519.getSharedSecret(ephemeral, recipient);
    return { encapsulated, ...x25519WrapKeys(shared, encapsulated, recipient) };
  },
  decapsulate(encapsulated, secret) {
    const shared = x25519.getSharedSecret(secret, encapsulated);
    return x25519WrapKeys(shared, encapsulated, x25519.getPublicKey(secret));
  },
};

/** The scheme of a suite. */
export function schemeOf(suite: Suite): Scheme {
  return suite === 'pq1' ? hybrid : classical;
}

/** The age identity (`AGE-SECRET-KEY-…`) of 32 secret bytes. */
export function encodeIdentity(suite: Suite, secret: Uint8Array): string {
  return bech32Encode(schemeOf(suite).identityPrefix, exactly(secret, 32, 'identity')).toUpperCase();
}

/** The 32 secret bytes of an age identity of this suite. Throws `malformed` without quoting it. */
export function decodeIdentity(suite: Suite, identity: string): Uint8Array {
  if (identity !== identity.toUpperCase()) throw malformed('identity', 'is not upper case');
  return exactly(bech32Decode(schemeOf(suite).identityPrefix, identity.toLowerCase(), 'identity'), 32, 'identity');
}

/** The age recipient (`age1…` or `age1pq1…`) of 32 secret bytes. */
export function recipientOf(suite: Suite, secret: Uint8Array): string {
  const scheme = schemeOf(suite);
  return bech32Encode(scheme.recipientPrefix, scheme.publicKey(exactly(secret, 32, 'identity')));
}

/** The suite an age identity belongs to. Throws `malformed` for any other text. */
export function suiteOfIdentity(identity: string): Suite {
  if (identity.startsWith('AGE-SECRET-KEY-PQ-1')) return 'pq1';
  if (identity.startsWith('AGE-SECRET-KEY-1')) return 'x1';
  throw malformed('identity', 'is not an age identity');
}

/** The public key of a recipient of this suite that one can really encrypt to: right type and length, canonical
 *  numbers (else one key had two spellings and could sit in two openers' chairs), no small-order point. */
export function decodeRecipient(suite: Suite, recipient: string, path = 'recipient'): Uint8Array {
  const scheme = schemeOf(suite);
  const key = exactly(bech32Decode(scheme.recipientPrefix, recipient, path), scheme.recipientBytes, path);
  const point = key.subarray(key.length - 32);
  if (!isCanonicalPoint(point) || (suite === 'pq1' && !isCanonicalModuleKey(key.subarray(0, 1152)))) {
    throw malformed(path, 'is not a canonical public key');
  }
  if (SMALL_ORDER.has(toHex(point))) throw malformed(path, 'is a point of small order');
  return key;
}

/** Every canonical u-coordinate of a point of small order, on the curve and on its twist, little-endian
 *  (https://cr.yp.to/ecdh.html#validate). A list instead of a multiplication: a server looks at seven keys a bid. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Little-endian and below 2^255 − 19. */
function isCanonicalPoint(point: Uint8Array): boolean {
  if (point[31]! !== 0x7f) return point[31]! < 0x7f;
  return point.subarray(1, 31).some((byte) => byte !== 0xff) || point[0]! < 0xed;
}

/** FIPS 203 section 7.2: every 12-bit coefficient of an encapsulation key is below 3329. */
function isCanonicalModuleKey(coefficients: Uint8Array): boolean {
  for (let i = 0; i < coefficients.length; i += 3) {
    const [a, b, c] = [coefficients[i]!, coefficients[i + 1]!, coefficients[i + 2]!];
    if ((a | ((b & 0x0f) << 8)) >= 3329 || ((b >>> 4) | (c << 4)) >= 3329) return false;
  }
  return true;
}

/** Runs a decapsulation; every failure of the libraries below becomes one `undecryptable`. */
export function undecryptableOnFailure<T>(reason: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError('undecryptable', reason);
  }
}
