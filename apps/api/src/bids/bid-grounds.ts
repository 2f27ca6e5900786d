/** What admitting a bid rests on. */
import { demand, type StoredBid, type VendorStanding } from '@segel/procurement';
import type { Manifest } from '@segel/sealing';
import type { EntityManager } from 'typeorm';
import { usedRoom, vendorKeys, versionsAt } from './bid-rows.js';
import { publishedTender, standingOf, type PublishedTender } from './bid-window.js';

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

/** The grounds as they are now. All are asked for at once: in an act, that is one answer to wait for. There the keys stay
 *  locked, so that a revocation gets its place in the log after the bid. */
export async function groundsOf(
  manager: EntityManager,
  { tender_id: tenderId, lot_id: lotId, envelope }: Manifest['context'],
  { vendorId, parts }: { readonly vendorId: string; readonly parts: readonly string[] },
  lock: 'FOR SHARE' | '',
): Promise<Grounds> {
  const [published, vendor, existing, keys, usedBytes] = await Promise.all([
    publishedTender(manager, tenderId),
    standingOf(manager, vendorId),
    versionsAt(manager, { vendorId, lotId, envelope }),
    vendorKeys(manager, vendorId, lock),
    usedRoom(manager, { tenderId, vendorId }, parts),
  ]);
  return { published, vendor, existing, keys, usedBytes };
}

/** Demands that no bid has anything of this one that no two bids may share: such a bid could not be kept, and nothing of it
 *  must be stored before. @throws Refusal `bid_exists` */
export async function demandUnseen(
  manager: EntityManager,
  { context, recipient, ciphertext }: Manifest,
  manifestSha256: Uint8Array,
): Promise<void> {
  const [seen] = await manager.query<object[]>(
    `SELECT FROM bid WHERE id = $1 OR manifest_sha256 = $2 OR recipient = $3 OR ct_root = decode($4, 'base64') LIMIT 1`,
    [context.bid_id, manifestSha256, recipient, ciphertext.root],
  );
  demand(seen === undefined, 'bid_exists', 'This bid was submitted before.');
}
