/** The minutes of the opening: public, once a lot's opening is completed (requirement: published to everybody). */
import { toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { placesOf } from '../platform/log/places.js';
import { Tender } from '../tenders/tender.entity.js';
import type {
  LotMinutesView,
  MinutesView,
  OpenedBidView,
  OpenerMinutesView,
  PublicReleaseView,
} from './openings.dto.js';

/** What happened to a box, as the log says it. */
const ENTRIES = [
  'box.closed',
  'box.attested',
  'opening.authorised',
  'opening.share_released',
  'opening.completed',
] as const;

type BoxRow = {
  readonly box_id: string;
  readonly lot_id: string;
  readonly envelope: string;
  readonly set_root: Buffer;
  readonly count: number;
  readonly withdrawn: number;
  readonly opened: number;
  readonly rejected: number;
  readonly authorised_at: Date;
  readonly completed_at: Date;
};

type ReleaseRow = {
  readonly box_id: string;
  readonly opener_id: string;
  readonly name: string;
  readonly group_name: string;
  readonly released_at: Date;
  readonly leaf_sha256: Buffer;
  readonly idx: number | null;
};

@Injectable()
export class Minutes {
  constructor(private readonly database: Database) {}

  /** Minutes of the lots whose opening is completed; at least one must be. */
  async ofTender(tenderId: string): Promise<MinutesView> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    demand(tender?.publishedAt, 'not_found', 'There is no such tender.');
    const boxes = await this.database.query<BoxRow>(
      `SELECT x.id AS box_id, x.lot_id, x.envelope, x.set_root, x.count, o.opened, o.rejected, o.authorised_at, o.completed_at,
         (SELECT count(*) FROM bid b JOIN bid_withdrawal w ON w.bid_id = b.id WHERE b.lot_id = x.lot_id AND b.envelope = x.envelope) AS withdrawn
       FROM opening o JOIN box x ON x.id = o.box_id
       WHERE x.tender_id = $1 AND o.completed_at IS NOT NULL ORDER BY x.id`,
      [tenderId],
    );
    demand(boxes.length > 0, 'wrong_state', 'No lot of this tender was opened yet.', { state: tender.state });
    return {
      tenderId,
      title: tender.title,
      lots: await Promise.all(boxes.map(async (box) => this.lot(tenderId, box))),
    };
  }

  /** The releases of all boxes: each is a clear entry of the log already, here with the name of who acted. */
  async releases(tenderId: string): Promise<readonly PublicReleaseView[]> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    demand(tender?.publishedAt, 'not_found', 'There is no such tender.');
    const rows = await this.database.query<ReleaseRow>(
      `SELECT r.box_id, r.opener_id, a.name, r.group_name, r.released_at, r.leaf_sha256, e.idx
       FROM share_release r JOIN box x ON x.id = r.box_id JOIN account a ON a.id = r.opener_id
       LEFT JOIN tlog.entry e ON sha256(e.data) = r.leaf_sha256 AND e.idx < (SELECT max(size) FROM tlog.public_checkpoint)
       WHERE x.tender_id = $1 ORDER BY r.id`,
      [tenderId],
    );
    return rows.map((row) => ({
      boxId: row.box_id,
      openerId: row.opener_id,
      name: row.name,
      group: row.group_name,
      releasedAt: row.released_at.toISOString(),
      leafSha256: toBase64(row.leaf_sha256),
      ...(row.idx === null ? {} : { index: row.idx }),
    }));
  }

  private async lot(tenderId: string, box: BoxRow): Promise<LotMinutesView> {
    return {
      boxId: box.box_id,
      lotId: box.lot_id,
      envelope: box.envelope,
      setRoot: toBase64(box.set_root),
      count: box.count,
      withdrawn: box.withdrawn,
      opened: box.opened,
      rejected: box.rejected,
      authorisedAt: box.authorised_at.toISOString(),
      completedAt: box.completed_at.toISOString(),
      openers: await this.openers(box.box_id),
      bids: await this.bids(box.box_id),
      entries: await placesOf(this.database, tenderId, box.lot_id, ENTRIES),
    };
  }

  private async openers(boxId: string): Promise<OpenerMinutesView[]> {
    const rows = await this.database.query<{ opener_id: string; name: string; group_name: string; released_at: Date }>(
      `SELECT r.opener_id, a.name, r.group_name, r.released_at FROM share_release r JOIN account a ON a.id = r.opener_id
       WHERE r.box_id = $1 ORDER BY r.id`,
      [boxId],
    );
    return rows.map(({ opener_id: openerId, name, group_name: group, released_at: releasedAt }) => ({
      openerId,
      name,
      group,
      releasedAt: releasedAt.toISOString(),
    }));
  }

  private async bids(boxId: string): Promise<OpenedBidView[]> {
    const rows = await this.database.query<{
      bid_id: string;
      commitment: Buffer;
      manifest_sha256: Buffer;
      idx: number | null;
      vendor_id: string;
      name: string;
      submitted_at: Date;
      outcome: string;
      detail: string | null;
      /** The stored document, whose form was checked before it was stored. */
      offer: { readonly total: string; readonly currency: string } | null;
      plaintext_root: Buffer | null;
      opened_at: Date;
      documents: number;
    }>(
      `SELECT o.bid_id, b.commitment, b.manifest_sha256, e.idx, b.vendor_id, v.name, b.submitted_at, o.outcome, o.detail, o.offer, o.plaintext_root, o.opened_at,
         (SELECT count(*) FROM opened_document d WHERE d.bid_id = o.bid_id) AS documents
       FROM opened_bid o JOIN bid b ON b.id = o.bid_id JOIN vendor v ON v.id = b.vendor_id
       LEFT JOIN tlog.entry e ON sha256(e.data) = b.leaf_sha256 AND e.idx < (SELECT max(size) FROM tlog.public_checkpoint)
       WHERE o.box_id = $1 ORDER BY b.commitment`,
      [boxId],
    );
    return rows.map((row) => ({
      bidId: row.bid_id,
      commitment: toBase64(row.commitment),
      manifestSha256: toBase64(row.manifest_sha256),
      ...(row.idx === null ? {} : { index: row.idx }),
      vendorId: row.vendor_id,
      vendorName: row.name,
      submittedAt: row.submitted_at.toISOString(),
      outcome: row.outcome,
      ...(row.detail === null ? {} : { detail: row.detail }),
      ...(row.offer === null ? {} : { total: row.offer.total, currency: row.offer.currency }),
      ...(row.plaintext_root === null ? {} : { plaintextRoot: toBase64(row.plaintext_root) }),
      documents: row.documents,
      openedAt: row.opened_at.toISOString(),
    }));
  }
}
