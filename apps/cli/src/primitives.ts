/** The primitives of node:crypto as the libraries take them: ten times as fast as JavaScript, the same results. */
import { createCipheriv, createDecipheriv, createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { uuidV7, type VerifyEd25519 } from '@segel/encoding';
import type { Primitives } from '@segel/sealing';

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const TAG_BYTES = 16;
const AEAD = 'chacha20-poly1305';

/** RFC 8032 as OpenSSL checks it: the acceptance rule of protocol section 2. Never throws. */
export const verifyWithNode: VerifyEd25519 = (publicKey, message, signature) => {
  if (publicKey.length !== 32) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
};

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
