import { describe, expect, it } from '@jest/globals';
import { ed25519PublicKey, ed25519Sign, utf8 } from '@segel/encoding';
import { randomBytes } from 'node:crypto';
import { signingKey, verifyEd25519 } from './ed25519.js';

describe('Ed25519 by OpenSSL', () => {
  it('signs what the one library of all programs signs', () => {
    for (let i = 0; i < 20; i++) {
      const seed = new Uint8Array(randomBytes(32));
      const message = new Uint8Array(randomBytes(i * 7));
      const key = signingKey(seed);
      expect(key.publicKey).toEqual(ed25519PublicKey(seed));
      expect(new Uint8Array(key.sign(message))).toEqual(ed25519Sign(seed, message));
    }
  });

  it('answers the same when it has read a key before, and of more keys than it remembers', () => {
    const message = utf8('a bid');
    const first = signingKey(new Uint8Array(randomBytes(32)));
    const signature = first.sign(message);
    const wrong = Uint8Array.from(signature, (byte, i) => (i === 40 ? byte ^ 1 : byte));
    const holds = (): boolean[] => [signature, wrong].map((one) => verifyEd25519(first.publicKey, message, one));
    expect([holds(), holds()]).toEqual([
      [true, false],
      [true, false],
    ]);
    for (let i = 0; i < 1100; i++) {
      const { publicKey } = signingKey(new Uint8Array(randomBytes(32)));
      expect(verifyEd25519(publicKey, message, signature)).toBe(false);
    }
    expect(holds()).toEqual([true, false]);
    const notCanonical = new Uint8Array(32).fill(255);
    expect([verifyEd25519(notCanonical, message, signature), verifyEd25519(notCanonical, message, signature)]).toEqual([
      false,
      false,
    ]);
  });
});
