/** Which objects the rows name, and whose each of them is. */
import { neededUntil, type TenderState } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { Database } from '../platform/database/database.js';
import { ObjectDamage } from '../platform/object-store/object-damage.entity.js';
import { Tender } from '../tenders/tender.entity.js';

export const OBJECT_KINDS = [
  'bid_part',
  'bid_manifest',
  'opened_document',
  'tender_document',
  'tender_terms',
  'vendor_document',
  'outage_evidence',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** A row that names an object. `bidId` and `vendorId` of sealed and opened bids. */
export type Owner = {
  readonly sha256: Buffer;
  readonly kind: ObjectKind;
  readonly tenderId: string | null;
  readonly bidId: string | null;
  readonly vendorId: string | null;
};

const BID = 'b.tender_id, b.id AS bid_id, b.vendor_id';
const TENDER = 'o.tender_id, NULL::uuid, NULL::uuid';

/** Table, column with the hash, and from there to whose it is. */
const SOURCES: Readonly<Record<ObjectKind, { readonly hash: string; readonly from: string; readonly owner: string }>> =
  {
    // Files of a bid that was only committed are not lost: they are on their way, or never came.
    bid_part: {
      hash: 'o.sha256',
      from: `bid_part o JOIN bid b ON b.id = o.bid_id
        AND (NOT b.precommit OR EXISTS (SELECT FROM bid_delivery d WHERE d.bid_id = b.id))`,
      owner: BID,
    },
    bid_manifest: { hash: 'b.manifest_object', from: 'bid b', owner: BID },
    opened_document: { hash: 'o.sha256', from: 'opened_document o JOIN bid b ON b.id = o.bid_id', owner: BID },
    tender_document: { hash: 'o.sha256', from: 'tender_document o', owner: TENDER },
    // Terms are stored when they are published.
    tender_terms: {
      hash: 'o.terms_sha256',
      from: 'tender_version o JOIN tender_publication p ON p.tender_id = o.tender_id AND p.version = o.version',
      owner: TENDER,
    },
    vendor_document: { hash: 'o.sha256', from: 'vendor_document o', owner: 'NULL::uuid, NULL::uuid, o.vendor_id' },
    outage_evidence: { hash: 'o.evidence_sha256', from: 'outage o', owner: TENDER },
  };

// Each branch goes by an index on its hash and ends after a page.
const PAGE = Object.values(SOURCES)
  .map(({ hash, from }) => `(SELECT DISTINCT ${hash} AS sha256 FROM ${from} WHERE ${hash} > $1 ORDER BY 1 LIMIT $2)`)
  .join(' UNION ');
const OWNERS = Object.entries(SOURCES)
  .map(([kind, { hash, from, owner }]) => `SELECT ${hash}, '${kind}', ${owner} FROM ${from} WHERE ${hash} = ANY ($1)`)
  .join(' UNION ALL ');

/** Acts that end a tender or one of its lots. */
const ENDS = ['award.decided', 'tender.cancelled', 'tender.draft_cancelled', 'tender.failed'];

@Injectable()
export class StoredObjects {
  constructor(private readonly database: Database) {}

  /** The next hashes after one, in their order. */
  async after(sha256: Uint8Array, limit: number): Promise<readonly Buffer[]> {
    const sql = `SELECT sha256 FROM (${PAGE}) named ORDER BY sha256 LIMIT $2`;
    const rows = await this.database.query<{ sha256: Buffer }>(sql, [Buffer.from(sha256), limit]);
    return rows.map((row) => row.sha256);
  }

  /** How many different objects the rows name. */
  async count(): Promise<number> {
    const all = Object.values(SOURCES).map(({ hash, from }) => `SELECT ${hash} AS sha256 FROM ${from}`);
    const [row] = await this.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${all.join(' UNION ')}) o`);
    return row?.n ?? 0;
  }

  /** Every row that names one of these hashes. */
  async owners(hashes: readonly Uint8Array[]): Promise<readonly Owner[]> {
    return this.database.query<Owner>(
      `SELECT sha256, kind, tender_id AS "tenderId", bid_id AS "bidId", vendor_id AS "vendorId"
       FROM (${OWNERS}) o (sha256, kind, tender_id, bid_id, vendor_id)`,
      [hashes.map((hash) => Buffer.from(hash))],
    );
  }

  async isKnownDamaged(sha256: Uint8Array): Promise<boolean> {
    return this.database.manager.existsBy(ObjectDamage, { sha256: Buffer.from(sha256), restoredAt: IsNull() });
  }

  /** Everything that belongs to one sealed bid: its manifest and its parts. */
  async ofBid(bidId: string): Promise<readonly Buffer[]> {
    const rows = await this.database.query<{ sha256: Buffer }>(
      'SELECT manifest_object AS sha256 FROM bid WHERE id = $1 UNION SELECT sha256 FROM bid_part WHERE bid_id = $1',
      [bidId],
    );
    return rows.map((row) => row.sha256);
  }

  /** When the objects of each of these tenders are needed no longer; undefined while it is not over. */
  async needs(tenderIds: readonly string[]): Promise<ReadonlyMap<string, Date | undefined>> {
    const tenders = await this.database.manager.findBy(Tender, { id: In([...tenderIds]) });
    const ends = await this.database.query<{ tender_id: string; at: Date }>(
      'SELECT tender_id, max(at) AS at FROM trail WHERE tender_id = ANY ($1) AND type = ANY ($2) GROUP BY tender_id',
      [tenderIds, ENDS],
    );
    const endOf = new Map(ends.map(({ tender_id: id, at }) => [id, at]));
    const needOf = ({ id, state, rulePack: pack }: Tender): Date | undefined =>
      neededUntil({ state: state as TenderState, pack, endedAt: endOf.get(id) ?? null });
    return new Map(tenders.map((tender) => [tender.id, needOf(tender)]));
  }
}
