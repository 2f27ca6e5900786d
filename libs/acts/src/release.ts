/** What an opener does after the close: release the shares of a box, of every bid or of none (protocol section 6). */
import { compareBytes, equalBytes, fromBase64, toBase64, type Envelope as DsseEnvelope } from '@segel/encoding';
import { signDocument } from '@segel/encoding';
import { decodeEntry, type Entry } from '@segel/evidence';
import { shareReleaseBody, type EnvelopeKind } from '@segel/procurement';
import {
  chairOf,
  checkManifest,
  openManifest,
  openWrap,
  SealError,
  sentShareCommitment,
  sentSharesRoot,
  type ContextGroup,
  type Manifest,
  type SentShareCommitment,
} from '@segel/sealing';
import { blindedCommitment, leafHash, treeRoot } from '@segel/tlog';
import type { Api } from './api.js';
import { rulesOf } from './bid.js';
import { demandNothingAwaited, type ShownDelivery } from './ciphertexts.js';
import { check, CheckFailed } from './failure.js';
import { recipientOfIdentity, type KeyRing } from './key-ring.js';
import type { LogReader } from './log-reader.js';
import { mayRelease, type ReleasePermission } from './may-release.js';
import { deadlineOf, openersOf } from './tender-log.js';

/** GET release-set. What it says of the box is compared with the log. */
export type ReleaseSet = {
  readonly lotId: string;
  readonly envelope: EnvelopeKind;
  readonly bids: readonly BoxedBid[];
};

type ClosedBox = { readonly id: string; readonly lotId: string; readonly envelope: EnvelopeKind };

/** A bid of the box: its manifest, and the entry that submitted it with the salt that blinds it, all base64. */
type BoxedBid = {
  readonly bidId: string;
  readonly commitment: string;
  readonly salt: string;
  readonly entryBytes: string;
  readonly manifest: DsseEnvelope;
  readonly delivery?: ShownDelivery;
};

export type ReleaseRequest = {
  readonly tenderId: string;
  readonly boxId: string;
  readonly openerId: string;
  readonly log: LogReader;
  readonly now: Date;
};

/** What was released, and what is to be said about it. */
export type Release = {
  readonly bids: number;
  /** Bids whose wrap holds no share for this opener: complained about, in the signed release. */
  readonly complaints: readonly string[];
  readonly group: string;
  readonly permission: ReleasePermission;
};

/** Whether a box may be released, and its bids: all that can be known before the key is unlocked. Throws what
 *  {@link mayRelease} throws, `unknown_box`, `set_differs`, `terms_differ` or `ciphertext_awaited`. */
export async function examineRelease(
  api: Api,
  { tenderId, boxId, log, now }: Omit<ReleaseRequest, 'openerId'>,
): Promise<{ readonly set: ReleaseSet; readonly permission: ReleasePermission }> {
  const path = `/api/tenders/${tenderId}/boxes`;
  const box = (await api.list<ClosedBox>(path)).find(({ id }) => id === boxId);
  check(box !== undefined, 'unknown_box', 'The tender has no such box.');
  const { lotId, envelope } = box;
  // The log first: what the server would have released is asked for only when the log allows it.
  const permission = await mayRelease({ log, tenderId, lotId, envelope, now });
  const set = await api.get<ReleaseSet>(`${path}/${boxId}/release-set`);
  const { bids } = set;
  check(set.lotId === lotId && set.envelope === envelope, 'set_differs', 'The bids to release are of another box.');
  checkSet(set, permission.box.body.set_root, permission.box.body.count);
  const deadline = deadlineOf(permission.tender);
  await demandNothingAwaited(api, log, { tenderId, notice: permission.notice.body, deadline, bids, now });
  return { set, permission };
}

/** Decides with {@link examineRelease}, checks every bid, and releases the shares of all bids or of none. */
export async function releaseShares(api: Api, keys: KeyRing, request: ReleaseRequest): Promise<Release> {
  const { tenderId, boxId, openerId, log } = request;
  const { set, permission } = await examineRelease(api, request);
  const { lotId, envelope } = set;
  const { group, shares, sent } = openShares(set, permission, { keys, openerId, logOrigin: log.checkpoint.origin });
  const commitments = set.bids.map(({ commitment }) => commitment);
  const complained = shares.filter((sent) => 'complaint' in sent).map(({ bidId }) => bidId);
  const complaints = set.bids.filter(({ bidId }) => complained.includes(bidId)).map(({ commitment }) => commitment);
  const sharesRoot = toBase64(sentSharesRoot(sent));
  const body = shareReleaseBody({ lotId, envelope, openerId, group, commitments, complaints, sharesRoot });
  const signature = signDocument('opening.share_released', body, keys.signingSecret);
  await api.post(`/api/tenders/${tenderId}/boxes/${boxId}/releases`, { shares, ...signature });
  return { bids: shares.length, complaints: complained, group, permission };
}

type Opener = { readonly keys: KeyRing; readonly openerId: string; readonly logOrigin: string };
type SentShare = { readonly bidId: string; readonly x: number } & (
  { readonly share: string } | { readonly complaint: Complaint }
);
type Complaint = 'undecryptable' | 'context_mismatch' | 'commitment_mismatch';

