/** A small bid in one request: its sealed file with its manifest. */
import { readFile } from 'node:fs/promises';
import type { ApiClient } from '../api-client.js';
import { ApiProblem, NetworkError } from '../problem.js';

/** A line that cannot bring so much at once is better served by an upload that goes on where it was cut. */
const MOST_BYTES = 512 * 1024;
/** What an upload in parts may still get through: the bid is there already, or this server does not know the one request. */
const TRY_OTHERWISE = new Set(['bid_exists', 'request_malformed', 'payload_too_large']);

/** Submits a bid of few bytes whole. Returns undefined when it is larger or the server did not get or take it so: then it
 *  goes the other way, which finds what may have got through. Throws what else the server refuses. */
export async function submitWhole<T>(
  client: ApiClient,
  bid: { readonly tenderId: string; readonly path: string; readonly size: number },
  submission: object,
  onProgress: (done: number, total: number, what: string) => void = () => undefined,
): Promise<T | undefined> {
  if (bid.size > MOST_BYTES) return undefined;
  const bytes = await readFile(bid.path);
  try {
    const answer = await client.postWith<T>(`/api/tenders/${bid.tenderId}/bids`, submission, bytes);
    onProgress(bytes.length, bid.size, 'Uploading');
    return answer;
  } catch (error) {
    if (error instanceof NetworkError || (error instanceof ApiProblem && TRY_OTHERWISE.has(error.code)))
      return undefined;
    throw error;
  }
}
