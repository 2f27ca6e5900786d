/** Withdrawing a bid, and confirming it after an addendum; both end with a verified receipt. */
import { awaitReceipt, type CheckedReceipt, type KeyRing, verifyBidReceipt } from '@segel/acts';
import { signDocument, type CanonicalObject } from '@segel/encoding';
import type { Policy } from '@segel/tlog';
import type { ApiClient } from '../api-client.js';
import { pace } from '../pace.js';
import { verifyWithNode } from '../primitives.js';

/** What identifies a submitted bid; all of it stands in its manifest. */
export type BidReference = {
  readonly tenderId: string;
  readonly lotId: string;
  readonly envelope: 'single' | 'technical' | 'price';
  readonly bidId: string;
  readonly vendorId: string;
  /** Base64. */
  readonly manifestSha256: string;
};

type ChangeOptions = { readonly policy: Policy; readonly patienceMs?: number };

/** A change that is in the log, with the text of its receipt to be kept. */
export type BidChange = { readonly receipt: string; readonly checked: CheckedReceipt };

/** Withdraws a bid before the deadline. Former versions do not come back. */
export function withdrawBid(
  client: ApiClient,
  keys: KeyRing,
  bid: BidReference,
  options: ChangeOptions,
): Promise<BidChange> {
  const body = {
    lot_id: bid.lotId,
    envelope: bid.envelope,
    bid_id: bid.bidId,
    vendor_id: bid.vendorId,
    manifest_sha256: bid.manifestSha256,
  };
  return change(client, keys, bid, { type: 'bid.withdrawn', act: 'withdrawal', body }, options);
}

/** Confirms a bid under the latest notice (its entry hash, base64). */
export function reconfirmBid(
  client: ApiClient,
  keys: KeyRing,
  bid: BidReference,
  noticeSha256: string,
  options: ChangeOptions,
): Promise<BidChange> {
  const body = { bid_id: bid.bidId, manifest_sha256: bid.manifestSha256, notice_sha256: noticeSha256 };
  return change(client, keys, bid, { type: 'bid.reconfirmed', act: 'reconfirmation', body }, options);
}

async function change(
  client: ApiClient,
  keys: KeyRing,
  bid: BidReference,
  what: {
    readonly type: 'bid.withdrawn' | 'bid.reconfirmed';
    readonly act: 'withdrawal' | 'reconfirmation';
    readonly body: CanonicalObject;
  },
  { policy, patienceMs }: ChangeOptions,
): Promise<BidChange> {
  const path = `/api/tenders/${bid.tenderId}/bids/${bid.bidId}`;
  await client.post(`${path}/${what.act}`, signDocument(what.type, what.body, keys.signingSecret));
  const receipt = await awaitReceipt(client, `${path}/receipt?of=${what.act}`, pace, patienceMs);
  const expected = { types: [what.type], tenderId: bid.tenderId, body: what.body };
  return { receipt, checked: verifyBidReceipt(receipt, policy, expected, verifyWithNode) };
}