/** The shares of a release set and what the opener signs of them, each bid checked against log, box and notice. A wrap that holds no share becomes a
 *  complaint, so that one vendor's broken bid does not hold up the others; the re-deal judges it later. Throws CheckFailed
 *  `set_differs`, `opener_not_named`, `no_opener_key` or `bid_mismatch`: then nothing is released. */
export function openShares(
  set: ReleaseSet,
  permission: ReleasePermission,
  opener: Opener,
): { readonly group: string; readonly shares: readonly SentShare[]; readonly sent: readonly SentShareCommitment[] } {
  const { tender, notice, box } = permission;
  checkSet(set, box.body.set_root, box.body.count);
  const groups = openersOf(tender, notice);
  const seat = seatOf(groups, opener.openerId);
  const own = opener.keys.openerIdentities.filter(({ tenderId }) => tenderId === tender.tenderId);
  // A lost key may have been replaced: the one that counts is the one the notice pins.
  const identity = own.find((one) => recipientOfIdentity(one.identity) === seat.recipient)?.identity;
  check(identity, 'no_opener_key', 'The key file does not hold the key for this tender that the notice pins.');
  const sent: SentShareCommitment[] = [];
  const shares = set.bids.map((bid) => {
    const manifest = manifestOf(bid, permission, groups, opener.logOrigin);
    const chair = chairOf(manifest, opener.openerId)!;
    const opened = openOwnWrap(manifest, identity, opener.openerId);
    if ('share' in opened) {
      const share = sentShareCommitment(manifest, chair, fromBase64(opened.share));
      sent.push({ bid: fromBase64(bid.commitment), share });
    }
    return { bidId: bid.bidId, x: chair.x, ...opened };
  });
  return { group: seat.group, shares, sent };
}

/** Every commitment of the box and no other: their tree is the one in the log. */
function checkSet({ bids }: ReleaseSet, setRoot: string, count: number): void {
  const commitments = bids.map(({ commitment }) => fromBase64(commitment)).toSorted(compareBytes);
  const distinct = commitments.every((one, i) => i === 0 || !equalBytes(one, commitments[i - 1]!));
  const root = toBase64(treeRoot(commitments.map((commitment) => leafHash(commitment))));
  const ids = new Set(bids.map(({ bidId }) => bidId));
  check(
    distinct && ids.size === bids.length && bids.length === count && root === setRoot,
    'set_differs',
    'The bids to release are not the set that was frozen in the log.',
  );
}

function seatOf(
  groups: readonly ContextGroup[],
  openerId: string,
): { readonly group: string; readonly recipient: string } {
  for (const { name, openers } of groups) {
    const found = openers.find((opener) => opener.opener_id === openerId);
    if (found !== undefined) return { group: name, recipient: found.recipient };
  }
  throw new CheckFailed('opener_not_named', 'The notice names this opener in no group.');
}

function manifestOf(
  bid: BoxedBid,
  { tender, notices, notice, box }: ReleasePermission,
  groups: readonly ContextGroup[],
  logOrigin: string,
): Manifest {
  const { bidId } = bid;
  const differs = (what: string): CheckFailed =>
    new CheckFailed('bid_mismatch', `Bid ${bidId} is not one of this box: ${what}.`, { bidId });
  let opened: ReturnType<typeof openManifest>;
  let entry: Entry;
  try {
    const rules = rulesOf({ rulePackId: notice.body.rule_pack.id });
    opened = openManifest(bid.manifest, rules, tender.verify);
    entry = entryOf(bid);
  } catch (error) {
    throw differs((error as Error).message);
  }
  const { manifest, manifestSha256 } = opened;
  const named = entry.body['manifest_sha256'] === toBase64(manifestSha256) && entry.body['bid_id'] === bidId;
  if (!named || entry.tenderId !== tender.tenderId) throw differs('its entry in the log names another manifest');
  const [finding] = checkManifest(manifest, {
    suite: notice.body.suite,
    log_origin: logOrigin,
    tender_id: tender.tenderId,
    lot_id: box.body.lot_id,
    envelope: box.body.envelope,
    bid_id: bidId,
    groups,
  });
  if (finding !== undefined) throw differs(`its ${finding.field} differs`);
  // A bid may stand on an earlier notice that it was reconfirmed under.
  const known = notices.some(({ sha256 }) => sha256 === manifest.context.notice_sha256);
  if (!known) throw differs('its notice is not one of the tender');
  return manifest;
}

/** The entry behind a commitment of the frozen set: a server cannot show the manifest of another bid in its place. */
function entryOf({ commitment, salt, entryBytes }: BoxedBid): Entry {
  const bytes = fromBase64(entryBytes);
  if (!equalBytes(blindedCommitment(fromBase64(salt), bytes), fromBase64(commitment))) {
    throw new Error('its entry does not give its commitment');
  }
  const entry = decodeEntry(bytes);
  if (entry.type !== 'bid.submitted' && entry.type !== 'bid.replaced') throw new Error('its entry submits no bid');
  return entry;
}

function openOwnWrap(
  manifest: Manifest,
  identity: string,
  openerId: string,
): { readonly share: string } | { readonly complaint: Complaint } {
  try {
    return { share: toBase64(openWrap(manifest, chairOf(manifest, openerId)!, identity)) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const { code } = error;
    return { complaint: code === 'context_mismatch' || code === 'commitment_mismatch' ? code : 'undecryptable' };
  }
}
