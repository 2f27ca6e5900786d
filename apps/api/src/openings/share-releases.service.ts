/** Openers release their shares of a box: of every bid, or of none (protocol section 6). */
import { formatInstant, fromBase64, toBase64, type CanonicalObject, type Signature } from '@segel/encoding';
import { demand, demandReadable, demandReleasable, Refusal, shareReleaseBody } from '@segel/procurement';
import {
  chairOf,
  committedShare,
  isShareOf,
  proveSentShare,
  sentShareCommitment,
  sentSharesRoot,
  type Manifest,
  type SentShareCommitment,
} from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import type { Bid } from '../bids/bid.entity.js';
import { demandOwnSignature } from '../platform/auth/own-signature.js';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { failpoint } from '../platform/failpoint.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { decoded } from './decoded.js';
import type { ReleaseRequest, ReleaseSetView, ReleaseView } from './openings.dto.js';
import { usersOf } from './people-to-tell.js';
import { gateOf, groupOf, SealedBoxes, windowsOf, type SealedBox } from './sealed-boxes.js';
import { Share } from './share.entity.js';
import { ShareComplaint } from './share-complaint.entity.js';
import { ShareRejection } from './share-rejection.entity.js';
import { ShareRelease } from './share-release.entity.js';

/** A bid of the box and what was sent for it, decoded: the share of the sender's chair, or a complaint about its wrap.
 *  `valid` when the share is the committed one; a complaint is judged by the re-deal. */
type SentShare = { readonly bid: Bid; readonly x: number; readonly valid: boolean } & (
  { readonly share: Uint8Array; readonly commitment: Uint8Array } | { readonly complaint: string }
);

type Accepted = {
  readonly group: string;
  readonly body: CanonicalObject;
  readonly signature: Signature;
  readonly sent: readonly SentShare[];
};

@Injectable()
export class ShareReleases {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly boxes: SealedBoxes,
    private readonly clock: Clock,
  ) {}

  /** The manifests an opener's client checks before it decides. Nobody sees who bid before the box is closed. */
  async releaseSet(actor: Actor, tenderId: string, boxId: string): Promise<ReleaseSetView> {
    const sealed = await this.boxes.find(tenderId, boxId);
    const group = demandSeat(sealed, actor);
    demandReadable(await gateOf(this.database.manager, sealed), this.clock.now());
    const { box } = sealed;
    const bids: ReleaseSetView['bids'] = [];
    const committed: SentShareCommitment[] = [];
    for (const bid of sealed.bids) {
      const { envelope, manifest } = await this.boxes.manifest(bid, sealed.tender);
      const opening = await this.boxes.opening(bid);
      const share = committedShare(manifest, actor.id);
      if (share !== undefined) committed.push({ bid: bid.commitment, share });
      const delivery = await this.boxes.delivery(bid);
      const came = delivery === undefined ? {} : { delivery };
      bids.push({ bidId: bid.id, commitment: toBase64(bid.commitment), ...opening, ...came, manifest: envelope });
    }
    return {
      boxId: box.id,
      lotId: box.lotId,
      envelope: box.envelope,
      cutSize: box.cutSize,
      count: box.count,
      setRoot: toBase64(box.setRoot),
      group,
      body: this.body(sealed, actor, group, committed),
      bids,
    };
  }

  /** Takes a release whole, or refuses it. A wrong share makes the whole release none and is logged with the opener's
   *  signature; the shares themselves go to the database and never leave it. */
  async release(actor: Actor, tenderId: string, boxId: string, request: ReleaseRequest): Promise<ReleaseView> {
    const sealed = await this.boxes.find(tenderId, boxId);
    const manifests = new Map<string, Manifest>();
    for (const bid of sealed.bids) manifests.set(bid.id, (await this.boxes.manifest(bid, sealed.tender)).manifest);
    const witnessedInTime = await this.boxes.witnessedInTime(sealed);

    const result = await this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const group = demandSeat(sealed, actor);
      demandReleasable({ ...(await gateOf(tx.manager, sealed)), witnessedInTime }, tx.now);
      const earlier = await tx.manager.existsBy(ShareRelease, { boxId, openerId: actor.id });
      demand(!earlier, 'share_repeated', 'You have released your shares of this box.');
      const sent = sentShares(sealed, manifests, actor.id, request);
      const body = this.body(sealed, actor, group, commitmentsOf(sent), request);
      // Of the shares as they came: what was not sent by the opener does not carry its signature.
      await demandOwnSignature(tx.manager, actor.id, 'opening.share_released', body, request);
      if (sent.some(({ valid }) => !valid))
        return this.reject(tx, sealed, actor, { group, body, signature: request, sent });
      return this.accept(tx, sealed, actor, { group, body, signature: request, sent });
    });
    failpoint('opening.share_received');
    if ('invalid' in result) {
      throw new Refusal('share_invalid', 'A share is not the one its bid committed to; nothing was released.', {
        bids: result.invalid,
      });
    }
    return result;
  }

  private body(
    { box, bids }: SealedBox,
    actor: Actor,
    group: string,
    sent: readonly SentShareCommitment[],
    request?: ReleaseRequest,
  ): CanonicalObject {
    const complained = new Set(request?.shares.filter((s) => s.complaint !== undefined).map(({ bidId }) => bidId));
    return shareReleaseBody({
      lotId: box.lotId,
      envelope: box.envelope,
      openerId: actor.id,
      group,
      commitments: bids.map(({ commitment }) => toBase64(commitment)),
      complaints: bids.filter(({ id }) => complained.has(id)).map(({ commitment }) => toBase64(commitment)),
      sharesRoot: toBase64(sentSharesRoot(sent)),
    });
  }

  private async accept(tx: Tx, sealed: SealedBox, actor: Actor, given: Accepted): Promise<ReleaseView> {
    const { box } = sealed;
    const { group, body, sent } = given;
    const { key, sig } = given.signature;
    const { tenderId, lotId } = box;
    const recorded = await tx.record({
      type: 'opening.share_released',
      tenderId,
      lotId,
      body,
      bodySig: [{ key, sig }],
    });
    const releaseId = tx.newId();
    const row: object = {
      id: releaseId,
      boxId: box.id,
      openerId: actor.id,
      groupName: group,
      body,
      key,
      sig,
      releasedAt: tx.now,
    };
    await tx.manager.insert(ShareRelease, { ...row, leafSha256: fromBase64(recorded.leafSha256) });
    for (const item of sent) {
      const place = { releaseId, bidId: item.bid.id };
      if ('complaint' in item) {
        await askForSeed(tx, sealed, item.bid);
        await tx.manager.insert(ShareComplaint, { ...place, reason: item.complaint });
      } else await tx.manager.insert(Share, { ...place, x: item.x, share: Buffer.from(item.share) });
    }
    await tx.enqueue('opening.combine', { boxId: box.id }, { key: `combine:${box.id}` });
    const runAt = windowsOf(sealed).disclosureEndAt;
    await tx.enqueue('opening.combine', { boxId: box.id }, { runAt, key: `combine-late:${box.id}` });
    return { releaseId, releasedAt: tx.now.toISOString(), leafSha256: recorded.leafSha256 };
  }

  /** Names one wrong share: it is enough to refuse the release, and to prove whose fault it is. */
  private async reject(tx: Tx, { box }: SealedBox, actor: Actor, given: Accepted): Promise<{ invalid: string }> {
    const reason = 'not the committed share of the chair';
    const { group, body, sent } = given;
    const { key, sig } = given.signature;
    const wrong = sent.filter(({ valid }) => !valid);
    const { bid } = wrong[0]!;
    const row = { id: tx.newId(), boxId: box.id, openerId: actor.id, bidId: bid.id, reason, rejectedAt: tx.now };
    await tx.manager.insert(ShareRejection, row);
    const { complaints } = body;
    const { share_commitment, index, size, proof } = proveSentShare(commitmentsOf(sent), bid.commitment);
    await tx.record({
      type: 'opening.share_rejected',
      tenderId: box.tenderId,
      lotId: box.lotId,
      body: {
        lot_id: box.lotId,
        envelope: box.envelope,
        opener_id: actor.id,
        bid_commitment: toBase64(bid.commitment),
        reason,
        release: {
          group,
          key,
          sig,
          shares_root: body['shares_root']!,
          ...(complaints === undefined ? {} : { complaints }),
        },
        sent: { share_commitment, index, size, proof },
      },
    });
    const bids = wrong.slice(0, 20).map((item) => item.bid.id);
    return { invalid: bids.join(' ') };
  }
}

