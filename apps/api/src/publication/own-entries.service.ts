/** Whose entry is it? A person's: what it did and what was done to it. Of what is done for a company, or about its bids,
 *  the company's present users: who left it takes nothing along, and a colleague sees what the company sent. */
import { toBase64 } from '@segel/encoding';
import { ENTRY_TYPES, type EntryTypeName } from '@segel/evidence';
import { demand, Refusal } from '@segel/procurement';
import { parseLeaf } from '@segel/tlog';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { Receipts } from '../platform/log/receipts.js';
import { isDisclosed, type Stage } from './disclosure.js';
import type { OwnEntryPage, OwnEntryView } from './own-entries.dto.js';
import { stageOf } from './stage.js';

/** What a user does for the company, and what happens to the company or its bids. */
const DONE_FOR_COMPANY: readonly EntryTypeName[] = [
  'vendor.registered',
  'vendor.document_added',
  'bid.upload_announced',
  'bid.submitted',
  'bid.replaced',
  'bid.withdrawn',
  'bid.reconfirmed',
  'bid.delivered',
  'opening.seed_disclosed',
];
const ABOUT_COMPANY: readonly EntryTypeName[] = [
  ...DONE_FOR_COMPANY,
  'vendor.approved',
  'vendor.rejected',
  'bid.voided',
  'bid.opened',
];

/** Entries of the account $1 and the vendor $2 (null: none). Bids are the vendor's by their rows; other entries of
 *  the company by its id in the entry itself, for their subject is a user who may have come or gone. */
const MINE = `
  SELECT id FROM trail WHERE actor_id = $1::text AND NOT type = ANY($3)
  UNION SELECT id FROM trail WHERE subject_id = $1::uuid AND NOT type = ANY($4)
  UNION SELECT t.id FROM trail t WHERE t.commitment IN (
    SELECT commitment FROM bid WHERE vendor_id = $2
    UNION ALL SELECT w.commitment FROM bid_withdrawal w JOIN bid b ON b.id = w.bid_id WHERE b.vendor_id = $2
    UNION ALL SELECT r.commitment FROM bid_reconfirmation r JOIN bid b ON b.id = r.bid_id WHERE b.vendor_id = $2
    UNION ALL SELECT d.commitment FROM bid_delivery d JOIN bid b ON b.id = d.bid_id WHERE b.vendor_id = $2
    UNION ALL SELECT v.commitment FROM bid_void v JOIN bid b ON b.id = v.bid_id WHERE b.vendor_id = $2
    UNION ALL SELECT p.commitment FROM opened_bid p JOIN bid b ON b.id = p.bid_id WHERE b.vendor_id = $2)
  UNION SELECT t.id FROM trail t JOIN tlog.opening o ON o.commitment = t.commitment
    WHERE t.type = ANY($4)
      AND t.subject_id IN (SELECT account_id FROM role_assignment WHERE organisation_id = $2 AND role = 'vendor')
      AND (convert_from(o.entry_bytes, 'UTF8')::json -> 'body' ->> 'vendor_id' = $2::text
        OR convert_from(o.entry_bytes, 'UTF8')::json -> 'body' ->> 'bid_id' IN (SELECT id::text FROM bid WHERE vendor_id = $2))`;

/** Those of them that fit; what a view needs is looked up for one page only, by primary or unique keys. */
const entriesWhere = (condition: string): string => `
  WITH mine AS (${MINE}), page AS (SELECT t.* FROM mine JOIN trail t USING (id) WHERE ${condition})
  SELECT t.id, t.type, t.at, t.actor_id AS "actorId", t.tender_id AS "tenderId", coalesce(t.lot_id, b.lot_id) AS "lotId",
    t.leaf_sha256 AS "leafSha256", t.commitment, e.idx AS index, coalesce(e.data, q.data) AS data, o.salt,
    o.entry_bytes AS "entryBytes", o.commitment IS NULL AND x.request_id IS NOT NULL AS erased, b.id IS NOT NULL AS "inBox",
    e.idx < (SELECT max(size) FROM tlog.public_checkpoint) AS covered
  FROM page t
  LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
  LEFT JOIN LATERAL (SELECT data FROM tlog.queue WHERE e.idx IS NULL AND sha256(data) = t.leaf_sha256 LIMIT 1) q ON true
  LEFT JOIN tlog.opening o ON o.commitment = t.commitment
  LEFT JOIN erasure x ON x.commitment = t.commitment
  LEFT JOIN (SELECT commitment, bid_id FROM bid_reconfirmation UNION ALL SELECT commitment, bid_id FROM bid_delivery
    UNION ALL SELECT commitment, bid_id FROM bid_void) r ON r.commitment = t.commitment
  LEFT JOIN bid b ON (b.commitment = t.commitment OR b.id = r.bid_id) AND EXISTS (SELECT FROM box_bid k WHERE k.bid_id = b.id)
  ORDER BY t.id DESC`;

