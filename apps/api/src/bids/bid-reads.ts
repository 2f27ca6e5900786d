/** What a vendor sees of its own bids; nobody sees anything of others' here. */
import { toBase64 } from '@segel/encoding';
import { ciphertextDueAt, Refusal, demand } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { Receipts } from '../platform/log/receipts.js';
import { bidLife, type BidFacts, type BidLife } from './bid-life.js';
import { ownBid, vendorOf } from './bid-rows.js';
import { BidDelivery } from './bid-delivery.entity.js';
import { BidReconfirmation } from './bid-reconfirmation.entity.js';
import { BidWithdrawal } from './bid-withdrawal.entity.js';

/** Entries about a bid of which its vendor holds receipts. */
export const RECEIPTS_OF = ['submission', 'delivery', 'withdrawal', 'reconfirmation'] as const;
export type ReceiptOf = (typeof RECEIPTS_OF)[number];

export type OwnBid = {
  readonly id: string;
  readonly tenderId: string;
  readonly tenderTitle: string;
  readonly tenderState: string;
  readonly deadlineAt: string;
  readonly lotId: string;
  readonly envelope: string;
  readonly offerId: string;
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly state: BidLife;
  /** An addendum changed what is sealed: a confirmation is not enough. */
  readonly mustReseal: boolean;
  readonly outcome?: string;
  /** Stored parts, and the manifest, that are known to be damaged or missing. */
  readonly damagedParts: number;
  readonly manifestSha256: string;
  readonly ctRoot: string;
  readonly noticeSha256: string;
  readonly sizeBytes: number;
  readonly commitment: string;
  readonly leafSha256: string;
  readonly submittedAt: string;
  readonly ciphertextDueAt?: string;
  readonly deliveredAt?: string;
  readonly voidedAt?: string;
  readonly withdrawnAt?: string;
  readonly reconfirmedAt?: string;
};

type Row = {
  readonly id: string;
  readonly tender_id: string;
  readonly title: string;
  readonly state: string;
  readonly deadline_at: Date;
  readonly lot_id: string;
  readonly envelope: string;
  readonly offer_id: string;
  readonly replaces: string | null;
  readonly replaced_by: string | null;
  readonly manifest_sha256: Buffer;
  readonly ct_root: Buffer;
  readonly notice_sha256: Buffer;
  readonly size_bytes: number;
  readonly commitment: Buffer;
  readonly leaf_sha256: Buffer;
  readonly submitted_at: Date;
  readonly precommit: boolean;
  readonly grace_minutes: number | null;
  readonly delivered_at: Date | null;
  readonly voided_at: Date | null;
  readonly withdrawn_at: Date | null;
  readonly reconfirmed_at: Date | null;
  readonly on_latest_notice: boolean;
  readonly must_reseal: boolean;
  readonly box_closed: boolean;
  readonly in_box: boolean;
  readonly outcome: string | null;
  readonly damaged_parts: number;
};

// By the index bid_vendor (vendor_id, id); every join is by a primary or unique key.
const OWN_BIDS = `
  SELECT b.*, t.title, t.state, t.deadline_at, r.id AS replaced_by, w.withdrawn_at, c.reconfirmed_at, d.delivered_at, v.voided_at,
    (n.content -> 'precommit' ->> 'graceMinutes')::integer AS grace_minutes,
    b.notice_sha256 = t.notice_sha256 AS on_latest_notice,
    x.id IS NOT NULL AS box_closed, xb.bid_id IS NOT NULL AS in_box, o.outcome,
    EXISTS (SELECT FROM tender_publication p, tender_publication own
      WHERE own.entry_sha256 = b.notice_sha256 AND p.tender_id = b.tender_id AND p.version > own.version AND p.reseal_required
    ) AS must_reseal,
    (SELECT count(*)::int FROM object_damage d WHERE d.restored_at IS NULL AND (d.sha256 = b.manifest_object
      OR EXISTS (SELECT FROM bid_part p WHERE p.bid_id = b.id AND p.sha256 = d.sha256))) AS damaged_parts
  FROM bid b
  JOIN tender t ON t.id = b.tender_id
  JOIN tender_publication p0 ON p0.tender_id = b.tender_id AND p0.entry_sha256 = b.notice_sha256
  JOIN tender_version n ON n.tender_id = b.tender_id AND n.version = p0.version
  LEFT JOIN bid r ON r.replaces = b.id
  LEFT JOIN bid_delivery d ON d.bid_id = b.id
  LEFT JOIN bid_void v ON v.bid_id = b.id
  LEFT JOIN bid_withdrawal w ON w.bid_id = b.id
  LEFT JOIN bid_reconfirmation c ON c.bid_id = b.id AND c.notice_sha256 = t.notice_sha256
  LEFT JOIN box x ON x.lot_id = b.lot_id AND x.envelope = b.envelope
  LEFT JOIN box_bid xb ON xb.box_id = x.id AND xb.bid_id = b.id
  LEFT JOIN opened_bid o ON o.bid_id = b.id
  WHERE b.vendor_id = $1`;

