/** The witness's seed file, and Ed25519 as node:crypto verifies it (the acceptance rule of protocol section 2). */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ed25519Spki, fromHex, toHex, type VerifyEd25519 } from '@segel/encoding';
import { createOnce } from './folder.js';

const SEED_BYTES = 32;
/** Verifies with node:crypto; never throws. */
export const verifyWithNode: VerifyEd25519 = (publicKey, message, signature) => {
  const spki = ed25519Spki(publicKey);
  if (spki === undefined) return false;
  try {
    return verify(null, message, createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
};

/** The 32-byte seed of a key file (64 hex digits); made, readable by its owner only, when there is none. */
export function loadSeed(path: string): Uint8Array {
  if (!existsSync(path)) createOnce(path, `${toHex(randomBytes(SEED_BYTES))}\n`);
  const seed = fromHex(readFileSync(path, 'utf8').trim());
  if (seed.length !== SEED_BYTES) throw new Error(`${path} does not hold a seed of 64 hex digits`);
  return seed;
}
