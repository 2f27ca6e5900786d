/** Bids that are sealed on a computer without a network: the kit that goes there, and the sealed bid that comes back. */
import {
  check,
  demandFresh,
  demandSealedUnder,
  kitFingerprint,
  openCarried,
  readCarried,
  rulesOf,
  termsOfKit,
  type CarriedFiles,
  type KitFile,
} from '@segel/acts';
import { toBase64 } from '@segel/encoding';
import type { SealContext } from '@segel/sealing';
import type { Desk } from './desk.js';
import type { CarryRequest, KitRequest, MadeKit } from './messages.js';
import { checkedKit, type KeptSeal } from './seal.js';
import { piecesOf } from './sealed-file.js';
import type { KeptBid } from './shelf.js';

/** The kit as a file, with the terms of its notice. Throws the codes of checkKit and demandFresh, `kit_differs`,
 *  ApiProblem, NetworkError. */
export async function kitFile(desk: Desk, request: KitRequest): Promise<MadeKit> {
  const { api, primitives } = desk;
  const { kit, quorumTime, checkpoint } = await checkedKit(desk, request);
  demandFresh({ quorumTime }, new Date(), request.evenOld);
  const terms = await api.bytes(`/api/tenders/${kit.tenderId}/terms/${kit.termsVersion}`);
  termsOfKit(kit, terms, primitives.hash);
  const { vendorId, keys, standing } = request;
  const checkedAt = new Date().toISOString();
  const file: KitFile = { kit, checkedAt, vendorId, terms: toBase64(terms), keys, standing };
  const blob = new Blob([JSON.stringify(file)], { type: 'application/json' });
  return { file: blob, fingerprint: kitFingerprint(kit), checkpoint };
}

/** Takes a bundle in. Throws the codes of checkKit, demandFresh, readCarried, openCarried and demandSealedUnder,
 *  `bundle_of_other`, `key_not_registered`, `replaces_differs`, `bid_kept`, `no_space`; nothing of it stays then. */
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
  const { kit, quorumTime, promiseKey, checkpoint } = await checkedKit(desk, request);
  const { own, context } = demandOwn(carried, request, rulesOf(kit));
  demandSealedUnder(kit, context);
  demandFresh({ quorumTime }, new Date(), request.evenOld);
  const bid: KeptBid = {
    ...own,
    ...(kit.rulePackId === undefined ? {} : { rulePackId: kit.rulePackId }),
    promiseKey,
  };
  const sealed = bundle.slice(carried.sealedFrom, carried.sealedFrom + bid.size);
  await alone(bid.bidId, () => keepSealed(desk, bid, sealed));
  return { bid, checkpoint };
}

/** A bid that is kept already stays as it is: whoever brings another one under its id must not take its place. */
async function keepSealed({ shelf, tell }: Desk, bid: KeptBid, sealed: Blob): Promise<void> {
  const kept = await shelf.find(bid);
  const same = kept === undefined || kept.bid.manifestSha256 === bid.manifestSha256;
  check(same, 'bid_kept', 'Another sealed bid with that id waits on this device.');
  if (kept !== undefined) return;
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
  files: CarriedFiles,
  { tenderId, lotId, vendorId, keys, replaces }: CarryRequest,
  rules: ReturnType<typeof rulesOf>,
): { readonly own: Omit<KeptBid, 'promiseKey'>; readonly context: SealContext } {
  const { manifest, bid } = openCarried(files, rules);
  const { context } = manifest;
  const isOwn = bid.tenderId === tenderId && bid.vendorId === vendorId && bid.lotId === lotId;
  check(isOwn, 'bundle_of_other', 'That bid is for another tender or lot, or of another company.');
  const registered = keys.includes(context.vendor_key);
  check(registered, 'key_not_registered', 'The key that signed the bid is not registered for you.');
  check(context.replaces === replaces, 'replaces_differs', 'Another bid stands now than when the kit was made.');
  const { bidId, manifestSha256, sealedAt, size, bodySig, committingSig } = bid;
  const own = {
    v: 1,
    tenderId,
    lotId,
    vendorId,
    bidId,
    manifestSha256,
    sealedAt,
    size,
    manifest: files.manifest,
    bodySig,
    ...(committingSig === undefined ? {} : { committingSig }),
  } as const;
  return { own, context };
}
