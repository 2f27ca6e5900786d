/** The sealed file of a bid that was committed before: sent, taken note of by the log, and the receipt of that verified. */
import { awaitReceipt, verifyBidReceipt } from '@segel/acts';
import type { Manifest } from '@segel/sealing';
import type { Policy } from '@segel/tlog';
import type { Desk } from './desk.js';
import type { KeptBid } from './shelf.js';

type Delivery = {
  readonly bid: KeptBid;
  readonly manifest: Manifest;
  readonly policy: Policy;
  readonly upload: () => Promise<number>;
};

/** Sends the parts that are missing and asks for the delivery's entry. May be repeated until the grace is over. */
export async function deliver({ api, pace, tell }: Desk, { bid, manifest, policy, upload }: Delivery): Promise<void> {
  await upload();
  const { tenderId, bidId, manifestSha256 } = bid;
  const path = `/api/tenders/${tenderId}/bids/${bidId}`;
  await api.post(`${path}/delivery`, {});
  tell.progress('receipt', 0, 0);
  const text = await awaitReceipt(api, `${path}/receipt?of=delivery`, pace);
  const body = {
    lot_id: manifest.context.lot_id,
    bid_id: bidId,
    manifest_sha256: manifestSha256,
    ct_root: manifest.ciphertext.root,
  };
  verifyBidReceipt(text, policy, { types: ['bid.delivered'], tenderId, body });
}