@Injectable()
export class BidReads {
  constructor(
    private readonly database: Database,
    private readonly receipts: Receipts,
  ) {}

  /** The vendor's bids, newest first. */
  async list(
    actor: Actor,
    { after, limit = 50, tenderId }: { after?: string; limit?: number; tenderId?: string },
  ): Promise<{ items: readonly OwnBid[]; next?: string }> {
    const rows = await this.database.query<Row>(
      `${OWN_BIDS} AND ($2::uuid IS NULL OR b.id < $2) AND ($4::uuid IS NULL OR b.tender_id = $4)
       ORDER BY b.id DESC LIMIT $3`,
      [vendorOf(actor), after ?? null, limit + 1, tenderId ?? null],
    );
    return pageOf(rows.map(viewOf), limit);
  }

  /** One of the vendor's bids. Throws `bid_unknown`. */
  async one(actor: Actor, tenderId: string, bidId: string): Promise<OwnBid> {
    const [row] = await this.database.query<Row>(`${OWN_BIDS} AND b.tender_id = $2 AND b.id = $3`, [
      vendorOf(actor),
      tenderId,
      bidId,
    ]);
    demand(row, 'bid_unknown', 'There is no such bid.');
    return viewOf(row);
  }

  /** The receipt of an entry about the vendor's bid, waiting for its publication. */
  async receipt(actor: Actor, tenderId: string, bidId: string, of: ReceiptOf, waitMs: number): Promise<string> {
    const leaf = await this.leafOf(vendorOf(actor), tenderId, bidId, of);
    demand(leaf, 'not_found', `There is no ${of} of this bid.`);
    const receipt = await this.receipts.receipt(toBase64(leaf), waitMs);
    if (receipt === undefined) throw new Refusal('not_found', 'The entry is not published yet.', { pending: true });
    return receipt;
  }

  private async leafOf(
    vendorId: string,
    tenderId: string,
    bidId: string,
    of: ReceiptOf,
  ): Promise<Uint8Array | undefined> {
    const { manager } = this.database;
    const bid = await ownBid(manager, vendorId, tenderId, bidId);
    if (of === 'submission') return bid.leafSha256;
    if (of === 'delivery') return (await manager.findOneBy(BidDelivery, { bidId }))?.leafSha256;
    if (of === 'withdrawal') return (await manager.findOneBy(BidWithdrawal, { bidId }))?.leafSha256;
    const [latest] = await manager.find(BidReconfirmation, { where: { bidId }, order: { id: 'DESC' }, take: 1 });
    return latest?.leafSha256;
  }
}

function viewOf(row: Row): OwnBid {
  return {
    id: row.id,
    tenderId: row.tender_id,
    tenderTitle: row.title,
    tenderState: row.state,
    deadlineAt: row.deadline_at.toISOString(),
    lotId: row.lot_id,
    envelope: row.envelope,
    offerId: row.offer_id,
    ...(row.replaces === null ? {} : { replaces: row.replaces }),
    ...(row.replaced_by === null ? {} : { replacedBy: row.replaced_by }),
    state: bidLife(factsOf(row)),
    mustReseal: row.must_reseal,
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
    damagedParts: row.damaged_parts,
    manifestSha256: toBase64(row.manifest_sha256),
    ctRoot: toBase64(row.ct_root),
    noticeSha256: toBase64(row.notice_sha256),
    sizeBytes: Number(row.size_bytes),
    commitment: toBase64(row.commitment),
    leafSha256: toBase64(row.leaf_sha256),
    submittedAt: row.submitted_at.toISOString(),
    ...graceOf(row),
    ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at.toISOString() }),
    ...(row.reconfirmed_at === null ? {} : { reconfirmedAt: row.reconfirmed_at.toISOString() }),
  };
}

function graceOf(row: Row): Pick<OwnBid, 'ciphertextDueAt' | 'deliveredAt' | 'voidedAt'> {
  if (!row.precommit || row.grace_minutes === null) return {};
  return {
    ciphertextDueAt: ciphertextDueAt(row.deadline_at, { graceMinutes: row.grace_minutes })!.toISOString(),
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at.toISOString() }),
    ...(row.voided_at === null ? {} : { voidedAt: row.voided_at.toISOString() }),
  };
}

function factsOf(row: Row): BidFacts {
  return {
    withdrawn: row.withdrawn_at !== null,
    replaced: row.replaced_by !== null,
    onLatestNotice: row.on_latest_notice,
    reconfirmed: row.reconfirmed_at !== null,
    awaited: row.precommit && row.delivered_at === null,
    voided: row.voided_at !== null,
    boxClosed: row.box_closed,
    inBox: row.in_box,
    outcome: row.outcome,
  };
}
