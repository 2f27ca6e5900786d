/** Sealing in the browser under a kit: written to disk or memory, opened again whole, and only then kept. Nothing here
 *  knows a network: the bid page and the offline kit run the same code. */
import {
  bidEntry,
  check,
  CheckFailed,
  contextOf,
  demandFits,
  offerFile,
  publicKeyOf,
  rulesOf,
  signBidEntry,
  type KeyRing,
  type SealingKit,
} from '@segel/acts';
import { equalBytes, formatInstant, toBase64 } from '@segel/encoding';
import {
  contextHash,
  drawSealRandomness,
  encryptSeedWithPassphrase,
  openBid,
  parseContext,
  sealBid,
  signManifest,
  type FileSource,
  type SealContext,
  type SealingClient,
  type SealResult,
} from '@segel/sealing';
import type { Desk } from './desk.js';
import type { OfferedBid, Place } from './messages.js';
import { newId, random } from './primitives.js';
import { piecesOf, type SealedFile } from './sealed-file.js';
import type { KeptBid, Shelf } from './shelf.js';

/** What sealing needs of the worker. */
export type SealingDesk = Pick<Desk, 'primitives' | 'tell'> & { readonly shelf: Pick<Shelf, 'begin' | 'remove'> };

/** By what a bid is sealed. */
export type Under = { readonly kit: SealingKit; readonly keys: KeyRing; readonly client: SealingClient };

/** A sealed bid as the vendor's own program knows it; what the log says of promises is added before it is sent. */
export type JustSealed = Omit<KeptBid, 'promiseKey' | 'seedFile'> & { readonly seedFile: string };

/** Seals a bid and gives it to `keep` with its sealed file. Throws `unknown_lot`, `bid_too_large`, `no_space`,
 *  `self_test_failed`. Whatever it or `keep` throws, nothing of the bid stays. */
export async function sealUnder<T>(
  desk: SealingDesk,
  { kit, keys, client }: Under,
  offered: OfferedBid & { readonly bidId: string },
  keep: (bid: JustSealed, file: SealedFile) => Promise<T>,
): Promise<T> {
  const { primitives, shelf, tell } = desk;
  const rules = rulesOf(kit);
  const context = parseContext(contextOf(kit, subjectOf(offered, keys)), rules);
  const randomness = drawSealRandomness(context.suite, random);
  const seedFile = await keptSeed(context, randomness.seed, offered.passphrase);
  const files = [offerFile(offered.offer, context), ...(await describe(desk, offered))];
  const sealedAt = formatInstant(new Date());
  const sealing = await sealBid({ context, files, randomness, client, sealedAt, rules, primitives });
  demandFits(kit, sealing.size);
  const place: Place = { tenderId: kit.tenderId, bidId: offered.bidId };
  const file = await shelf.begin(place, sealing.size);
  if (file.kept === 'memory') tell.warning('kept_in_memory');
  try {
    await file.write(sealing.ciphertext, (done) => tell.progress('sealing', done, sealing.size)).catch(outOfSpace);
    const sealed = sealing.finish();
    await selfTest(desk, file, sealed, randomness.seed);
    const entry = (precommit: boolean): ReturnType<typeof bidEntry> =>
      bidEntry(sealed.manifest, sealed.manifestSha256, precommit);
    const bid: JustSealed = {
      v: 1,
      ...place,
      lotId: context.lot_id,
      vendorId: context.vendor_id,
      manifestSha256: toBase64(sealed.manifestSha256),
      sealedAt,
      size: sealing.size,
      manifest: signManifest(sealed.manifest, keys.signingSecret),
      bodySig: signBidEntry(entry(false), keys),
      ...(kit.precommit === undefined ? {} : { committingSig: signBidEntry(entry(true), keys) }),
      seedFile: toBase64(seedFile),
      ...(kit.rulePackId === undefined ? {} : { rulePackId: kit.rulePackId }),
    };
    return await keep(bid, file);
  } catch (error) {
    await shelf.remove(place);
    throw error;
  }
}

function subjectOf(
  { lotId, envelope = 'single', vendorId, replaces, offerId, bidId }: OfferedBid & { readonly bidId: string },
  keys: KeyRing,
): Parameters<typeof contextOf>[1] {
  return { lotId, envelope, vendorId, vendorKey: publicKeyOf(keys), offerId: offerId ?? newId(), bidId, replaces };
}

function keptSeed(context: SealContext, seed: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { tender_id: tenderId, bid_id: bidId } = context;
  return encryptSeedWithPassphrase({ tenderId, bidId, ctx: contextHash(context), seed }, passphrase, { random });
}

/** The user's files with their hashes. */
async function describe({ primitives, tell }: SealingDesk, { files }: OfferedBid): Promise<readonly FileSource[]> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const described: FileSource[] = [];
  let before = 0;
  for (const { path, file } of files) {
    const hash = primitives.sha256();
    for await (const piece of piecesOf(file, (done) => tell.progress('reading', before + done, total)))
      hash.update(piece);
    before += file.size;
    described.push({ path, size: file.size, sha256: toBase64(hash.digest()), open: () => piecesOf(file) });
  }
  return described;
}

/** Opens what lies on the disk with the dealt seed, the whole of it, as the openers will: every share and wrap dealt
 *  again, every byte decrypted, every file's hash compared. A disk that lies is found out now. */
async function selfTest(
  { primitives, tell }: SealingDesk,
  file: SealedFile,
  sealed: SealResult,
  seed: Uint8Array,
): Promise<void> {
  const { manifest } = sealed;
  const blob = await file.blob();
  const opened = await openBid({
    manifest,
    key: { seed },
    ciphertext: piecesOf(blob, (done) => tell.progress('testing', done, blob.size)),
    onFile: async () => undefined,
    primitives,
  });
  const same = opened.outcome === 'opened' && equalBytes(opened.plaintextRoot, sealed.plaintextRoot);
  const sentence = `The sealed file could not be opened again (${opened.outcome}). Nothing was sent.`;
  check(same, 'self_test_failed', sentence);
}

function outOfSpace(error: unknown): never {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  if (!full) throw error;
  throw new CheckFailed('no_space', 'There is no room on this device for the sealed file.', {}, { cause: error });
}
