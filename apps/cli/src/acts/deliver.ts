/** The sealed files of a bid that was committed before: sent, taken note of by the log, and the receipt verified. */
import { awaitReceipt, type CheckedReceipt, type Progress, verifyBidReceipt } from '@segel/acts';
import { toBase64, type CanonicalObject } from '@segel/encoding';
import type { Manifest } from '@segel/sealing';
import type { Policy } from '@segel/tlog';
import type { ApiClient } from '../api-client.js';
import { writePrivately } from '../home.js';
import { pace } from '../pace.js';
import { verifyWithNode } from '../primitives.js';
import { uploadFile } from './parts.js';

export type DeliveryRequest = {
  readonly manifest: Manifest;
  readonly manifestSha256: Uint8Array;
  readonly sealedFile: string;
  readonly hashes: readonly Uint8Array[];
  /** Where the bid's files lie, without their endings. */
  readonly base: string;
  readonly policy: Policy;
  readonly onProgress?: Progress | undefined;
  readonly patienceMs?: number | undefined;
};

/** A delivery that is in the log. */
export type Delivery = {
  readonly sentParts: number;
  readonly receiptFile: string;
  readonly checked: CheckedReceipt;
};

/** Sends the parts that are missing and asks for the delivery's entry. May be repeated until the grace is over. */
export async function deliverBid(client: ApiClient, request: DeliveryRequest): Promise<Delivery> {
  const { manifest, sealedFile, hashes, base, policy } = request;
  const { tender_id: tenderId, lot_id, bid_id } = manifest.context;
  const upload = { tenderId, path: sealedFile, hashes, size: manifest.ciphertext.size };
  const sentParts = await uploadFile(client, upload, request.onProgress);
  const path = `/api/tenders/${tenderId}/bids/${bid_id}`;
  await client.post(`${path}/delivery`, {});
  const text = await awaitReceipt(client, `${path}/receipt?of=delivery`, pace, request.patienceMs);
  const body: CanonicalObject = {
    lot_id,
    bid_id,
    manifest_sha256: toBase64(request.manifestSha256),
    ct_root: manifest.ciphertext.root,
  };
  const checked = verifyBidReceipt(text, policy, { types: ['bid.delivered'], tenderId, body }, verifyWithNode);
  const receiptFile = `${base}.delivery.tlog-proof`;
  await writePrivately(receiptFile, text);
  return { sentParts, receiptFile, checked };
}
