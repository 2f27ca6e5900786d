/** The primitives of node:crypto as the libraries take them: ten times as fast as JavaScript, the same results. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  hash,
  randomBytes,
  verify,
  type KeyObject,
} from 'node:crypto';
import { ed25519Spki, uuidV7, type Sha256, type VerifyEd25519 } from '@segel/encoding';
import type { Primitives } from '@segel/sealing';

const TAG_BYTES = 16;
const AEAD = 'chacha20-poly1305';

/** RFC 8032 as OpenSSL checks it: the acceptance rule of protocol section 2. Never throws. */
export const verifyWithNode: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    const key = keyObject(publicKey);
    return key !== undefined && verify(null, message, key, signature);
  } catch {
    return false;
  }
};

/** Keys met lately: witnesses and officials sign again and again, and reading a key costs as much as using it. */
const keyObjects = new Map<string, KeyObject>();
const KEPT_KEYS = 256;

/** The key as OpenSSL takes it; undefined for one that is not in canonical form, which OpenSSL alone would accept. */
function keyObject(publicKey: Uint8Array): KeyObject | undefined {
  const name = Buffer.from(publicKey).toString('latin1');
  const known = keyObjects.get(name);
  if (known !== undefined) return known;
  const spki = ed25519Spki(publicKey);
  if (spki === undefined) return undefined;
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  if (keyObjects.size >= KEPT_KEYS) keyObjects.clear();
  keyObjects.set(name, key);
  return key;
}

/** SHA-256 of short byte strings by the million. As text and back: cheaper in Node than a buffer of its own for each. */
export const sha256WithNode: Sha256 = (data) => Buffer.from(hash('sha256', data, 'binary'), 'binary');

/** ChaCha20-Poly1305 and SHA-256 for sealing and opening. */
export const nodePrimitives: Primitives = {
  aead: {
    seal(key, nonce, plaintext) {
      const cipher = createCipheriv(AEAD, key, nonce, { authTagLength: TAG_BYTES });
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(key, nonce, ciphertext) {
      const end = ciphertext.length - TAG_BYTES;
      const decipher = createDecipheriv(AEAD, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(ciphertext.subarray(end));
      return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
    },
  },
  sha256: () => createHash('sha256'),
};

/** So many bytes of the system's generator. */
export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** A fresh UUIDv7. */
export const newId = (): string => uuidV7(Date.now(), random(10));
