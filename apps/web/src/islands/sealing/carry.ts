/** Bids that are sealed on a computer without a network: the kit that goes there, and the sealed bid that comes back. */
import { check, demandSealedUnder, readCarried, rulesOf, type CarriedFiles, type KitFile } from '@segel/acts';
import { equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import type { Desk } from './desk.js';
import type { CarryRequest, KitRequest } from './messages.js';
import { checkedKit, type KeptSeal } from './seal.js';
import { piecesOf } from './sealed-file.js';
import type { KeptBid } from './shelf.js';

/** The kit as a file, with the terms of its notice. Throws the codes of checkKit, `kit_differs`, ApiProblem, NetworkError. */
export async function kitFile(
  desk: Desk,
  request: KitRequest,
): Promise<{ readonly file: Blob; readonly checkpoint: string }> {
  const { api, primitives } = desk;
  const { kit, checkpoint } = await checkedKit(desk, request);
  const terms = await api.bytes(`/api/tenders/${kit.tenderId}/terms/${kit.termsVersion}`);
  const same = equalBytes(primitives.hash(terms), fromBase64(kit.termsSha256));
  check(same, 'kit_differs', 'The terms are not those of the notice.');
  const { vendorId, keys, standing } = request;
  const checkedAt = new Date().toISOString();
  const file: KitFile = { kit, checkedAt, vendorId, terms: toBase64(terms), keys, standing };
  return { file: new Blob([JSON.stringify(file)], { type: 'application/json' }), checkpoint };
}

/** Takes a bundle in. Throws the codes of checkKit, readCarried and demandSealedUnder, `bundle_of_other`,
 *  `key_not_registered`, `replaces_differs`, `manifest_malformed`, `no_space`; nothing of it stays then. */
export async function carry(
  desk: Desk,
  request: CarryRequest,
  alone: <T>(bidId: string, act: () => Promise<T>) => Promise<T>,
): Promise<KeptSeal> {
  const { bundle } = request;
  const carried = await readCarried({
    size: bundle.size,
    read: async (at, length) => new Uint8Array(await bundle.slice(at, at + length).arrayBuffer()),
  });
  const { kit, promiseKey, checkpoint } = await checkedKit(desk, request);
  const bid: KeptBid = {
    ...demandOwn(carried, request, rulesOf(kit)),
    ...(kit.rulePackId === undefined ? {} : { rulePackId: kit.rulePackId }),
    promiseKey,
  };
  demandSealedUnder(kit, openManifest(bid.manifest, rulesOf(kit)).manifest.context);
  const sealed = bundle.slice(carried.sealedFrom, carried.sealedFrom + bid.size);
  await alone(bid.bidId, () => keepSealed(desk, bid, sealed));
  return { bid, checkpoint };
}

async function keepSealed({ shelf, tell }: Desk, bid: KeptBid, sealed: Blob): Promise<void> {
  const file = await shelf.begin(bid, bid.size);
  if (file.kept === 'memory') tell.warning('kept_in_memory');
  try {
    await file.write(piecesOf(sealed), (done) => tell.progress('reading', done, bid.size));
    await shelf.keep(bid);
  } catch (error) {
    await shelf.remove(bid);
    throw error;
  }
}

/** The carried bid by what its signed manifest says: the document beside it is only believed where they agree. */
function demandOwn(
  { bid, manifest: envelope, seedFile }: CarriedFiles,
  { tenderId, lotId, vendorId, keys, replaces }: CarryRequest,
  rules: ReturnType<typeof rulesOf>,
): Omit<KeptBid, 'promiseKey'> {
  const { manifest, manifestSha256 } = openManifest(envelope, rules);
  const { context, ciphertext } = manifest;
  const own =
    context.tender_id === tenderId &&
    context.vendor_id === vendorId &&
    context.lot_id === lotId &&
    context.bid_id === bid.bidId &&
    ciphertext.size === bid.size;
  check(own, 'bundle_of_other', 'That bid is for another tender or lot, or of another company.');
  const registered = keys.includes(context.vendor_key) && bid.bodySig.key === context.vendor_key;
  check(registered, 'key_not_registered', 'The key that signed the bid is not registered for you.');
  check(context.replaces === replaces, 'replaces_differs', 'Another bid stands now than when the kit was made.');
  const { sealedAt, size, bodySig, committingSig } = bid;
  return {
    v: 1,
    tenderId,
    lotId,
    vendorId,
    bidId: context.bid_id,
    manifestSha256: toBase64(manifestSha256),
    sealedAt,
    size,
    manifest: envelope,
    bodySig,
    ...(committingSig === undefined ? {} : { committingSig }),
    seedFile: toBase64(seedFile),
  };
}
