/** The primitives whose speed matters, as arguments: noble here, node:crypto where a program passes it. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** ChaCha20-Poly1305 (RFC 8439) with key 32, nonce 12, no additional data; ciphertext is followed by its 16-byte tag. */
export type Aead = {
  readonly seal: (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array;
  /** Throws when the tag does not hold. */
  readonly open: (key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array) => Uint8Array;
};

/** A running SHA-256; `createHash('sha256')` of node:crypto fits. */
export type RunningHash = {
  readonly update: (data: Uint8Array) => unknown;
  readonly digest: () => Uint8Array;
};

export type Primitives = {
  readonly aead: Aead;
  readonly sha256: () => RunningHash;
};

/** Pure JavaScript, the same in a browser and everywhere else. */
export const noblePrimitives: Primitives = {
  aead: {
    seal: (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext),
    open: (key, nonce, ciphertext) => chacha20poly1305(key, nonce).decrypt(ciphertext),
  },
  sha256: () => sha256.create(),
};
