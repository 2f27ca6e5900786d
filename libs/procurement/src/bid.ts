/** Admission of bids, withdrawal and reconfirmation (protocol section 5). The caller holds the tender's shared lock and
 *  read the clock once, under it. */
import { formatInstant } from '@segel/encoding';
import { demandInGrace } from './precommit.js';
import { demand, Refusal } from './refusal.js';
import type { EnvelopeKind, Precommit, TenderState } from './tender.js';
import type { VendorStanding } from './vendor.js';
import { demandGoodStanding } from './vendor.js';

/** The tender as an act on a bid sees it. Hashes are base64. */
export type BidWindow = {
  readonly state: TenderState;
  readonly deadlineAt: Date;
  /** Entry hash of the latest notice. */
  readonly noticeSha256: string;
  readonly lotIds: readonly string[];
  readonly envelopes: readonly EnvelopeKind[];
  readonly maxBidBytes: number;
  /** Sealed files may follow the bid. */
  readonly precommit?: Precommit | undefined;
};

/** What the rules need of a manifest whose signature and shape were checked before. */
export type ManifestSummary = {
  readonly bidId: string;
  readonly vendorId: string;
  readonly lotId: string;
  readonly envelope: EnvelopeKind;
  readonly noticeSha256: string;
  readonly replaces?: string;
  readonly ciphertextBytes: number;
  /** The vendor signed that the sealed files follow. */
  readonly precommit?: boolean;
  /** What the vendor's own clock said. */
  readonly sealedAt: Date;
};

/** A vendor's clock may be wrong, and often is; a day ahead of ours it is so wrong that its owner must be told, before
 *  it makes them miss a deadline. Nothing is decided by it. */
const CLOCK_AHEAD_MS = 86_400_000;

/** A stored version of a vendor's bid for one lot and envelope. */
export type StoredBid = { readonly bidId: string; readonly noticeSha256: string; readonly withdrawn: boolean };

/** Admits a sealed bid or refuses it. A vendor has one standing bid per lot and envelope: a second must name the one it
 *  replaces. After a withdrawal the vendor may submit anew.
 *  @param act.vendorId the vendor of the signed-in person
 *  @param act.existing the vendor's versions for the lot and envelope, oldest first
 *  @throws Refusal `bid_late`, `wrong_state`, `vendor_not_approved`, `vendor_blacklisted`, `manifest_mismatch`,
 *  `notice_outdated`, `parts_missing`, `bid_too_large`, `clock_skew`, `bid_exists`, `bid_unknown` */
export function admitBid(act: {
  readonly window: BidWindow;
  readonly vendorId: string;
  readonly vendor: VendorStanding;
  readonly manifest: ManifestSummary;
  readonly existing: readonly StoredBid[];
  readonly now: Date;
}): { readonly type: 'bid.submitted' | 'bid.replaced'; readonly replaces?: string } {
  const { window, manifest, existing } = act;
  demandOpen(window, act.now);
  demandGoodStanding(act.vendor, act.now);
  demand(manifest.vendorId === act.vendorId, 'manifest_mismatch', 'The bid is sealed for another vendor.', {
    path: 'vendor_id',
  });
  demand(window.lotIds.includes(manifest.lotId), 'manifest_mismatch', 'The bid is sealed for another lot.', {
    path: 'lot_id',
  });
  demand(window.envelopes.includes(manifest.envelope), 'manifest_mismatch', 'The tender has no such envelope.', {
    path: 'envelope',
  });
  demandCurrentNotice(manifest.noticeSha256, window);
  const filesMayFollow = window.precommit !== undefined;
  demand(
    filesMayFollow || !manifest.precommit,
    'parts_missing',
    'This tender takes bids with their sealed files only.',
  );
  demand(
    manifest.ciphertextBytes <= window.maxBidBytes,
    'bid_too_large',
    'The bid is larger than this tender accepts.',
    {
      maxBytes: window.maxBidBytes,
    },
  );
  demand(
    manifest.sealedAt.getTime() <= act.now.getTime() + CLOCK_AHEAD_MS,
    'clock_skew',
    'The clock of the computer that sealed this bid is more than a day ahead. Correct it and seal again.',
  );
  demand(!existing.some((bid) => bid.bidId === manifest.bidId), 'bid_exists', 'This bid was submitted before.');
  const standing = standingBid(existing);
  if (manifest.replaces !== undefined) {
    demand(standing?.bidId === manifest.replaces, 'bid_unknown', 'The bid to replace is not the standing one.');
    return { type: 'bid.replaced', replaces: manifest.replaces };
  }
  demand(!standing, 'bid_exists', 'There is a bid for this lot already; a new one must name the bid it replaces.');
  return { type: 'bid.submitted' };
}

