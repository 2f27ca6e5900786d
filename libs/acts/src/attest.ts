/** The auditor's attestation: every leaf of the period opened, the set of valid bids built again and compared with the
 *  frozen box (protocol section 5). */
import {
  compareBytes,
  equalBytes,
  fromBase64,
  parseInstant,
  signDocument,
  toBase64,
  type CanonicalObject,
} from '@segel/encoding';
import { decodeEntry, verifyBodySignatures, type Entry } from '@segel/evidence';
import { validBids, type BidReconfirmation, type BidVersion, type BidWithdrawal } from '@segel/procurement';
import { blindedCommitment, leafHash, parseLeaf, treeRoot } from '@segel/tlog';
import type { Api, Progress } from './api.js';
import { check, CheckFailed } from './failure.js';
import type { KeyRing } from './key-ring.js';
import type { LogReader } from './log-reader.js';
import { boxOf, type LoggedBox } from './may-release.js';
import { type LoggedNotice, noticesOf, readTenderLog, type TenderLog, vendorKey } from './tender-log.js';

/** GET /api/audit/entries: one leaf, opened where it is blinded. Bytes are base64. */
export type AuditEntry = {
  readonly index: number;
  readonly data: string;
  readonly salt?: string | null;
  readonly entryBytes?: string | null;
};

export type AttestRequest = {
  readonly tenderId: string;
  readonly boxId: string;
  readonly log: LogReader;
  readonly progress?: Progress;
};

/** A box found complete and attested. */
export type Attestation = {
  readonly body: CanonicalObject;
  readonly count: number;
  /** Leaves that were opened: all of the period that are blinded. */
  readonly opened: number;
};

type Box = { readonly id: string; readonly lotId: string; readonly envelope: 'single' | 'technical' | 'price' };
type Version = BidVersion & { readonly commitment: Uint8Array };

const PAGE = 500;

/** Opens every leaf from the publication to the cut, rebuilds the set and signs `box.attested` when it is the frozen
 *  one. Throws CheckFailed `unknown_box`, `leaf_differs`, `leaf_unopened`, `bid_unsigned`, `bid_late`, `set_differs`. */
export async function attestBox(api: Api, keys: KeyRing, request: AttestRequest): Promise<Attestation> {
  const { tenderId, boxId, log, progress } = request;
  const boxes = await api.list<Box>(`/api/tenders/${tenderId}/boxes`);
  const listed = boxes.find(({ id }) => id === boxId);
  check(listed !== undefined, 'unknown_box', 'The tender has no such box.');
  const tender = await readTenderLog(log, tenderId);
  const box = boxOf(tender, listed);
  const span = { from: noticesOf(tender)[0]!.index, to: box.body.cut_size };
  const period = await openPeriod(api, log, tender, span, progress);
  demandComplete(tender, box, period.entries);
  const { lot_id, envelope, set_root, cut_size } = box.body;
  const body = { lot_id, envelope, box_idx: box.index, set_root, cut_size };
  const signature = signDocument('box.attested', body, keys.signingSecret);
  await api.post(`/api/tenders/${tenderId}/boxes/${boxId}/attestation`, signature);
  return { body, count: box.body.count, opened: period.opened };
}

type OpenedEntry = { readonly index: number; readonly commitment: Uint8Array; readonly entry: Entry };
type Period = { readonly entries: readonly OpenedEntry[]; readonly opened: number };

async function openPeriod(
  api: Api,
  log: LogReader,
  tender: TenderLog,
  { from, to }: { readonly from: number; readonly to: number },
  progress?: Progress,
): Promise<Period> {
  const entries: OpenedEntry[] = [];
  let opened = 0;
  for (let at = from; at < to; at += PAGE) {
    const end = Math.min(at + PAGE, to);
    progress?.(at - from, to - from, 'entries', 'entries');
    const page = await api.list<AuditEntry>(`/api/audit/entries?from=${at}&to=${end}`);
    const byIndex = new Map(page.map((entry) => [entry.index, entry]));
    for await (const { index, data } of log.entries(at, end)) {
      const leaf = parseLeaf(data);
      if (!leaf.blinded) continue;
      const entryBytes = openLeaf(index, data, leaf.commitment, byIndex.get(index));
      // No erasure excuses it: before the opening nothing in the period may be erased, or a bid could be.
      check(entryBytes !== undefined, 'leaf_unopened', `The server did not open leaf ${index}.`);
      opened++;
      const entry = decodeEntry(entryBytes);
      if (entry.tenderId === tender.tenderId) entries.push({ index, commitment: leaf.commitment, entry });
    }
  }
  return { entries, opened };
}

