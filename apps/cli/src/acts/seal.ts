/** Sealing a bid into a folder with constant memory: the ciphertext, the signed manifest, and the vendor's own way
 *  back in. Nothing is sent. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  canonicalBytes,
  equalBytes,
  formatInstant,
  sha256,
  toBase64,
  toDocument,
  type Envelope as DsseEnvelope,
} from '@segel/encoding';
import { parseOffer, rulePack, type Offer } from '@segel/procurement';
import {
  contextHash,
  decodeIdentity,
  decryptAgeStream,
  drawSealRandomness,
  encryptSeedWithPassphrase,
  fileOf,
  parseContext,
  PRICE_FORM_PATH,
  sealBid as beginSealing,
  signManifest,
  type ContextRules,
  type Envelope,
  type FileSource,
  type Manifest,
  type SealContext,
  type Sealing,
} from '@segel/sealing';
import { writePrivately } from '../home.js';
import { publicKeyOf, type KeyRing } from '../keys/key-ring.js';
import type { Progress } from '../progress.js';
import { newId, nodePrimitives, random } from '../primitives.js';
import { check, CheckFailed } from '../problem.js';
import { clientIdentity } from '../version.js';
import type { SealingKit } from './kit.js';

/** The price form without the ids, which the sealing fills in. */
export type OfferDraft = Omit<Offer, 'v' | 'tenderId' | 'lotId' | 'bidId'>;

export type SealRequest = {
  /** Checked with checkKit. */
  readonly kit: SealingKit;
  readonly lotId: string;
  readonly envelope?: Envelope;
  readonly vendorId: string;
  readonly keys: KeyRing;
  readonly offer: OfferDraft;
  /** The other files of the bid; paths as they stand in the offer. */
  readonly files: readonly FileSource[];
  readonly outDir: string;
  /** For the file with the seed. */
  readonly passphrase: string;
  /** The bid that this one replaces. */
  readonly replaces?: string | undefined;
  /** Joins the envelopes of one offer; fresh unless given. */
  readonly offerId?: string | undefined;
  readonly onProgress?: Progress;
  /** log2 of scrypt's N for the seed file. */
  readonly workFactor?: number;
  readonly now?: Date;
};

/** Where a sealed bid lies. */
export type SealedBid = {
  readonly bidId: string;
  readonly sealedFile: string;
  readonly manifestFile: string;
  readonly seedFile: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly envelope: DsseEnvelope;
  readonly partHashes: readonly Uint8Array[];
};

/** A file on disk as part of a bid. */
export async function fileSource(path: string, onDisk: string): Promise<FileSource> {
  const { size } = await stat(onDisk);
  return { path, size, open: () => createReadStream(onDisk) };
}

/** Seals into `<outDir>/<bid id>.sealed`, `.manifest.json` and `.seed.age`, and opens the beginning again before it
 *  says that it worked. Throws CheckFailed `unknown_lot`, `bid_too_large`, `self_test_failed`, and the errors of
 *  libs/sealing. */
export async function sealBid(request: SealRequest): Promise<SealedBid> {
  const { kit, keys, outDir, onProgress = () => undefined } = request;
  const context = contextOf(request);
  const rules = rulesOf(kit);
  const offer = offerFile(request, context);
  const sealing = await beginSealing({
    context: parseContext(context, rules),
    files: [offer, ...request.files],
    randomness: await keptRandomness(request, context),
    client: clientIdentity(),
    sealedAt: formatInstant(request.now ?? new Date()),
    rules,
    primitives: nodePrimitives,
  });
  check(
    sealing.size <= kit.maxBidBytes,
    'bid_too_large',
    `The sealed bid has ${sealing.size} bytes; the tender takes ${kit.maxBidBytes}.`,
  );
  const path = (ending: string): string => join(outDir, `${context.bid_id}${ending}`);
  await mkdir(outDir, { recursive: true });
  await writeCiphertext(sealing, path('.sealed'), onProgress);
  const { manifest, manifestSha256, partHashes } = sealing.finish();
  await openBeginning(sealing, path('.sealed'));
  const envelope = signManifest(manifest, keys.signingSecret);
  await writePrivately(path('.manifest.json'), `${JSON.stringify(envelope)}\n`);
  return {
    bidId: context.bid_id,
    sealedFile: path('.sealed'),
    manifestFile: path('.manifest.json'),
    seedFile: path('.seed.age'),
    manifest,
    manifestSha256: toBase64(manifestSha256),
    envelope,
    partHashes,
  };
}

