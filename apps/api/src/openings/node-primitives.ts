/** The sealing primitives of OpenSSL: the same bytes as noble's, some ten times faster. */
import type { Primitives } from '@segel/sealing';
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

const CIPHER = 'chacha20-poly1305';
const TAG_BYTES = 16;

export const nodePrimitives: Primitives = {
  aead: {
    seal: (key, nonce, plaintext) => {
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open: (key, nonce, ciphertext) => {
      const end = ciphertext.length - TAG_BYTES;
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(ciphertext.subarray(end));
      return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
    },
  },
  sha256: () => createHash('sha256'),
};
