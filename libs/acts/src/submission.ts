/** The request that submits a sealed bid, and what its answer must be. Nothing here says "submitted" before the receipt
 *  was verified offline. */
import { toBase64, type Envelope, type Signature, type VerifyEd25519 } from '@segel/encoding';
import type { Policy } from '@segel/tlog';
import type { Api, Pace } from './api.js';
import { ApiProblem, check, CheckFailed, NetworkError } from './failure.js';
import { verifyBidReceipt, type CheckedReceipt, type ExpectedEntry } from './receipt.js';

/** A signed bid as it is sent; hashes of the sealed file's parts are base64. */
export type BidSubmission = {
  readonly manifest: Envelope;
  readonly parts: readonly string[];
  readonly bodySig: Signature;
  readonly precommit?: boolean;
};

/** What the server says of a bid it admitted. */
export type SubmissionAnswer = {
  readonly bidId: string;
  readonly leafSha256: string;
  readonly commitment: string;
  readonly submittedAt: string;
  readonly ciphertextDueAt?: string;
  /** Absent when an earlier call got through and only its receipt was missed. */
  readonly promise?: Envelope;
};

/** A line that cannot bring so much at once is better served by an upload that goes on where it was cut. */
export const WHOLE_BID_BYTES = 512 * 1024;
/** What an upload in parts may still get through: the bid is there already, or this server does not know the one request. */
const TRY_OTHERWISE = new Set(['bid_exists', 'request_malformed', 'payload_too_large']);

/** Submits a bid of at most WHOLE_BID_BYTES whole. Returns undefined when the server did not get or take it so: then it
 *  goes the other way, which finds what may have got through. Throws what else the server refuses. */
export async function submitWhole(
  api: Pick<Api, 'postWith'>,
  tenderId: string,
  submission: BidSubmission,
  ciphertext: Uint8Array,
): Promise<SubmissionAnswer | undefined> {
  try {
    return await api.postWith<SubmissionAnswer>(`/api/tenders/${tenderId}/bids`, submission, ciphertext);
  } catch (error) {
    if (error instanceof NetworkError || (error instanceof ApiProblem && TRY_OTHERWISE.has(error.code)))
      return undefined;
    throw error;
  }
}

/** Submits; when this very bid is there already, an answer was lost and it is only asked for. */
export async function submitOrFind(
  api: Pick<Api, 'get' | 'post'>,
  entry: ExpectedEntry,
  submission: BidSubmission,
): Promise<SubmissionAnswer> {
  const path = `/api/tenders/${entry.tenderId}/bids`;
  try {
    return await api.post<SubmissionAnswer>(path, submission);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'bid_exists')) throw error;
    const bidId = entry.body['bid_id'] as string;
    const found = await api
      .get<Omit<SubmissionAnswer, 'bidId' | 'promise'> & { readonly manifestSha256: string }>(`${path}/${bidId}`)
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

/** One wait of the server, and how long the receipt may take altogether: the promise's delay and as much again. */
const WAIT_MS = 20_000;
const PATIENCE_MS = 120_000;

/** The text of a receipt, as soon as a quorum of witnesses has seen the entry. Throws `receipt_late`: keep the promise,
 *  it is the evidence. */
export async function awaitReceipt(
  api: Pick<Api, 'text'>,
  path: string,
  pace: Pace,
  patienceMs: number = PATIENCE_MS,
): Promise<string> {
  const until = pace.now() + patienceMs;
  const separator = path.includes('?') ? '&' : '?';
  for (;;) {
    const asked = pace.now();
    const waitMs = Math.max(0, Math.min(WAIT_MS, Math.floor(until - asked)));
    const text = await api.text(`${path}${separator}waitMs=${waitMs}`, waitMs + 30_000);
    if (text !== undefined && text !== '') return text;
    if (pace.now() >= until)
      throw new CheckFailed('receipt_late', 'There is no receipt yet. The promise is kept; ask again in a minute.');
    // A server that answers at once, not after waitMs, must not be asked in a tight loop.
    if (pace.now() - asked < 500) await pace.sleep(500);
  }
}

/** The receipt of the bid that was answered for: of this entry and of the commitment that was promised. Throws
 *  `receipt_invalid` and `receipt_mismatch`. */
export function checkSubmissionReceipt(
  text: string,
  policy: Policy,
  { entry, commitment: promised }: { readonly entry: ExpectedEntry; readonly commitment: string },
  verify?: VerifyEd25519,
): CheckedReceipt {
  const checked = verifyBidReceipt(text, policy, entry, verify);
  const { commitment } = checked.receipt;
  check(
    commitment !== undefined && toBase64(commitment) === promised,
    'receipt_mismatch',
    'The receipt is of another commitment than the promise.',
  );
  return checked;
}
