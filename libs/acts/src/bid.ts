/** What a bid says of itself: its context from the kit, its price form, and the entry it makes. Browser and command line
 *  must say the same. */
import {
  canonicalBytes,
  sha256,
  signDocument,
  toBase64,
  toDocument,
  type CanonicalObject,
  type Signature,
} from '@segel/encoding';
import { parseOffer, rulePack, type Offer } from '@segel/procurement';
import {
  fileOf,
  PRICE_FORM_PATH,
  type ContextRules,
  type Envelope,
  type FileSource,
  type Manifest,
  type SealContext,
} from '@segel/sealing';
import { check } from './failure.js';
import type { KeyRing } from './key-ring.js';
import type { SealingKit } from './kit.js';
import type { ExpectedEntry } from './receipt.js';

/** The price form without the ids, which the sealing fills in. */
export type OfferDraft = Omit<Offer, 'v' | 'tenderId' | 'lotId' | 'bidId'>;

/** Whose bid it is, and for what. The ids are fresh UUIDv7, the key base64. */
export type BidSubject = {
  readonly lotId: string;
  readonly envelope: Envelope;
  readonly vendorId: string;
  readonly vendorKey: string;
  /** Joins the envelopes of one offer. */
  readonly offerId: string;
  readonly bidId: string;
  /** The bid that this one replaces. */
  readonly replaces?: string | undefined;
};

/** Only a demonstration's rule pack lets a group need all of its openers. */
export function rulesOf({ rulePackId }: { readonly rulePackId?: string | undefined }): ContextRules {
  try {
    return { demonstration: rulePackId !== undefined && rulePack(rulePackId).demonstration };
  } catch {
    return {};
  }
}

/** The context of a bid under a kit. Throws CheckFailed `unknown_lot`. */
export function contextOf(kit: SealingKit, bid: BidSubject): SealContext {
  const { lotId, envelope, replaces } = bid;
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
    vendor_id: bid.vendorId,
    vendor_key: bid.vendorKey,
    offer_id: bid.offerId,
    bid_id: bid.bidId,
    ...(replaces === undefined ? {} : { replaces }),
    groups: kit.groups.map(({ name, k, openers }) => ({
      name,
      k,
      openers: openers.map(({ openerId, recipient }) => ({ opener_id: openerId, recipient })),
    })),
  };
}

/** The file `offer.json` of a bid. Throws the Refusal of the first member that is wrong. */
export function offerFile(offer: OfferDraft, context: SealContext): FileSource {
  const whole = { v: 1, tenderId: context.tender_id, lotId: context.lot_id, bidId: context.bid_id, ...offer } as const;
  const document = toDocument(whole);
  parseOffer(document);
  const bytes = canonicalBytes(document);
  return { ...fileOf(PRICE_FORM_PATH, bytes), sha256: toBase64(sha256(bytes)) };
}

/** Throws CheckFailed `bid_too_large`: the server would refuse it after hours of upload. */
export function demandFits(kit: SealingKit, sealedBytes: number): void {
  const { maxBidBytes } = kit;
  const sentence = `The sealed bid has ${sealedBytes} bytes; the tender takes ${maxBidBytes}.`;
  check(sealedBytes <= maxBidBytes, 'bid_too_large', sentence);
}

/** The entry that submitting this manifest makes, and what its receipt must show. */
export function bidEntry(
  { context, ciphertext }: Manifest,
  manifestSha256: Uint8Array,
  precommit = false,
): ExpectedEntry {
  const { lot_id, envelope, offer_id, bid_id, vendor_id, notice_sha256, replaces } = context;
  const body: CanonicalObject = {
    lot_id,
    envelope,
    offer_id,
    bid_id,
    vendor_id,
    manifest_sha256: toBase64(manifestSha256),
    ct_root: ciphertext.root,
    notice_sha256,
    ...(replaces === undefined ? {} : { replaces }),
    ...(precommit ? { precommit } : {}),
  };
  return { types: [replaces === undefined ? 'bid.submitted' : 'bid.replaced'], tenderId: context.tender_id, body };
}

/** The vendor's signature over the entry of its bid. */
export function signBidEntry({ types, body }: ExpectedEntry, keys: Pick<KeyRing, 'signingSecret'>): Signature {
  return signDocument(types[0]!, body, keys.signingSecret);
}