/** Admits one part of a ciphertext to the store: ahead of the bid that names it, so before the deadline; or owed by a bid
 *  that was committed in time, within the grace: what is owed is fixed by a manifest in the log, so who may send it is no
 *  question any more, only when.
 *  @param act.owed the vendor has a committed bid, not delivered yet, that names the part
 *  @throws Refusal `bid_late`, `ciphertext_late`, `wrong_state`, `vendor_not_approved`, `vendor_blacklisted` */
export function admitPart(act: {
  readonly window: Pick<BidWindow, 'state' | 'deadlineAt' | 'precommit'>;
  readonly vendor: VendorStanding;
  readonly owed: boolean;
  readonly now: Date;
}): void {
  if (act.owed) return demandInGrace(act.window, act.now);
  demandOpen(act.window, act.now);
  demandGoodStanding(act.vendor, act.now);
}

/** Withdraws the standing bid, before the deadline. Former versions do not come back.
 *  @throws Refusal `bid_late`, `wrong_state`, `bid_unknown`, `bid_withdrawn` */
export function withdrawBid(act: {
  readonly window: Pick<BidWindow, 'state' | 'deadlineAt'>;
  readonly bidId: string;
  readonly existing: readonly StoredBid[];
  readonly now: Date;
}): { readonly type: 'bid.withdrawn' } {
  demandOpen(act.window, act.now);
  demandStanding(act.bidId, act.existing);
  return { type: 'bid.withdrawn' };
}

/** Confirms the standing bid under the latest notice, which is enough after an addendum that did not change what is
 *  sealed.
 *  @param act.resealRequired an addendum since the bid's own notice requires sealing again
 *  @param act.noticeSha256 the notice the vendor signed for
 *  @throws Refusal `bid_late`, `wrong_state`, `vendor_not_approved`, `vendor_blacklisted`, `bid_unknown`,
 *  `bid_withdrawn`, `notice_outdated` */
export function reconfirmBid(act: {
  readonly window: Pick<BidWindow, 'state' | 'deadlineAt' | 'noticeSha256'>;
  readonly vendor: VendorStanding;
  readonly bidId: string;
  readonly existing: readonly StoredBid[];
  readonly noticeSha256: string;
  readonly resealRequired: boolean;
  readonly now: Date;
}): { readonly type: 'bid.reconfirmed' } {
  demandOpen(act.window, act.now);
  demandGoodStanding(act.vendor, act.now);
  demandStanding(act.bidId, act.existing);
  demandCurrentNotice(act.noticeSha256, act.window);
  demand(!act.resealRequired, 'notice_outdated', 'The addendum changed what is sealed; the bid must be sealed again.', {
    resealRequired: true,
  });
  return { type: 'bid.reconfirmed' };
}

/** The bid that stands: the latest version, unless withdrawn. */
export function standingBid(existing: readonly StoredBid[]): StoredBid | undefined {
  const last = existing.at(-1);
  return last && !last.withdrawn ? last : undefined;
}

/** Throws `bid_unknown` or `bid_withdrawn` unless the bid is the vendor's standing one. */
export function demandStanding(bidId: string, existing: readonly StoredBid[]): void {
  const named = existing.find((bid) => bid.bidId === bidId);
  demand(named, 'bid_unknown', 'There is no such bid.');
  demand(!named.withdrawn, 'bid_withdrawn', 'The bid was withdrawn.');
  demand(standingBid(existing)?.bidId === bidId, 'bid_unknown', 'The bid was replaced by a later one.');
}

// At the deadline itself it is late: in time is before it. Late comes first, whatever else is wrong.
function demandOpen(window: Pick<BidWindow, 'state' | 'deadlineAt'>, now: Date): void {
  if (now >= window.deadlineAt) {
    const params = { at: formatInstant(now), deadline: formatInstant(window.deadlineAt) };
    throw new Refusal('bid_late', 'The deadline has passed.', params);
  }
  demand(window.state === 'tendering', 'wrong_state', 'The tender does not take bids now.', { state: window.state });
}

function demandCurrentNotice(noticeSha256: string, window: Pick<BidWindow, 'noticeSha256'>): void {
  demand(noticeSha256 === window.noticeSha256, 'notice_outdated', 'The bid names a notice that is not the latest.');
}