/** Only a demonstration's rule pack lets a group need all of its openers. */
export function rulesOf({ rulePackId }: { readonly rulePackId?: string | undefined }): ContextRules {
  try {
    return { demonstration: rulePackId !== undefined && rulePack(rulePackId).demonstration };
  } catch {
    return {};
  }
}

function contextOf({ kit, lotId, envelope = 'single', vendorId, keys, replaces, offerId }: SealRequest): SealContext {
  const lot = kit.lots.find(({ id }) => id === lotId);
  check(lot?.envelopes.includes(envelope), 'unknown_lot', `The tender has no ${envelope} envelope for lot ${lotId}.`);
  return {
    v: 1,
    suite: kit.suite,
    log_origin: kit.logOrigin,
    tender_id: kit.tenderId,
    notice_sha256: kit.noticeSha256,
    lot_id: lotId,
    envelope,
    vendor_id: vendorId,
    vendor_key: publicKeyOf(keys),
    offer_id: offerId ?? newId(),
    bid_id: newId(),
    ...(replaces === undefined ? {} : { replaces }),
    groups: kit.groups.map(({ name, k, openers }) => ({
      name,
      k,
      openers: openers.map(({ openerId, recipient }) => ({ opener_id: openerId, recipient })),
    })),
  };
}

function offerFile({ offer }: SealRequest, context: SealContext): FileSource {
  const whole = { v: 1, tenderId: context.tender_id, lotId: context.lot_id, bidId: context.bid_id, ...offer } as const;
  const document = toDocument(whole);
  parseOffer(document);
  const bytes = canonicalBytes(document);
  return { ...fileOf(PRICE_FORM_PATH, bytes), sha256: toBase64(sha256(bytes)) };
}

/** Fresh randomness, its seed on disk before anything is sealed with it: no bid without its way back in. */
async function keptRandomness(
  { outDir, passphrase, workFactor }: SealRequest,
  context: SealContext,
): Promise<ReturnType<typeof drawSealRandomness>> {
  const randomness = drawSealRandomness(context.suite, random);
  const kept = {
    tenderId: context.tender_id,
    bidId: context.bid_id,
    ctx: contextHash(context),
    seed: randomness.seed,
  };
  await mkdir(outDir, { recursive: true });
  const file = await encryptSeedWithPassphrase(kept, passphrase, workFactor);
  await writePrivately(join(outDir, `${context.bid_id}.seed.age`), file);
  return randomness;
}

async function writeCiphertext(sealing: Sealing, path: string, onProgress: Progress): Promise<void> {
  async function* counted(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for await (const piece of sealing.ciphertext) {
      done += piece.length;
      onProgress(done, sealing.size, 'Sealing');
      yield piece;
    }
  }
  await pipeline(
    Readable.from(counted(), { objectMode: false }),
    createWriteStream(`${path}.tmp`, { mode: 0o600, flush: true }),
  );
  await rename(`${path}.tmp`, path);
}

/** Decrypts the first chunk of the file with the dealt identity: a key that does not fit shows now, not at the
 *  opening. */
async function openBeginning(sealing: Sealing, path: string): Promise<void> {
  const { suite } = sealing.sealJson.context;
  const identity = decodeIdentity(suite, sealing.dealing.identity);
  const expected = canonicalBytes(sealing.sealJson);
  const header = 512;
  try {
    const { size } = await stat(path);
    check(size === sealing.size, 'self_test_failed', 'the file has another length');
    for await (const chunk of decryptAgeStream(suite, identity, createReadStream(path), nodePrimitives.aead)) {
      const found = chunk.subarray(header, header + expected.length);
      check(equalBytes(found, expected.subarray(0, found.length)), 'self_test_failed', 'it begins with something else');
      return;
    }
  } catch (error) {
    throw new CheckFailed(
      'self_test_failed',
      `The sealed file could not be opened again: ${(error as Error).message}.`,
      {},
      { cause: error },
    );
  }
}

/** A sealed bid in its folder, as sealBid left it. */
export async function readSealedBid(
  manifestFile: string,
): Promise<{ readonly envelope: DsseEnvelope; readonly sealedFile: string; readonly base: string }> {
  const base = manifestFile.replace(/\.(manifest\.json|sealed|seed\.age)$/, '');
  const envelope = JSON.parse(await readFile(`${base}.manifest.json`, 'utf8')) as DsseEnvelope;
  return { envelope, sealedFile: `${base}.sealed`, base };
}
