/** Sealing in the browser: checked against the log, written to disk, opened again whole, and only then kept to be sent. */
import {
  bidEntry,
  check,
  CheckFailed,
  checkKit,
  contextOf,
  decryptKeyRing,
  demandFits,
  fetchKit,
  httpLogSource,
  isOldLog,
  offerFile,
  promiseKeyOf,
  publicKeyOf,
  readLog,
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
  type SealResult,
} from '@segel/sealing';
import { parsePolicy } from '@segel/tlog';
import { demandContinued } from './known-log.js';
import { ownIdentity } from './client-identity.js';
import type { Desk } from './desk.js';
import type { Place, SealRequest } from './messages.js';
import { newId, random } from './primitives.js';
import { piecesOf, type SealedFile } from './sealed-file.js';
import type { KeptBid } from './shelf.js';

const LOG_TIMEOUT_MS = 30_000;

/** A bid that is kept, and the checkpoint of the log under which its kit was checked. */
export type KeptSeal = { readonly bid: KeptBid; readonly checkpoint: string };

/** Seals and keeps a bid. Throws the codes of checkKit, demandContinued and decryptKeyRing, `key_not_registered`,
 *  `unknown_lot`, `bid_too_large`, `no_space`, `self_test_failed`. Whatever it throws, nothing of the bid stays and
 *  nothing was sent. */
export async function seal(desk: Desk, request: SealRequest, bidId: string): Promise<KeptSeal> {
  const { primitives, shelf, tell } = desk;
  const keys = await unlock(request);
  const { kit, promiseKey, checkpoint } = await checkedKit(desk, request);
  const rules = rulesOf(kit);
  const context = parseContext(contextOf(kit, subjectOf(request, keys, bidId)), rules);
  const randomness = drawSealRandomness(context.suite, random);
  const seedFile = await keptSeed(context, randomness.seed, request.passphrase);
  const files = [offerFile(request.offer, context), ...(await describe(desk, request))];
  const client = await ownIdentity(primitives.hash);
  const sealedAt = formatInstant(new Date());
  const sealing = await sealBid({ context, files, randomness, client, sealedAt, rules, primitives });
  demandFits(kit, sealing.size);
  const place: Place = { tenderId: request.tenderId, bidId };
  const file = await shelf.begin(place, sealing.size);
  if (file.kept === 'memory') tell.warning('kept_in_memory');
  try {
    await file.write(sealing.ciphertext, (done) => tell.progress('sealing', done, sealing.size)).catch(outOfSpace);
    const sealed = sealing.finish();
    await selfTest(desk, file, sealed, randomness.seed);
    const entry = (precommit: boolean): ReturnType<typeof bidEntry> =>
      bidEntry(sealed.manifest, sealed.manifestSha256, precommit);
    const bid: KeptBid = {
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
      promiseKey,
    };
    await shelf.keep(bid);
    return { bid, checkpoint };
  } catch (error) {
    await shelf.remove(place);
    throw error;
  }
}

async function unlock({ keyFile, passphrase, keys: registered }: SealRequest): Promise<KeyRing> {
  const keys = await decryptKeyRing(new Uint8Array(await keyFile.arrayBuffer()), passphrase);
  const known = registered === undefined || registered.includes(publicKeyOf(keys));
  check(known, 'key_not_registered', 'The key of this file is not registered for you.');
  return keys;
}

/** The kit, after comparing it with the log: a server that put its own key into an opener's place ends here. */
async function checkedKit(desk: Desk, request: SealRequest): Promise<CheckedUnderLog> {
  try {
    return await readKit(desk, request);
  } catch (error) {
    // What the libraries say of a log that does not hold is plain; bugs and the line have errors of their own.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new CheckFailed('log_invalid', `The log does not hold: ${error.message}.`, {}, { cause: error });
  }
}

type CheckedUnderLog = { readonly kit: SealingKit; readonly promiseKey: string; readonly checkpoint: string };

async function readKit(
  { api, primitives, tell }: Desk,
  { tenderId, policy, known }: SealRequest,
): Promise<CheckedUnderLog> {
  tell.progress('log', 0, 0);
  const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(LOG_TIMEOUT_MS) });
  const source = httpLogSource(api.address('/log'), get);
  const log = await readLog(source, parsePolicy(policy), { sha256: primitives.hash });
  if (known !== undefined) await demandContinued(log, known);
  const checked = await checkKit(await fetchKit(api, tenderId), log);
  const { kit } = checked;
  if (isOldLog(checked, new Date())) tell.warning('log_old');
  return { kit, promiseKey: await promiseKeyOf(log), checkpoint: log.note };
}

function subjectOf(
  { lotId, envelope = 'single', vendorId, replaces, offerId }: SealRequest,
  keys: KeyRing,
  bidId: string,
): Parameters<typeof contextOf>[1] {
  return { lotId, envelope, vendorId, vendorKey: publicKeyOf(keys), offerId: offerId ?? newId(), bidId, replaces };
}

function keptSeed(context: SealContext, seed: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { tender_id: tenderId, bid_id: bidId } = context;
  return encryptSeedWithPassphrase({ tenderId, bidId, ctx: contextHash(context), seed }, passphrase, { random });
}

/** The user's files with their hashes. */
async function describe({ primitives, tell }: Desk, { files }: SealRequest): Promise<readonly FileSource[]> {
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
  { primitives, tell }: Desk,
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