type Row = {
  readonly id: string;
  readonly type: EntryTypeName;
  readonly at: Date;
  readonly actorId: string;
  readonly tenderId: string | null;
  readonly lotId: string | null;
  readonly leafSha256: Buffer;
  readonly commitment: Buffer | null;
  readonly index: number | null;
  readonly data: Buffer | null;
  readonly salt: Buffer | null;
  readonly entryBytes: Buffer | null;
  readonly erased: boolean;
  readonly inBox: boolean;
  readonly covered: boolean | null;
};

export type OwnFilter = {
  readonly type?: string | undefined;
  readonly tenderId?: string | undefined;
  readonly after?: string | undefined;
};

@Injectable()
export class OwnEntries {
  constructor(
    private readonly database: Database,
    private readonly receipts: Receipts,
  ) {}

  /** Entries about the caller, the newest first. */
  async list(actor: Actor, { type, tenderId, after }: OwnFilter, limit: number): Promise<OwnEntryPage> {
    const family = type?.endsWith('.*') === true;
    const rows = await this.database.query<Row>(
      entriesWhere(
        `($5::text IS NULL OR (CASE WHEN $6 THEN starts_with(t.type, $5) ELSE t.type = $5 END))
         AND ($7::uuid IS NULL OR t.tender_id = $7) AND ($8::uuid IS NULL OR t.id < $8) ORDER BY t.id DESC LIMIT $9`,
      ),
      [...mine(actor), (family ? type.slice(0, -1) : type) ?? null, family, tenderId ?? null, after ?? null, limit + 1],
    );
    const page = pageOf(rows, limit);
    return { ...page, items: await this.views(actor, page.items) };
  }

  /** One of them. Throws `not_found`, in the same words whether there is such an entry or not. */
  async one(actor: Actor, entryId: string): Promise<OwnEntryView> {
    const [view] = await this.views(actor, [await this.own(actor, entryId)]);
    return view!;
  }

  /** Its receipt. Throws `not_found`, also while it is not published; `entry_erased`. */
  async receipt(actor: Actor, entryId: string, waitMs: number): Promise<string> {
    const row = await this.own(actor, entryId);
    demand(!row.erased, 'entry_erased', 'The readable form of this entry was erased.');
    const receipt = await this.receipts.receipt(toBase64(row.leafSha256), waitMs, 'public');
    if (receipt === undefined) throw new Refusal('not_found', 'The entry is not published yet.', { pending: true });
    return receipt;
  }

  private async own(actor: Actor, entryId: string): Promise<Row> {
    const [row] = await this.database.query<Row>(entriesWhere('t.id = $5'), [...mine(actor), entryId]);
    demand(row, 'not_found', 'There is no such entry.');
    return row;
  }

  private async views(actor: Actor, rows: readonly Row[]): Promise<readonly OwnEntryView[]> {
    const stages = new Map<string, Stage>();
    for (const { tenderId } of rows)
      if (tenderId !== null && !stages.has(tenderId)) stages.set(tenderId, await stageOf(this.database, tenderId));
    return rows.map((row) => viewOf(row, actor, row.tenderId === null ? undefined : stages.get(row.tenderId)));
  }
}

function mine(actor: Actor): readonly unknown[] {
  return [actor.id, actor.vendorId ?? null, DONE_FOR_COMPANY, ABOUT_COMPANY];
}

function viewOf(row: Row, actor: Actor, stage: Stage | undefined): OwnEntryView {
  const { form, sentence } = ENTRY_TYPES[row.type];
  const readable = form === 'clear' || (stage !== undefined && isDisclosed(row, stage));
  const leaf = row.data === null ? undefined : parseLeaf(row.data);
  const bytes = leaf?.blinded === false ? leaf.entryBytes : row.entryBytes;
  return {
    id: row.id,
    type: row.type,
    sentence,
    at: row.at.toISOString(),
    byMyself: row.actorId === actor.id,
    ...(row.tenderId === null ? {} : { tenderId: row.tenderId }),
    ...(row.lotId === null ? {} : { lotId: row.lotId }),
    leafSha256: toBase64(row.leafSha256),
    ...(row.commitment === null ? {} : { commitment: toBase64(row.commitment) }),
    // Before, it would tell anybody with an account how many entries came just then.
    ...(row.index === null || row.covered !== true ? {} : { index: row.index }),
    ...(row.salt === null ? {} : { salt: toBase64(row.salt) }),
    ...(bytes ? { entryBytes: toBase64(bytes) } : {}),
    public: row.covered === true && readable,
    erased: row.erased,
  };
}
