/** Sending back what the server's store damaged or lost of a submitted bid: the very same bytes, at any time. */
import type { Progress } from '@segel/acts';
import { canonicalBytes, sha256, toBase64, toHex } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import type { ApiClient } from '../api-client.js';
import { verifyWithNode } from '../primitives.js';
import { checkParts, eachPart } from './parts.js';
import { readSealedBid } from './seal.js';

export type RestoredBid = {
  readonly bidId: string;
  /** Parts that were sent. */
  readonly parts: number;
  readonly manifest: boolean;
  /** Base64 hashes that are damaged still. */
  readonly left: readonly string[];
};

/** Asks what is damaged and sends it from the sealed file. The server can only take bytes of the same hash, so this
 *  cannot change a bid. Throws CheckFailed `sealed_file_changed` when the file is not the submitted one. */
export async function restoreBid(
  client: ApiClient,
  manifestFile: string,
  onProgress: Progress = () => undefined,
): Promise<RestoredBid> {
  const { envelope, sealedFile } = await readSealedBid(manifestFile);
  const { manifest } = openManifest(envelope, { demonstration: true }, verifyWithNode);
  const { tender_id: tenderId, bid_id: bidId } = manifest.context;
  const ask = async (): Promise<readonly string[]> => {
    const path = `/api/tenders/${tenderId}/bids/${bidId}/damage`;
    return (await client.get<{ readonly damaged: readonly string[] }>(path)).damaged;
  };
  const damaged = new Set(await ask());
  if (damaged.size === 0) return { bidId, parts: 0, manifest: false, left: [] };
  const manifestBytes = Uint8Array.from(canonicalBytes(envelope));
  const manifestHash = sha256(manifestBytes);
  const sendManifest = damaged.has(toBase64(manifestHash));
  const put = (hash: Uint8Array, bytes: Uint8Array<ArrayBuffer>): Promise<void> =>
    client.putBytes(`/api/tenders/${tenderId}/bids/${bidId}/damage/${toHex(hash)}`, bytes);
  if (sendManifest) await put(manifestHash, manifestBytes);
  const hashes = await checkParts(sealedFile, manifest, onProgress);
  const file = { path: sealedFile, hashes, size: manifest.ciphertext.size };
  const parts = await eachPart(file, (hash) => damaged.has(toBase64(hash)), put, onProgress);
  return { bidId, parts, manifest: sendManifest, left: await ask() };
}
