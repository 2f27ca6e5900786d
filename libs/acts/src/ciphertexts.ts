/** May sealed files of the box still come? An opener who released before could show a vendor the others' prices while it
 *  can still let its own bid lapse. Decided from the log and the terms that the notice binds, not on the server's word. */
import { equalBytes, fromBase64, fromDocument, parseCanonicalObject, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { ciphertextDueAt, type TenderTerms } from '@segel/procurement';
import { blindedCommitment, blindedLeaf } from '@segel/tlog';
import type { Api } from './api.js';
import { check, CheckFailed } from './failure.js';
import type { LogReader } from './log-reader.js';
import type { NoticeBody } from './tender-log.js';

/** The entry that a bid's sealed files came, with its salt and its place in the log. */
export type ShownDelivery = { readonly salt: string; readonly entryBytes: string; readonly index: number };

/** A bid of the box: the entry that submitted it, and the one that delivered its files, base64. */
export type ShownBid = { readonly bidId: string; readonly entryBytes: string; readonly delivery?: ShownDelivery };

/** Throws CheckFailed `ciphertext_awaited` while the grace of the terms runs and the log does not hold the delivery of
 *  every bid that was committed before its files; `terms_differ` when the terms are not the notice's. Of a bid whose
 *  files came with it nothing is asked. */
export async function demandNothingAwaited(
  client: Api,
  log: LogReader,
  given: {
    readonly tenderId: string;
    readonly notice: NoticeBody;
    /** The deadline in force, which an outage may have moved since the terms. */
    readonly deadline: string;
    readonly bids: readonly ShownBid[];
    readonly now: Date;
  },
): Promise<void> {
  const { tenderId, notice, now } = given;
  const committed = given.bids.filter(
    ({ entryBytes }) => decodeEntry(fromBase64(entryBytes)).body['precommit'] === true,
  );
  if (committed.length === 0) return;
  const bytes = await client.bytes(`/api/tenders/${tenderId}/terms/${notice.version}`);
  const bound = toBase64(sha256(bytes)) === notice.terms_sha256;
  check(bound, 'terms_differ', 'The terms are not those of the notice.');
  const { precommit } = fromDocument<TenderTerms>(parseCanonicalObject(bytes));
  const dueAt = ciphertextDueAt(new Date(given.deadline), precommit);
  if (dueAt === undefined || now >= dueAt) return;
  for (const bid of committed) {
    if (bid.delivery !== undefined && (await isDelivered(log, tenderId, bid, bid.delivery))) continue;
    const sentence = `Sealed files of the box may still come until ${dueAt.toISOString()}: release after that.`;
    throw new CheckFailed('ciphertext_awaited', sentence, { bidId: bid.bidId });
  }
}

async function isDelivered(log: LogReader, tenderId: string, bid: ShownBid, shown: ShownDelivery): Promise<boolean> {
  // The public log lags behind by an interval: what is not in it yet is asked for again in a minute.
  if (shown.index >= log.size) return false;
  const bytes = fromBase64(shown.entryBytes);
  const leaf = blindedLeaf(blindedCommitment(fromBase64(shown.salt), bytes));
  if (!equalBytes(await log.entry(shown.index), leaf)) return false;
  const entry = decodeEntry(bytes);
  const submitted = decodeEntry(fromBase64(bid.entryBytes)).body;
  return (
    entry.type === 'bid.delivered' &&
    entry.tenderId === tenderId &&
    entry.body['bid_id'] === submitted['bid_id'] &&
    entry.body['manifest_sha256'] === submitted['manifest_sha256'] &&
    entry.body['ct_root'] === submitted['ct_root']
  );
}