/** What the opener signs of its shares. */
function commitmentsOf(sent: readonly SentShare[]): readonly SentShareCommitment[] {
  return sent.flatMap((item) => ('share' in item ? [{ bid: item.bid.commitment, share: item.commitment }] : []));
}

/** The first complaint about a bid is told to its vendor, who alone can answer it: a complaint may be a lie, and who
 *  does not hear of it loses the bid by silence. */
async function askForSeed(tx: Tx, sealed: SealedBox, bid: Bid): Promise<void> {
  const { id: tenderId, title } = sealed.tender;
  if (await tx.manager.existsBy(ShareComplaint, { bidId: bid.id })) return;
  const until = formatInstant(windowsOf(sealed).disclosureEndAt);
  const params = { tenderId, title, bidId: bid.id, until };
  for (const accountId of await usersOf(tx.manager, bid.vendorId))
    await tx.notify({ accountId, code: 'seed_requested', params });
}

/** The opener's group by the notice: a role alone seats nobody. */
function demandSeat({ notice }: SealedBox, actor: Actor): string {
  const group = groupOf(notice, actor.id);
  demand(group, 'not_allowed', 'The notice names you in no group of openers.');
  return group.name;
}

/** One share for each bid of the box, in its order. Throws `release_incomplete`. */
function sentShares(
  { bids }: SealedBox,
  manifests: ReadonlyMap<string, Manifest>,
  openerId: string,
  { shares }: ReleaseRequest,
): readonly SentShare[] {
  const byBid = new Map(shares.map((share) => [share.bidId, share]));
  const whole = byBid.size === shares.length && byBid.size === bids.length && bids.every(({ id }) => byBid.has(id));
  demand(whole, 'release_incomplete', 'A release holds exactly one share for every bid of the box.', {
    bids: bids.length,
    shares: shares.length,
  });
  return bids.map((bid) => {
    const { x, share, complaint } = byBid.get(bid.id)!;
    demand((share === undefined) !== (complaint === undefined), 'release_incomplete', 'Send a share or a complaint.');
    const manifest = manifests.get(bid.id)!;
    const chair = chairOf(manifest, openerId);
    // Nobody is blamed for a wrong number beside a share.
    demand(chair?.x === x, 'release_incomplete', 'A share is not for your chair.', { bid: bid.id });
    if (complaint !== undefined) return { bid, x, complaint, valid: true };
    const bytes = decoded(share!);
    const commitment = sentShareCommitment(manifest, chair, bytes);
    return { bid, x, share: bytes, commitment, valid: isShareOf(manifest, { ...chair, share: bytes }) };
  });
}
