/** Submitted bids as the store holds them: what of one is damaged or missing, and the vendor's own bytes put back. */
import { equalBytes, toBase64 } from '@segel/encoding';
import { admitRestore, neededUntil, Refusal, type NamedBytes } from '@segel/procurement';
import { PART_BYTES } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { IsNull } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Damages } from '../platform/object-store/damages.js';
import { ObjectDamage } from '../platform/object-store/object-damage.entity.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { BidDelivery } from './bid-delivery.entity.js';
import { BidPart } from './bid-part.entity.js';
import { BidParts } from './bid-parts.js';
import { ownBid, vendorOf } from './bid-rows.js';
import { publishedTender, type PublishedTender } from './bid-window.js';

/** Bids that name a hash, as their manifest's or as that of a part. */
const NAMES = `SELECT id FROM bid WHERE manifest_object = $1
  UNION SELECT bid_id FROM bid_part WHERE sha256 = $1`;
/** Files of a bid that was only committed came late or never: they are not lost. */
const CAME = 'NOT precommit OR EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = bid.id)';
const ENDS = ['award.decided', 'tender.cancelled', 'tender.failed'];

/** Bytes of a bid by their hash. */
type Lost = { readonly tenderId: string; readonly bidId: string; readonly sha256: Uint8Array };

@Injectable()
export class HeldBids {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly store: ObjectStore,
    private readonly damages: Damages,
    private readonly parts: BidParts,
  ) {}

  /** Puts bytes of the vendor's own bid back. An opening that waited for them goes on. The refusal leaves an entry.
   *  @throws Refusal `part_digest_mismatch`, `bid_unknown`, `wrong_state` */
  async restore(actor: Actor, lost: Lost, bytes: Uint8Array): Promise<void> {
    const { tenderId, sha256: digest } = lost;
    if (!equalBytes(createHash('sha256').update(bytes).digest(), digest)) {
      throw new Refusal('part_digest_mismatch', 'The bytes are not those its address names; nothing was stored.');
    }
    const window = await publishedTender(this.database.manager, tenderId);
    const named = await this.named(vendorOf(actor), lost, window);
    try {
      admitRestore({ named, now: this.clock.now() });
    } catch (refusal) {
      await this.journal.commit(actor, { on: 'none' }, () => Promise.reject(refusal as Error));
    }
    // The vendor was faster than the nightly reading: the log has the damage before its repair.
    if (named !== undefined && named.stored !== 'whole') await this.damages.found(digest, named.stored);
    await this.store.restore(contentKey(digest), bytes);
    await this.damages.restored(digest, (tx) => resumeOpenings(tx, digest));
  }

  /** The bytes of a hash as the vendor's own bid names them; undefined when it does not, or was not delivered. */
  private async named(
    vendorId: string,
    { tenderId, bidId, sha256 }: Lost,
    { state, pack }: PublishedTender,
  ): Promise<NamedBytes | undefined> {
    const own = await this.database.query(
      `SELECT FROM bid WHERE id = $2 AND tender_id = $3 AND vendor_id = $4 AND id IN (${NAMES}) AND (${CAME})`,
      [Buffer.from(sha256), bidId, tenderId, vendorId],
    );
    if (own.length === 0) return undefined;
    const [end] = await this.database.query<{ at: Date | null }>(
      'SELECT max(at) AS at FROM trail WHERE tender_id = $1 AND type = ANY ($2)',
      [tenderId, ENDS],
    );
    const { stored } = await this.damages.examine(sha256);
    return { stored, neededUntil: neededUntil({ state, pack, endedAt: end?.at ?? null }) };
  }

  /** Hashes (base64) of what is known to be damaged, and of parts that are gone or have another size, of an own bid. */
  async damaged(actor: Actor, tenderId: string, bidId: string): Promise<readonly string[]> {
    const bid = await ownBid(this.database.manager, vendorOf(actor), tenderId, bidId);
    const awaited = bid.precommit && !(await this.database.manager.existsBy(BidDelivery, { bidId }));
    if (awaited) return [];
    const rows = await this.database.manager.find(BidPart, { where: { bidId }, order: { position: 'ASC' } });
    const parts = rows.map(({ sha256 }) => sha256);
    const open = await this.database.manager.findBy(ObjectDamage, { restoredAt: IsNull() });
    const known = new Set(open.map(({ sha256 }) => toBase64(sha256)));
    const last = Number(bid.sizeBytes) - (parts.length - 1) * PART_BYTES;
    const sizes = await this.parts.sizes([bid.manifestObject, ...parts]);
    const lost = (i: number): boolean =>
      i === 0 ? sizes[0] === undefined : sizes[i] !== (i === parts.length ? last : PART_BYTES);
    return [bid.manifestObject, ...parts].flatMap((sha256, i) => {
      const hash = toBase64(sha256);
      return known.has(hash) || lost(i) ? [hash] : [];
    });
  }
}

async function resumeOpenings(tx: Tx, sha256: Uint8Array): Promise<void> {
  const boxes = await tx.manager.query<{ box_id: string }[]>(
    `SELECT DISTINCT m.box_id FROM box_bid m JOIN opening o ON o.box_id = m.box_id AND o.completed_at IS NULL
     WHERE m.bid_id IN (${NAMES})`,
    [Buffer.from(sha256)],
  );
  for (const { box_id: boxId } of boxes) await tx.enqueue('opening.combine', { boxId }, { key: `combine:${boxId}` });
}
