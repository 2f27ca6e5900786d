/** Sending a kept bid. It is "submitted" when its receipt was verified here, and only then it leaves the disk. */
import {
  awaitReceipt,
  bidEntry,
  check,
  checkPromise,
  checkSubmissionReceipt,
  partLength,
  rulesOf,
  submitOrFind,
  submitWhole,
  uploadParts,
  WHOLE_BID_BYTES,
  type BidSubmission,
  type SubmissionAnswer,
} from '@segel/acts';
import { equalBytes, fromBase64, toBase64 } from '@segel/encoding';
import { openManifest, PART_BYTES, partRoot, type Manifest } from '@segel/sealing';
import { parsePolicy } from '@segel/tlog';
import { progressOf, type Desk } from './desk.js';
import { deliver } from './deliver.js';
import type { SendOptions, SubmittedBid } from './messages.js';
import { tusAttempt } from './part-attempt.js';
import { digest } from './primitives.js';
import type { KeptBid } from './shelf.js';

type SentBid = Omit<SubmittedBid, 'seedFile'>;

/** Sends what the server lacks, submits, and verifies the receipt; committing first, the other way round. May be repeated. Throws CheckFailed
 *  `sealed_file_changed`, `promise_invalid`, `receipt_late`, `receipt_invalid`, `receipt_mismatch`, ApiProblem,
 *  NetworkError; the bid then stays to be sent again. */
export async function send(
  desk: Desk,
  bid: KeptBid,
  { sealed, policy: policyText, commitFirst = false }: SendOptions & { readonly sealed: Blob },
): Promise<SentBid> {
  const { api, tell, pace } = desk;
  const { manifest, manifestSha256 } = openManifest(bid.manifest, rulesOf(bid));
  const { tender_id: tenderId, bid_id: sealedId } = manifest.context;
  const same = tenderId === bid.tenderId && sealedId === bid.bidId;
  check(same, 'sealed_file_changed', 'The signed bid on this device is another one. Seal again.');
  const hashes = await partHashes(desk, sealed, manifest);
  const { promiseKey, bidId } = bid;
  const submission = submissionOf(bid, hashes, commitFirst);
  const sent = bidEntry(manifest, manifestSha256, submission.precommit);
  const { sentParts, answer } = await upload(desk, { bid, sealed, hashes, submission, entry: sent });
  // An earlier attempt may have gone the other way: what was signed then is what the log holds.
  const committed = answer.ciphertextDueAt !== undefined;
  const entry = bidEntry(manifest, manifestSha256, committed);
  check(answer.bidId === bidId, 'promise_invalid', 'The server answered for another bid.');
  const policy = parsePolicy(policyText);
  if (answer.promise !== undefined) checkPromise(answer.promise, answer.commitment, { policy, promiseKey });
  tell.progress('receipt', 0, 0);
  const receipt = await awaitReceipt(api, `/api/tenders/${bid.tenderId}/bids/${bidId}/receipt`, pace);
  const checked = checkSubmissionReceipt(receipt, policy, { entry, commitment: answer.commitment });
  const { index, quorumTime } = checked.receipt;
  if (committed) await deliver(desk, { bid, manifest, policy, upload: () => uploadAll(desk, bid, sealed, hashes) });
  return {
    bidId,
    submittedAt: answer.submittedAt,
    manifestSha256: toBase64(manifestSha256),
    leafSha256: answer.leafSha256,
    receipt,
    index,
    ...(quorumTime === undefined ? {} : { seenAt: quorumTime * 1000 }),
    notIndependent: checked.notIndependent,
    ...(answer.promise === undefined ? {} : { promise: answer.promise }),
    sentParts,
    committed,
  };
}

/** SHA-256 of every part as it lies on the disk, after comparing their tree with the manifest. */
async function partHashes({ tell }: Desk, sealed: Blob, manifest: Manifest): Promise<readonly Uint8Array[]> {
  const { size, parts, root } = manifest.ciphertext;
  const hashes: Uint8Array[] = [];
  for (let index = 0; index < parts && sealed.size === size; index++) {
    hashes.push(await hashOf(partOf(sealed, index)));
    tell.progress('checking', index * PART_BYTES + partLength(index, size), size);
  }
  const whole = sealed.size === size && equalBytes(partRoot(hashes), fromBase64(root));
  check(whole, 'sealed_file_changed', 'The sealed file on this device is not the one that was signed. Seal again.');
  return hashes;
}

const partOf = (sealed: Blob, index: number): Blob => sealed.slice(index * PART_BYTES, (index + 1) * PART_BYTES);
const hashOf = async (part: Blob): Promise<Uint8Array> => digest(new Uint8Array(await part.arrayBuffer()));

type Outgoing = {
  readonly bid: KeptBid;
  readonly sealed: Blob;
  readonly hashes: readonly Uint8Array[];
  readonly submission: BidSubmission;
  readonly entry: ReturnType<typeof bidEntry>;
};

/** What is sent: signed as a bid that comes whole, or as one whose sealed file follows. */
function submissionOf(bid: KeptBid, hashes: readonly Uint8Array[], commitFirst: boolean): BidSubmission {
  const parts = hashes.map(toBase64);
  if (commitFirst && bid.committingSig !== undefined)
    return { manifest: bid.manifest, parts, bodySig: bid.committingSig, precommit: true };
  return { manifest: bid.manifest, parts, bodySig: bid.bodySig };
}

/** A small bid in one request; another one in parts, then the bid that names them. One that is committed first brings
 *  nothing with it. */
async function upload(
  desk: Desk,
  { bid, sealed, hashes, submission, entry }: Outgoing,
): Promise<{ readonly sentParts: number; readonly answer: SubmissionAnswer }> {
  const { api, tell } = desk;
  const { tenderId } = bid;
  if (submission.precommit === true) return { sentParts: 0, answer: await submitOrFind(api, entry, submission) };
  if (sealed.size <= WHOLE_BID_BYTES) {
    tell.progress('uploading', 0, sealed.size);
    const answer = await submitWhole(api, tenderId, submission, new Uint8Array(await sealed.arrayBuffer()));
    if (answer !== undefined) return { sentParts: hashes.length, answer };
  }
  const sentParts = await uploadAll(desk, bid, sealed, hashes);
  return { sentParts, answer: await submitOrFind(api, entry, submission) };
}

/** The parts that the server lacks; how many they were. */
function uploadAll(
  { api, pace, tell }: Desk,
  { tenderId }: KeptBid,
  sealed: Blob,
  hashes: readonly Uint8Array[],
): Promise<number> {
  const sender = { read: async (index: number) => partOf(sealed, index), hashOf, attempt: tusAttempt(api), pace };
  return uploadParts(api, { tenderId, size: sealed.size, hashes }, sender, progressOf(tell, 'uploading'));
}
