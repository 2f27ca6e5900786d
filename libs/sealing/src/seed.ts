/** Keeping S: the vendor's own way back in, and the auditors' escrow after the opening (protocol sections 3 and 6).
 *  Both are ordinary age files of age-encryption, which draws its randomness itself. */
import { canonicalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { Decrypter, Encrypter } from 'age-encryption';
import { canonicalDocument } from './context.js';
import { SEED_BYTES } from './deal.js';
import { SealError } from './errors.js';
import { decryptWithPassphrase, encryptWithPassphrase } from './passphrase-file.js';
import { base64Of, exactly, members, uuid, version1 } from './strict.js';

/** A seed with the bid it belongs to. */
export type KeptSeed = {
  readonly tenderId: string;
  readonly bidId: string;
  readonly ctx: Uint8Array;
  readonly seed: Uint8Array;
};

/** The age file (binary) of a seed under the vendor's passphrase. `workFactor` is log2 of scrypt's N; the default 18
 *  takes about a second. */
export async function encryptSeedWithPassphrase(
  kept: KeptSeed,
  passphrase: string,
  workFactor?: number,
): Promise<Uint8Array> {
  return encryptWithPassphrase(encodeSeed(kept), passphrase, workFactor);
}

/** The seed of a passphrase file. Throws `undecryptable`. */
export async function decryptSeedWithPassphrase(file: Uint8Array, passphrase: string): Promise<KeptSeed> {
  return parseSeed(await decryptWithPassphrase(file, passphrase));
}

/** The age file (binary) of a seed to the auditors' recipients. */
export async function escrowSeed(kept: KeptSeed, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(encodeSeed(kept));
}

/** The seed of an escrow file with one auditor's age identity. Throws `undecryptable`. */
export async function openEscrow(file: Uint8Array, identity: string): Promise<KeptSeed> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let plaintext: Uint8Array;
  try {
    plaintext = await decrypter.decrypt(file);
  } catch {
    throw new SealError('undecryptable', 'the key does not open this file');
  }
  return parseSeed(plaintext);
}

function encodeSeed({ tenderId, bidId, ctx, seed }: KeptSeed): Uint8Array {
  return canonicalBytes({
    v: 1,
    tender_id: tenderId,
    bid_id: bidId,
    ctx: toBase64(exactly(ctx, 32, 'ctx')),
    seed: toBase64(exactly(seed, SEED_BYTES, 'seed')),
  });
}

function parseSeed(plaintext: Uint8Array): KeptSeed {
  const fields = members(canonicalDocument(plaintext, 'seed'), 'seed', ['v', 'tender_id', 'bid_id', 'ctx', 'seed']);
  version1(fields.v, 'seed.v');
  return {
    tenderId: uuid(fields.tender_id, 'seed.tender_id'),
    bidId: uuid(fields.bid_id, 'seed.bid_id'),
    ctx: fromBase64(base64Of(fields.ctx, 'seed.ctx', 32)),
    seed: fromBase64(base64Of(fields.seed, 'seed.seed', SEED_BYTES)),
  };
}
