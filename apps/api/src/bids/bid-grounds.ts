/** What admitting a bid rests on. */
import type { StoredBid, VendorStanding } from '@segel/procurement';
import type { Manifest } from '@segel/sealing';
import type { EntityManager } from 'typeorm';
import type { Ask } from '../platform/database/database.js';
import { USED_ROOM, hashBytes, vendorKeysOf } from './bid-rows.js';
import {
  FROM_PUBLISHED,
  STANDING,
  publishedAs,
  vendorRow,
  vendorStanding,
  type PublishedTender,
  type Standing,
  type VendorRow,
} from './bid-window.js';

export type Grounds = {
  readonly published: PublishedTender;
  readonly vendor: VendorStanding;
  /** The vendor's versions for the lot and envelope, oldest first. */
  readonly existing: readonly StoredBid[];
  /** The vendor's registered keys, base64. */
  readonly keys: readonly string[];
  /** Room that everything else of the vendor takes. */
  readonly usedBytes: number;
};

type Row = Standing & VendorRow & Pick<Grounds, 'existing' | 'keys'> & { readonly used_bytes: number };

const keys = (lock: string): string => `
  (SELECT coalesce(json_agg(encode(public_key, 'base64')), '[]') FROM (
     ${vendorKeysOf('$2')} ${lock}) key) AS keys`;

/** All in one statement: to ask costs more than to answer. Tender $1, vendor $2, parts $3, lot $4, envelope $5. */
const grounds = (lock: string, more = ''): string => `
  SELECT ${STANDING}, ${vendorRow('$2')}, ${keys(lock)}, ${USED_ROOM},
    (SELECT coalesce(json_agg(json_build_object('bidId', b.id, 'noticeSha256', encode(b.notice_sha256, 'base64'),
         'withdrawn', w.bid_id IS NOT NULL) ORDER BY b.ordinal), '[]')
       FROM bid b LEFT JOIN bid_withdrawal w ON w.bid_id = b.id
       WHERE b.vendor_id = $2 AND b.lot_id = $4 AND b.envelope = $5) AS existing ${more}
  ${FROM_PUBLISHED}`;

/** In the act the keys stay locked, so that a revocation gets its place in the log after the bid. The vendor's standing does
 *  by `lockVendorsBids`. */
const LOCKED = { name: 'grounds', text: grounds('FOR SHARE') };
/** Ahead of the act, it is asked besides whether a bid has anything of this one that no two bids may share: such a bid
 *  could not be kept, and nothing of it must be stored. */
const SEEN = ['id = $6', 'manifest_sha256 = $7', 'recipient = $8', "ct_root = decode($9, 'base64')"];
// One by one: of all together it would be planned, while there are few bids, to read them all.
const isSeen = SEEN.map((same) => `EXISTS (SELECT FROM bid WHERE ${same})`).join(' OR ');
const AHEAD = { name: 'grounds ahead', text: grounds('', `, ${isSeen} AS seen`) };

type Asking = { readonly ask: Ask; readonly manager: EntityManager };
type Bidder = { readonly tenderId: string; readonly vendorId: string; readonly parts: readonly string[] };

/** The grounds as they are now, for the act. Throws `not_found` when the tender is not published. */
export async function groundsOf({ ask, manager }: Asking, bidder: Bidder, { context }: Manifest): Promise<Grounds> {
  const [row] = await ask<Row>(LOCKED, placesOf(bidder, context));
  return groundsIn(manager, bidder.tenderId, row);
}

/** The grounds before the act, and whether the bid was submitted before. Throws `not_found` as above. */
export async function groundsAhead(
  { ask, manager }: Asking,
  bidder: Bidder,
  { context, recipient, ciphertext }: Manifest,
  manifestSha256: Uint8Array,
): Promise<Grounds & { readonly seen: boolean }> {
  const own = [context.bid_id, Buffer.from(manifestSha256), recipient, ciphertext.root];
  const [row] = await ask<Row & { readonly seen: boolean }>(AHEAD, [...placesOf(bidder, context), ...own]);
  return { ...(await groundsIn(manager, bidder.tenderId, row)), seen: row?.seen === true };
}

function placesOf({ tenderId, vendorId, parts }: Bidder, context: Manifest['context']): readonly unknown[] {
  return [tenderId, vendorId, hashBytes(parts), context.lot_id, context.envelope];
}

async function groundsIn(manager: EntityManager, tenderId: string, row: Row | undefined): Promise<Grounds> {
  const published = await publishedAs(manager, tenderId, row);
  const { existing, keys: held, used_bytes: usedBytes } = row!;
  return { published, vendor: vendorStanding(row!), existing, keys: held, usedBytes };
}
