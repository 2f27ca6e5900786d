/** Keeping S: the vendor's own way back in (protocol section 3). */
import { canonicalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { canonicalDocument } from './context.js';
import { SEED_BYTES } from './deal.js';
import { decryptWithPassphrase, encryptWithPassphrase, type PassphraseOptions } from './passphrase-file.js';
import { base64Of, exactly, members, uuid, version1 } from './strict.js';

/** A seed with the bid it belongs to. */
export type KeptSeed = {
  readonly tenderId: string;
  readonly bidId: string;
  readonly ctx: Uint8Array;
  readonly seed: Uint8Array;
};

/** The age file (binary) of a seed under the vendor's passphrase. */
export async function encryptSeedWithPassphrase(
  kept: KeptSeed,
  passphrase: string,
  options: PassphraseOptions,
): Promise<Uint8Array> {
  return encryptWithPassphrase(encodeSeed(kept), passphrase, options);
}

/** The seed of a passphrase file. Throws `undecryptable`. */
export async function decryptSeedWithPassphrase(file: Uint8Array, passphrase: string): Promise<KeptSeed> {
  return parseSeed(await decryptWithPassphrase(file, passphrase));
}

/** A seed as it stands in both kinds of file. */
export function encodeSeed({ tenderId, bidId, ctx, seed }: KeptSeed): Uint8Array {
  return canonicalBytes({
    v: 1,
    tender_id: tenderId,
    bid_id: bidId,
    ctx: toBase64(exactly(ctx, 32, 'ctx')),
    seed: toBase64(exactly(seed, SEED_BYTES, 'seed')),
  });
}

/** The seed of a document. Throws `malformed`. */
export function parseSeed(plaintext: Uint8Array): KeptSeed {
  const fields = members(canonicalDocument(plaintext, 'seed'), 'seed', ['v', 'tender_id', 'bid_id', 'ctx', 'seed']);
  version1(fields.v, 'seed.v');
  return {
    tenderId: uuid(fields.tender_id, 'seed.tender_id'),
    bidId: uuid(fields.bid_id, 'seed.bid_id'),
    ctx: fromBase64(base64Of(fields.ctx, 'seed.ctx', 32)),
    seed: fromBase64(base64Of(fields.seed, 'seed.seed', SEED_BYTES)),
  };
}
