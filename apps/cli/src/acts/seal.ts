/** Sealing a bid into a folder with constant memory: the ciphertext, the signed manifest, and the vendor's own way
 *  back in. Nothing is sent. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  check,
  CheckFailed,
  contextOf,
  demandFits,
  offerFile,
  publicKeyOf,
  rulesOf,
  type BidSubject,
  type KeyRing,
  type OfferDraft,
  type Progress,
  type SealingKit,
} from '@segel/acts';
import { canonicalBytes, equalBytes, formatInstant, toBase64, type Envelope as DsseEnvelope } from '@segel/encoding';
import {
  contextHash,
  decodeIdentity,
  decryptAgeStream,
  drawSealRandomness,
  encryptSeedWithPassphrase,
  parseContext,
  sealBid as beginSealing,
  signManifest,
  type Envelope,
  type FileSource,
  type Manifest,
  type SealContext,
  type Sealing,
} from '@segel/sealing';
import { writePrivately } from '../home.js';
import { newId, nodePrimitives, random } from '../primitives.js';
import { clientIdentity } from '../version.js';

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
  const context = contextOf(kit, subjectOf(request));
  const rules = rulesOf(kit);
  const offer = offerFile(request.offer, context);
  const sealing = await beginSealing({
    context: parseContext(context, rules),
    files: [offer, ...request.files],
    randomness: await keptRandomness(request, context),
    client: clientIdentity(),
    sealedAt: formatInstant(request.now ?? new Date()),
    rules,
    primitives: nodePrimitives,
  });
  demandFits(kit, sealing.size);
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

function subjectOf({ lotId, envelope = 'single', vendorId, keys, replaces, offerId }: SealRequest): BidSubject {
  const ids = { offerId: offerId ?? newId(), bidId: newId() };
  return { lotId, envelope, vendorId, vendorKey: publicKeyOf(keys), ...ids, replaces };
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
  const file = await encryptSeedWithPassphrase(kept, passphrase, { random, workFactor });
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
