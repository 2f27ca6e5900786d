/** Rows of bids inside an act. */
import { toBase64, verifyDocument, type CanonicalObject, type Signature } from '@segel/encoding';
import { demand, Refusal, type StoredBid } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { verifyEd25519 } from '../platform/log/ed25519.js';
import { Bid } from './bid.entity.js';

/** The vendor the person acts for. Throws `not_allowed`. */
export function vendorOf(actor: Actor): string {
  demand(actor.vendorId, 'not_allowed', 'Only somebody of a vendor may do this.');
  return actor.vendorId;
}

/** One vendor's acts on one tender come one after the other; other vendors' do not wait. */
export async function lockVendorsBids(manager: EntityManager, tenderId: string, vendorId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`bids:${tenderId}:${vendorId}`]);
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
  const keys = await manager.query<{ public_key: Buffer }[]>(
    'SELECT public_key FROM signing_key WHERE vendor_id = $1 AND revoked_at IS NULL FOR SHARE',
    [vendorId],
  );
  const registered = keys.some((row) => toBase64(row.public_key) === signature.key);
  demand(registered, 'key_not_registered', 'The key is not a registered key of the vendor.');
  const holds = verifyDocument(kind, body, signature, verifyEd25519);
  demand(holds, 'signature_invalid', 'The signature does not hold over exactly this document.');
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
