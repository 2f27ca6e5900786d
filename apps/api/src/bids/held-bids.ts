/** Submitted bids as the store holds them: what of one is damaged or missing, and the vendor's own bytes put back. */
import { toBase64 } from '@segel/encoding';
import { neededUntil, type NamedBytes } from '@segel/procurement';
import { PART_BYTES } from '@segel/sealing';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Damages } from '../platform/object-store/damages.js';
import { ObjectDamage } from '../platform/object-store/object-damage.entity.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { BidPart } from './bid-part.entity.js';
import { ownBid, vendorOf } from './bid-rows.js';
import type { PublishedTender } from './bid-window.js';

/** Store requests under way at a time for one caller. */
const AT_ONCE = 16;

/** Bids that name a hash, as their manifest's or as that of a part. */
const NAMES = `SELECT id FROM bid WHERE manifest_object = $1
  UNION SELECT bid_id FROM bid_part WHERE sha256 = $1`;
const ENDS = ['award.decided', 'tender.cancelled', 'tender.failed'];

@Injectable()
export class HeldBids {
  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly damages: Damages,
  ) {}

  /** The bytes of a hash as a bid of this vendor on this tender names them; undefined when none does. */
  async named(
    { tenderId, vendorId }: { readonly tenderId: string; readonly vendorId: string },
    { state, pack }: PublishedTender,
    sha256: Uint8Array,
  ): Promise<NamedBytes | undefined> {
    const own = await this.database.query(
      `SELECT FROM bid WHERE tender_id = $2 AND vendor_id = $3 AND id IN (${NAMES}) LIMIT 1`,
      [Buffer.from(sha256), tenderId, vendorId],
    );
    if (own.length === 0) return undefined;
    const [end] = await this.database.query<{ at: Date | null }>(
      'SELECT max(at) AS at FROM trail WHERE tender_id = $1 AND type = ANY ($2)',
      [tenderId, ENDS],
    );
    const { stored } = await this.damages.examine(sha256);
    return { stored, neededUntil: neededUntil({ state, pack, endedAt: end?.at ?? null }) };
  }

  /** Puts a bid's own bytes back. An opening that waited for them goes on. */
  async restore(sha256: Uint8Array, bytes: Uint8Array): Promise<void> {
    const { stored } = await this.damages.examine(sha256);
    // The vendor was faster than the nightly reading: the log has the damage before its repair.
    if (stored !== 'whole') await this.damages.found(sha256, stored);
    await this.store.restore(contentKey(sha256), bytes);
    await this.damages.restored(sha256, (tx) => resumeOpenings(tx, sha256));
  }

  /** Hashes (base64) of what is known to be damaged, and of parts that are gone or have another size, of an own bid. */
  async damaged(actor: Actor, tenderId: string, bidId: string): Promise<readonly string[]> {
    const bid = await ownBid(this.database.manager, vendorOf(actor), tenderId, bidId);
    const rows = await this.database.manager.find(BidPart, { where: { bidId }, order: { position: 'ASC' } });
    const parts = rows.map(({ sha256 }) => sha256);
    const open = await this.database.manager.findBy(ObjectDamage, { restoredAt: IsNull() });
    const known = new Set(open.map(({ sha256 }) => toBase64(sha256)));
    const last = Number(bid.sizeBytes) - (parts.length - 1) * PART_BYTES;
    const sizes = await this.sizes([bid.manifestObject, ...parts]);
    const lost = (i: number): boolean =>
      i === 0 ? sizes[0] === undefined : sizes[i] !== (i === parts.length ? last : PART_BYTES);
    return [bid.manifestObject, ...parts].flatMap((sha256, i) => {
      const hash = toBase64(sha256);
      return known.has(hash) || lost(i) ? [hash] : [];
    });
  }

  private async sizes(hashes: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> {
    const sizes: (number | undefined)[] = [];
    for (let at = 0; at < hashes.length; at += AT_ONCE)
      sizes.push(
        ...(await Promise.all(hashes.slice(at, at + AT_ONCE).map((hash) => this.store.size(contentKey(hash))))),
      );
    return sizes;
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
