/** Rows of bids inside an act. */
import { fromBase64, toBase64, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { demand, Refusal, SMALLEST_PART_BYTES, type StoredBid } from '@segel/procurement';
import { PART_BYTES } from '@segel/sealing';
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

/** One vendor's acts on one tender come one after the other; other vendors' do not wait. And none while the vendor is
 *  approved or barred, which has its lock alone: else a bid could be admitted on what was true before, and stand in the log
 *  after the entry that bars its vendor. A lock on the vendor's row would not do: a barring is a row of its own. */
export function lockVendorsBids(tx: Pick<Tx, 'lock'>, tenderId: string, vendorId: string): void {
  tx.lock(`bids:${tenderId}:${vendorId}`);
  tx.lock(`vendor:${vendorId}`, 'shared');
}

/** Every part the vendor ($2) said or says it will send for the tender ($1), once: what it announced, and what its bids
 *  name. Of two sizes for one part the larger counts. */
const PARTS = `
  SELECT sha256, max(size_bytes) AS size_bytes, bool_or(announced) AS announced FROM (
    SELECT sha256, size_bytes, true AS announced FROM announced_part WHERE vendor_id = $2 AND tender_id = $1
    UNION ALL
    SELECT p.sha256, least(b.size_bytes - p.position * ${PART_BYTES}::bigint, ${PART_BYTES}), false
    FROM bid b JOIN bid_part p ON p.bid_id = b.id WHERE b.vendor_id = $2 AND b.tender_id = $1) named
  GROUP BY sha256`;

/** Bytes of the vendor's room in the tender that are taken: by what it announced, by bids that came whole, and by those
 *  that were committed and are still to come.
 *  @param besides base64 hashes of parts that are asked about now and not counted */
export async function usedRoom(
  manager: EntityManager,
  { tenderId, vendorId }: { readonly tenderId: string; readonly vendorId: string },
  besides: readonly string[],
): Promise<number> {
  const [used] = await manager.query<{ used_bytes: number }[]>(`SELECT ${USED_ROOM}`, [
    tenderId,
    vendorId,
    hashBytes(besides),
  ]);
  return used?.used_bytes ?? 0;
}

/** Column of the room that the vendor's ($2) parts in the tender ($1) take, besides those with the hashes $3. */
export const USED_ROOM = `
  (SELECT coalesce(sum(greatest(size_bytes, ${SMALLEST_PART_BYTES})), 0)::bigint
     FROM (${PARTS}) part WHERE sha256 <> ALL ($3::bytea[])) AS used_bytes`;

/** A part that takes room already. */
export type NamedPart = { readonly sha256: string; readonly sizeBytes: number; readonly announced: boolean };

/** Those of the parts (base64 hashes) that take room already. */
export async function namedParts(
  manager: EntityManager,
  tenderId: string,
  vendorId: string,
  hashes: readonly string[],
): Promise<readonly NamedPart[]> {
  const rows = await manager.query<{ sha256: Buffer; size_bytes: number; announced: boolean }[]>(
    `SELECT sha256, size_bytes::bigint, announced FROM (${PARTS}) part WHERE sha256 = ANY ($3)`,
    [tenderId, vendorId, hashBytes(hashes)],
  );
  return rows.map((row) => ({ sha256: toBase64(row.sha256), sizeBytes: row.size_bytes, announced: row.announced }));
}

export const hashBytes = (hashes: readonly string[]): readonly Buffer[] =>
  hashes.map((hash) => Buffer.from(fromBase64(hash)));

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

/** Keys of a vendor that are not revoked, of people who act for it now: who left is out at once, before the entries of
 *  the keys' own revocations are written. A lock on it covers the roles too. */
export const vendorKeysOf = (vendor: string): string => `
  SELECT k.public_key FROM signing_key k
  JOIN role_assignment r ON r.account_id = k.account_id AND r.role = 'vendor' AND r.organisation_id = k.vendor_id
    AND r.tender_id IS NULL AND r.revoked_at IS NULL
  WHERE k.vendor_id = ${vendor} AND k.revoked_at IS NULL`;

/** The vendor's registered keys that are not revoked, base64. */
export async function vendorKeys(
  manager: EntityManager,
  vendorId: string,
  lock: 'FOR SHARE' | '',
): Promise<readonly string[]> {
  const rows = await manager.query<{ public_key: Buffer }[]>(`${vendorKeysOf('$1')} ${lock}`, [vendorId]);
  return rows.map((row) => toBase64(row.public_key));
}

/** Demands that the signature is by one of the vendor's keys, and that it holds.
 *  @throws Refusal `key_not_registered`, `signature_invalid` */
export function demandSigned(keys: readonly string[], { key }: Signature, holds: boolean): void {
  demand(keys.includes(key), 'key_not_registered', 'The key is not a registered key of the vendor.');
  demand(holds, 'signature_invalid', 'The signature does not hold over exactly this document.');
}

/** A bid and its parts in order, in one statement, which the act does not wait for: a second bid with anything that no two
 *  may share ends it with the refusal. */
export function insertBid(tx: Tx, bid: Bid, parts: readonly Uint8Array[], twice: Refusal): void {
  const { columns } = tx.manager.connection.getMetadata(Bid);
  const places = columns.map((_, i) => `$${i + 2}`);
  const text = `WITH added AS (
       INSERT INTO bid (${columns.map((column) => column.databaseName).join(', ')}) VALUES (${places.join(', ')}) RETURNING id)
     INSERT INTO bid_part (bid_id, position, sha256)
     SELECT id, n - 1, sha256 FROM added, unnest($1::bytea[]) WITH ORDINALITY AS part (sha256, n)`;
  const values = columns.map((column) => bid[column.propertyName as keyof Bid]);
  tx.write({ name: 'bid', text }, [parts.map((part) => Buffer.from(part)), ...values], twice);
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