/** The entry behind a blinded leaf, after comparing it with the log; undefined when it was not opened. */
function openLeaf(
  index: number,
  data: Uint8Array,
  commitment: Uint8Array,
  given: AuditEntry | undefined,
): Uint8Array | undefined {
  const same = given !== undefined && equalBytes(fromBase64(given.data), data);
  check(same, 'leaf_differs', `What the server shows as leaf ${index} is not the leaf in the log.`);
  if (typeof given.salt !== 'string' || typeof given.entryBytes !== 'string') return undefined;
  const entryBytes = fromBase64(given.entryBytes);
  const holds = equalBytes(blindedCommitment(fromBase64(given.salt), entryBytes), commitment);
  check(holds, 'leaf_differs', `The opening of leaf ${index} is not of its commitment.`);
  return entryBytes;
}

/** The valid bids by the entries are exactly those of the box. */
function demandComplete(tender: TenderLog, box: LoggedBox, entries: readonly OpenedEntry[]): void {
  const deadline = parseInstant(box.body.deadline);
  const acts = entries.filter(({ entry }) => BID_ACTS.has(entry.type));
  for (const { index, entry } of acts) {
    const signer = entry.bodySig?.[0]?.key ?? '';
    const vendorId = (entry.body['vendor_id'] ?? vendorOfBid(acts, entry)) as string;
    const signed =
      verifyBodySignatures(entry, tender.verify) && vendorKey(tender, vendorId, signer, index) !== undefined;
    check(signed, 'bid_unsigned', `The bid entry ${index} is not signed by a registered key of its vendor.`);
    check(entry.at < deadline, 'bid_late', `The bid entry ${index} was recorded after the deadline.`);
  }
  const valid = validBids({
    versions: acts.filter(({ entry }) => isVersion(entry)).map(versionOf),
    withdrawals: acts.filter(({ entry }) => entry.type === 'bid.withdrawn').map(withdrawalOf),
    reconfirmations: acts.filter(({ entry }) => entry.type === 'bid.reconfirmed').map(reconfirmationOf),
    notices: noticesOf(tender)
      .filter(({ index }) => index < box.index)
      .map(noticeOf),
    cutSize: box.body.cut_size,
  }).filter(({ lotId, envelope }) => lotId === box.body.lot_id && envelope === box.body.envelope);
  const commitments = valid.map(({ commitment }) => commitment).toSorted(compareBytes);
  const root = toBase64(treeRoot(commitments.map((commitment) => leafHash(commitment))));
  if (root === box.body.set_root && commitments.length === box.body.count) return;
  const sentence = `The box holds ${box.body.count} bids, the entries give ${commitments.length}, or other ones.`;
  throw new CheckFailed('set_differs', sentence, { inBox: box.body.count, byEntries: commitments.length });
}

const BID_ACTS: ReadonlySet<string> = new Set(['bid.submitted', 'bid.replaced', 'bid.withdrawn', 'bid.reconfirmed']);
const isVersion = (entry: Entry): boolean => entry.type === 'bid.submitted' || entry.type === 'bid.replaced';

function vendorOfBid(acts: readonly OpenedEntry[], { body }: Entry): string | undefined {
  const version = acts.find(({ entry }) => isVersion(entry) && entry.body['bid_id'] === body['bid_id']);
  return version?.entry.body['vendor_id'] as string | undefined;
}

function versionOf({ index, commitment, entry: { body } }: OpenedEntry): Version {
  return {
    bidId: body['bid_id'] as string,
    vendorId: body['vendor_id'] as string,
    lotId: body['lot_id'] as string,
    envelope: body['envelope'] as Version['envelope'],
    noticeSha256: body['notice_sha256'] as string,
    index,
    commitment,
  };
}

const withdrawalOf = ({ index, entry }: OpenedEntry): BidWithdrawal => ({
  bidId: entry.body['bid_id'] as string,
  index,
});

const reconfirmationOf = ({ index, entry }: OpenedEntry): BidReconfirmation => ({
  bidId: entry.body['bid_id'] as string,
  noticeSha256: entry.body['notice_sha256'] as string,
  index,
});

const noticeOf = ({ sha256, body }: LoggedNotice): { noticeSha256: string; resealRequired: boolean } => ({
  noticeSha256: sha256,
  resealRequired: body.reseal_required === true,
});
