/** Rows of bids inside an act. */
import { toBase64, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { demand, Refusal, SMALLEST_PART_BYTES, type StoredBid } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { Bid } from './bid.entity.js';

/** The vendor the person acts for. Throws `not_allowed`. */
export function vendorOf(actor: Actor): string {
  demand(actor.vendorId, 'not_allowed', 'Only somebody of a vendor may do this.');
  return actor.vendorId;
}

/** One vendor's acts on one tender come one after the other; other vendors' do not wait. */
export function lockVendorsBids(tx: Tx, tenderId: string, vendorId: string): void {
  tx.lock(`bids:${tenderId}:${vendorId}`);
}

/** Bytes of the vendor's room in the tender that are taken: by what it announced, and by bids that came whole. */
export async function usedRoom(manager: EntityManager, tenderId: string, vendorId: string): Promise<number> {
  const [used] = await manager.query<{ bytes: number }[]>(
    `SELECT (SELECT coalesce(sum(greatest(a.size_bytes, $3)), 0) FROM announced_part a
         WHERE a.tender_id = $1 AND a.vendor_id = $2)::bigint
       + (SELECT coalesce(sum(greatest(b.size_bytes, $3)), 0) FROM bid b
         WHERE b.tender_id = $1 AND b.vendor_id = $2 AND NOT b.precommit AND NOT EXISTS (
           SELECT FROM bid_part p JOIN announced_part a USING (sha256)
           WHERE p.bid_id = b.id AND a.tender_id = $1 AND a.vendor_id = $2))::bigint AS bytes`,
    [tenderId, vendorId, SMALLEST_PART_BYTES],
  );
  return used?.bytes ?? 0;
}

type Place = { readonly vendorId: string; readonly lotId: string; readonly envelope: string };

/** The vendor's versions for the lot and envelope, oldest first. */
export async function versionsAt(
  manager: EntityManager,
  { vendorId, lotId, envelope }: Place,
): Promise<readonly StoredBid[]> {
  const rows = await manager.query<{ id: string; notice_sha256: Buffer; withdrawn: boolean }[]>(
    `SELECT b.id, b.notice_sha256, w.bid_id IS NOT NULL AS withdrawn
     FROM bid b LEFT JOIN bid_withdrawal w ON w.bid_id = b.id
     WHERE b.vendor_id = $1 AND b.lot_id = $2 AND b.envelope = $3 ORDER BY b.ordinal`,
    [vendorId, lotId, envelope],
  );
  return rows.map(({ id, notice_sha256, withdrawn }) => ({
    bidId: id,
    noticeSha256: toBase64(notice_sha256),
    withdrawn,
  }));
}

/** The vendor's own bid on the tender. Somebody else's does not exist. Throws `bid_unknown`. */
export async function ownBid(manager: EntityManager, vendorId: string, tenderId: string, bidId: string): Promise<Bid> {
  const bid = await manager.findOneBy(Bid, { id: bidId, tenderId, vendorId });
  demand(bid, 'bid_unknown', 'There is no such bid.');
  return bid;
}

/** Demands a signature over exactly this body by a key of the vendor that is registered and not revoked. The row stays
 *  locked until the end of the act, so that a revocation gets its place in the log after the bid.
 *  @throws Refusal `key_not_registered`, `signature_invalid` */
export async function demandVendorSignature(
  manager: EntityManager,
  vendorId: string,
  kind: string,
  body: CanonicalObject,
  signature: Signature,
): Promise<void> {
  const keys = await vendorKeys(manager, vendorId, 'FOR SHARE');
  demandSigned(keys, signature, verifyDocument(kind, body, signature, verifyEd25519));
}

/** The vendor's registered keys that are not revoked, base64. */
export async function vendorKeys(
  manager: EntityManager,
  vendorId: string,
  lock: 'FOR SHARE' | '',
): Promise<readonly string[]> {
  const rows = await manager.query<{ public_key: Buffer }[]>(
    `SELECT public_key FROM signing_key WHERE vendor_id = $1 AND revoked_at IS NULL ${lock}`,
    [vendorId],
  );
  return rows.map((row) => toBase64(row.public_key));
}

/** Demands that the signature is by one of the vendor's keys, and that it holds.
 *  @throws Refusal `key_not_registered`, `signature_invalid` */
export function demandSigned(keys: readonly string[], { key }: Signature, holds: boolean): void {
  demand(keys.includes(key), 'key_not_registered', 'The key is not a registered key of the vendor.');
  demand(holds, 'signature_invalid', 'The signature does not hold over exactly this document.');
}

/** A bid and its parts in order, in one statement. */
export async function insertBid(manager: EntityManager, bid: Bid, parts: readonly Uint8Array[]): Promise<void> {
  const columns = manager.connection.getMetadata(Bid).columns;
  const places = columns.map((_, i) => `$${i + 2}`);
  await manager.query(
    `WITH added AS (
       INSERT INTO bid (${columns.map((column) => column.databaseName).join(', ')}) VALUES (${places.join(', ')}) RETURNING id)
     INSERT INTO bid_part (bid_id, position, sha256)
     SELECT id, n - 1, sha256 FROM added, unnest($1::bytea[]) WITH ORDINALITY AS part (sha256, n)`,
    [parts.map((part) => Buffer.from(part)), ...columns.map((column) => bid[column.propertyName as keyof Bid])],
  );
}

/** Runs an insert; a row that a unique constraint does not let in becomes the refusal. */
export async function once(insert: Promise<unknown>, refusal: Refusal): Promise<void> {
  try {
    await insert;
  } catch (error) {
    const code = (error as { driverError?: { code?: string } }).driverError?.code;
    throw code === '23505' ? refusal : error;
  }
}
