/** Submitting a sealed bid. Nothing here says "submitted" before the receipt was verified offline. */
import {
  awaitReceipt,
  bidEntry,
  check,
  checkPromise,
  checkSubmissionReceipt,
  isNoLater,
  publicKeyOf,
  rulesOf,
  signBidEntry,
  submitOrFind,
  verifyBidReceipt,
  type CheckedReceipt,
  type ExpectedEntry,
  type KeyRing,
  type Progress,
} from '@segel/acts';
import { toBase64, type Signature } from '@segel/encoding';
import { openManifest } from '@segel/sealing';
import type { Policy } from '@segel/tlog';
import { readFile } from 'node:fs/promises';
import type { ApiClient } from '../api-client.js';
import { writePrivately } from '../home.js';
import { pace } from '../pace.js';
import { verifyWithNode } from '../primitives.js';
import { deliverBid, type Delivery } from './deliver.js';
import { checkParts, submitSmall, uploadFile } from './parts.js';
import { readSealedBid } from './seal.js';

/** Who signs the bid's entry: a key, or signatures that were made when it was sealed. */
export type Signs = { readonly key: string; readonly sign: (entry: ExpectedEntry, precommit: boolean) => Signature };

export const signsWith = (keys: KeyRing): Signs => ({
  key: publicKeyOf(keys),
  sign: (entry) => signBidEntry(entry, keys),
});

export type SubmitRequest = {
  /** Any of the files that sealBid made. */
  readonly manifestFile: string;
  readonly signs: Signs;
  readonly policy: Policy;
  /** Rule pack of the notice, when the kit told it. */
  readonly rulePackId?: string | undefined;
  readonly onProgress?: Progress;
  readonly patienceMs?: number;
  /** The promise key that the log's first entry names, base64: a promise under another key proves nothing. */
  readonly promiseKey: string;
  /** Sends the signed bid first and its sealed file after it, in the grace of the terms. */
  readonly precommit?: boolean;
};

/** A bid that is in the log. */
export type Submission = {
  readonly bidId: string;
  readonly submittedAt: string;
  readonly manifestSha256: string;
  readonly leafSha256: string;
  readonly receiptFile: string;
  readonly promiseFile: string;
  readonly sentParts: number;
  readonly checked: CheckedReceipt;
  /** Of a bid that was committed first: until when the files could come, and that they did. */
  readonly ciphertextDueAt?: string | undefined;
  readonly delivery?: Delivery | undefined;
};

/** Sends what the server lacks, then the manifest with the signed act (committing first: the other way round), waits for the receipt and verifies it. May be
 *  repeated after a failure: parts are not sent twice, and a bid that got through is only asked for its receipt.
 *  Throws CheckFailed `sealed_file_changed`, `wrong_key`, `promise_invalid`, `receipt_late`, `receipt_invalid`,
 *  `receipt_mismatch`. */
export async function submitBid(client: ApiClient, request: SubmitRequest): Promise<Submission> {
  const { signs, policy, onProgress } = request;
  const { envelope, sealedFile, base } = await readSealedBid(request.manifestFile);
  const opened = openManifest(envelope, rulesOf(request), verifyWithNode);
  const { manifest } = opened;
  check(manifest.context.vendor_key === signs.key, 'wrong_key', 'The bid was sealed with another key.');
  const hashes = await checkParts(sealedFile, manifest, onProgress);
  const { tender_id: tenderId, bid_id: bidId } = manifest.context;
  const upload = { tenderId, path: sealedFile, hashes, size: manifest.ciphertext.size };
  const committing = request.precommit === true;
  const sent = bidEntry(manifest, opened.manifestSha256, committing);
  const promiseFile = `${base}.promise.json`;
  const submission = {
    manifest: envelope,
    parts: hashes.map((hash) => toBase64(hash)),
    bodySig: signs.sign(sent, committing),
    ...(committing ? { precommit: true } : {}),
  };
  const whole = committing ? undefined : await submitSmall(client, upload, submission, onProgress);
  const sentParts = committing ? 0 : whole === undefined ? await uploadFile(client, upload, onProgress) : 1;
  const answer = whole ?? (await submitOrFind(client, sent, submission));
  // An earlier call may have committed the bid, or sent it whole: what it signed then is what the log holds.
  const committed = answer.ciphertextDueAt !== undefined;
  const entry = bidEntry(manifest, opened.manifestSha256, committed);
  check(answer.bidId === bidId, 'promise_invalid', 'The server answered for another bid.');
  if (answer.promise !== undefined) {
    await writePrivately(promiseFile, `${JSON.stringify(answer.promise, undefined, 2)}\n`);
    checkPromise(answer.promise, answer.commitment, request, verifyWithNode);
  }
  const receiptFile = `${base}.receipt.tlog-proof`;
  const text = await awaitReceipt(client, `/api/tenders/${tenderId}/bids/${bidId}/receipt`, pace, request.patienceMs);
  const checked = checkSubmissionReceipt(text, policy, { entry, commitment: answer.commitment }, verifyWithNode);
  await keepEarliest(receiptFile, text, checked, policy, entry);
  const files = { manifest, manifestSha256: opened.manifestSha256, sealedFile, hashes, base, policy };
  const { patienceMs } = request;
  const delivery = committed ? await deliverBid(client, { ...files, onProgress, patienceMs }) : undefined;
  return {
    bidId,
    submittedAt: answer.submittedAt,
    manifestSha256: toBase64(opened.manifestSha256),
    leafSha256: answer.leafSha256,
    receiptFile,
    promiseFile,
    sentParts: sentParts + (delivery?.sentParts ?? 0),
    checked,
    ciphertextDueAt: answer.ciphertextDueAt,
    delivery,
  };
}

/** Keeps the receipt whose quorum saw the entry first: an earlier one is the better evidence of being in time. */
async function keepEarliest(
  file: string,
  text: string,
  checked: CheckedReceipt,
  policy: Policy,
  entry: ExpectedEntry,
): Promise<void> {
  try {
    const kept = verifyBidReceipt(await readFile(file, 'utf8'), policy, entry, verifyWithNode);
    if (isNoLater(kept, checked)) return;
  } catch {
    // None yet, or one that does not hold: the new one takes its place.
  }
  await writePrivately(file, text);
}
