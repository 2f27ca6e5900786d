/** Which bids a box holds: rows and their places in the log, then the one pure rule. */
import { toBase64 } from '@segel/encoding';
import { validBids, type BidVersion, type EnvelopeKind } from '@segel/procurement';
import { setRoot } from '@segel/tlog';
import type { EntityManager } from 'typeorm';
import type { PublishedTender } from './bid-window.js';

type Version = BidVersion & { readonly commitment: Uint8Array };
export type FrozenBox = {
  readonly valid: readonly Version[];
  /** Vendors whose standing bid is not in the box: an addendum was not answered. */
  readonly leftOut: readonly string[];
  readonly setRoot: Uint8Array;
};

type Place = { readonly lotId: string; readonly envelope: EnvelopeKind };

/** The valid bids below `cutSize`. Throws when a bid of the tender has no place in the log. */
export async function freezeBox(
  manager: EntityManager,
  published: PublishedTender,
  place: Place,
  cutSize: number,
): Promise<FrozenBox> {
  const versions = await versionsOf(manager, place);
  const withdrawals = await eventsOf(manager, 'bid_withdrawal', place);
  const reconfirmations = await eventsOf(manager, 'bid_reconfirmation', place);
  const { notices } = published;
  const valid = validBids({ versions, withdrawals, reconfirmations, notices, cutSize });
  const withdrawn = new Set(withdrawals.map(({ bidId }) => bidId));
  const last = new Map(versions.map((version) => [version.vendorId, version]));
  const leftOut = [...last.values()].filter((version) => !withdrawn.has(version.bidId) && !valid.includes(version));
  return {
    valid,
    leftOut: leftOut.map(({ vendorId }) => vendorId),
    setRoot: setRoot(valid.map(({ commitment }) => new Uint8Array(commitment))),
  };
}

async function versionsOf(manager: EntityManager, { lotId, envelope }: Place): Promise<readonly Version[]> {
  const rows = await manager.query<
    { id: string; vendor_id: string; notice_sha256: Buffer; commitment: Buffer; idx: number | null }[]
  >(
    `SELECT b.id, b.vendor_id, b.notice_sha256, b.commitment, e.idx FROM bid b
     LEFT JOIN tlog.entry e ON sha256(e.data) = b.leaf_sha256
     WHERE b.lot_id = $1 AND b.envelope = $2 ORDER BY b.ordinal`,
    [lotId, envelope],
  );
  return rows.map((row) => ({
    bidId: row.id,
    vendorId: row.vendor_id,
    lotId,
    envelope,
    noticeSha256: toBase64(row.notice_sha256),
    commitment: row.commitment,
    index: placed(row.idx, row.id),
  }));
}

type Event = { readonly bidId: string; readonly noticeSha256: string; readonly index: number };

async function eventsOf(
  manager: EntityManager,
  table: 'bid_withdrawal' | 'bid_reconfirmation',
  { lotId, envelope }: Place,
): Promise<readonly Event[]> {
  const notice = table === 'bid_reconfirmation' ? 'v.notice_sha256' : 'b.notice_sha256';
  const rows = await manager.query<{ bid_id: string; notice_sha256: Buffer; idx: number | null }[]>(
    `SELECT v.bid_id, ${notice} AS notice_sha256, e.idx FROM ${table} v
     JOIN bid b ON b.id = v.bid_id
     LEFT JOIN tlog.entry e ON sha256(e.data) = v.leaf_sha256
     WHERE b.lot_id = $1 AND b.envelope = $2`,
    [lotId, envelope],
  );
  return rows.map((row) => ({
    bidId: row.bid_id,
    noticeSha256: toBase64(row.notice_sha256),
    index: placed(row.idx, row.bid_id),
  }));
}

// Never a silent void: a bid that was admitted and is not in the log stops the close until people looked.
function placed(index: number | null, bidId: string): number {
  if (index === null) throw new Error(`an entry about bid ${bidId} is not in the log`);
  return index;
}
