/** Submitting a sealed bid. Nothing here says "submitted" before the receipt was verified offline. */
import { readFile } from 'node:fs/promises';
import { signDocument, toBase64, type CanonicalObject, type Envelope as DsseEnvelope } from '@segel/encoding';
import { openManifest, type Manifest } from '@segel/sealing';
import type { Policy } from '@segel/tlog';
import type { ApiClient } from '../api-client.js';
import { writePrivately } from '../home.js';
import { publicKeyOf, type KeyRing } from '../keys/key-ring.js';
import type { Progress } from '../progress.js';
import { verifyWithNode } from '../primitives.js';
import { ApiProblem, check } from '../problem.js';
import { awaitReceipt } from './await-receipt.js';
import { deliverBid, type Delivery } from './deliver.js';
import { checkParts, uploadParts } from './parts.js';
import { isOfBlinded, readPromise } from './promise.js';
import { isNoLater, verifyBidReceipt, type CheckedReceipt, type ExpectedEntry } from './receipt.js';
import { readSealedBid, rulesOf } from './seal.js';
import { submitWhole } from './whole-bid.js';

export type SubmitRequest = {
  /** Any of the files that sealBid made. */
  readonly manifestFile: string;
  readonly keys: KeyRing;
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

type Answer = {
  readonly bidId: string;
  readonly leafSha256: string;
  readonly commitment: string;
  readonly submittedAt: string;
  readonly ciphertextDueAt?: string;
  /** Absent when an earlier call got through and only its receipt was missed. */
  readonly promise?: DsseEnvelope;
};

/** Sends what the server lacks, then the manifest with the signed act (committing first: the other way round), waits for the receipt and verifies it. May be
 *  repeated after a failure: parts are not sent twice, and a bid that got through is only asked for its receipt.
 *  Throws CheckFailed `sealed_file_changed`, `wrong_key`, `promise_invalid`, `receipt_late`, `receipt_invalid`,
 *  `receipt_mismatch`. */
export async function submitBid(client: ApiClient, request: SubmitRequest): Promise<Submission> {
  const { keys, policy, onProgress } = request;
  const { envelope, sealedFile, base } = await readSealedBid(request.manifestFile);
  const opened = openManifest(envelope, rulesOf(request), verifyWithNode);
  const { manifest } = opened;
  check(manifest.context.vendor_key === publicKeyOf(keys), 'wrong_key', 'The bid was sealed with another key.');
  const hashes = await checkParts(sealedFile, manifest, onProgress);
  const { tender_id: tenderId, bid_id: bidId } = manifest.context;
  const upload = { tenderId, path: sealedFile, hashes, size: manifest.ciphertext.size };
  const committing = request.precommit === true;
  const sent = bidEntry(manifest, opened.manifestSha256, committing);
  const promiseFile = `${base}.promise.json`;
  const submission = {
    manifest: envelope,
    parts: hashes.map((hash) => toBase64(hash)),
    bodySig: signDocument(sent.types[0]!, sent.body, keys.signingSecret),
    ...(committing ? { precommit: true } : {}),
  };
  const whole = committing ? undefined : await submitWhole<Answer>(client, upload, submission, onProgress);
  const sentParts = committing ? 0 : whole === undefined ? await uploadParts(client, upload, onProgress) : 1;
  const answer = whole ?? (await submitOrFind(client, sent, submission));
  // An earlier call may have committed the bid, or sent it whole: what it signed then is what the log holds.
  const committed = answer.ciphertextDueAt !== undefined;
  const entry = bidEntry(manifest, opened.manifestSha256, committed);
  check(answer.bidId === bidId, 'promise_invalid', 'The server answered for another bid.');
  if (answer.promise !== undefined) {
    await writePrivately(promiseFile, `${JSON.stringify(answer.promise, undefined, 2)}\n`);
    checkPromise(answer.promise, answer.commitment, policy, request.promiseKey);
  }
  const receiptFile = `${base}.receipt.tlog-proof`;
  const text = await awaitReceipt(client, `/api/tenders/${tenderId}/bids/${bidId}/receipt`, request.patienceMs);
  const checked = verifyBidReceipt(text, policy, entry);
  const { commitment } = checked.receipt;
  check(
    commitment !== undefined && toBase64(commitment) === answer.commitment,
    'receipt_mismatch',
    'The receipt is of another commitment than the promise.',
  );
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

/** Submits; when this very bid is there already, an answer was lost and it is only asked for. */
async function submitOrFind(client: ApiClient, entry: ExpectedEntry, submission: object): Promise<Answer> {
  const path = `/api/tenders/${entry.tenderId}/bids`;
  try {
    return await client.post<Answer>(path, submission);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'bid_exists')) throw error;
    const bidId = entry.body['bid_id'] as string;
    const found = await client
      .get<Omit<Answer, 'bidId' | 'promise'> & { readonly manifestSha256: string }>(`${path}/${bidId}`)
      .catch(() => undefined);
    // Another bid of this vendor stands: the refusal is what the user must see.
    if (found === undefined || found.manifestSha256 !== entry.body['manifest_sha256']) throw error;
    const { leafSha256, commitment, submittedAt, ciphertextDueAt } = found;
    return {
      bidId,
      leafSha256,
      commitment,
      submittedAt,
      ...(ciphertextDueAt === undefined ? {} : { ciphertextDueAt }),
    };
  }
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

/** The promise must be of this log and commitment and its signature must hold, else it proves nothing later. */
function checkPromise(envelope: DsseEnvelope, commitment: string, policy: Policy, promiseKey: string): void {
  const promise = readPromise(envelope, promiseKey);
  const known = policy.logs.some(({ key }) => key.name === promise.logOrigin);
  check(
    known && isOfBlinded(promise, commitment),
    'promise_invalid',
    'The promise is of another log or entry; ask the server what became of the bid.',
  );
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
    const kept = verifyBidReceipt(await readFile(file, 'utf8'), policy, entry);
    if (isNoLater(kept, checked)) return;
  } catch {
    // None yet, or one that does not hold: the new one takes its place.
  }
  await writePrivately(file, text);
}
