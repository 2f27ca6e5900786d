/** The rows evidence is made of, page by page: a tender may have thousands of bids. */
import { toBase64, type CanonicalObject } from '@segel/encoding';
import type { EntryTypeName } from '@segel/evidence';
import type { Database } from '../platform/database/database.js';
import { FIRST_FINDING, MOVING_TYPES } from './step-states.js';

/** Entries read at once. */
const PAGE = 200;

export type EntryRow = {
  readonly id: string;
  readonly type: EntryTypeName;
  readonly at: Date;
  readonly lotId: string | null;
  readonly inBox: boolean;
  readonly leafSha256: Buffer;
  readonly index: number;
  readonly data: Buffer;
  readonly salt: Buffer | null;
  readonly entryBytes: Buffer | null;
  /** Leaf of the `opening.erased` entry, when its opening was erased. */
  readonly erasedBy: Buffer | null;
};

export type BidRow = {
  readonly id: string;
  readonly lotId: string;
  readonly commitment: Buffer;
  readonly manifestObject: Buffer;
  readonly outcome: string | null;
  readonly plaintextRoot: Buffer | null;
  readonly seal: CanonicalObject | null;
};

/** Entries of the tender $1 that a public checkpoint covers. */
const COVERED = `
  SELECT t.id, t.type, t.at, coalesce(t.lot_id, b.lot_id) AS "lotId", b.id IS NOT NULL AS "inBox", t.leaf_sha256 AS "leafSha256",
    e.idx AS index, e.data, o.salt, o.entry_bytes AS "entryBytes",
    CASE WHEN o.commitment IS NULL THEN a.leaf_sha256 END AS "erasedBy"
  FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
  LEFT JOIN tlog.opening o ON o.commitment = t.commitment
  LEFT JOIN erasure a ON a.commitment = t.commitment
  LEFT JOIN (SELECT commitment, bid_id FROM bid_reconfirmation UNION ALL SELECT commitment, bid_id FROM bid_delivery
    UNION ALL SELECT commitment, bid_id FROM bid_void) r ON r.commitment = t.commitment
  LEFT JOIN bid b ON (b.commitment = t.commitment OR b.id = r.bid_id) AND EXISTS (SELECT FROM box_bid x WHERE x.bid_id = b.id)
  WHERE t.tender_id = $1 AND e.idx < (SELECT max(size) FROM tlog.public_checkpoint)`;

/** Entries of a tender that a public checkpoint covers, in the order they were recorded. */
export async function* entriesOf(database: Database, tenderId: string): AsyncGenerator<EntryRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const sql = `${COVERED} AND t.id > $2 ORDER BY t.id LIMIT $3`;
    const rows = await database.query<EntryRow>(sql, [tenderId, after, PAGE]);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

/** The same in the order of the log: those after an index, or backwards those before it. Entries of one millisecond have
 *  no order but that. */
export async function* entriesByIndex(
  database: Database,
  tenderId: string,
  { from, backwards }: { readonly from: number; readonly backwards: boolean },
): AsyncGenerator<EntryRow> {
  const on = backwards ? 'e.idx < $2 ORDER BY e.idx DESC' : 'e.idx > $2 ORDER BY e.idx';
  for (let after = from; ;) {
    const rows = await database.query<EntryRow>(`${COVERED} AND ${on} LIMIT $3`, [tenderId, after, PAGE]);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.index;
  }
}

/** Those of them that move the tender. */
export async function movingEntriesOf(database: Database, tenderId: string): Promise<EntryRow[]> {
  return database.query<EntryRow>(
    `${COVERED} AND (t.type = ANY($2) OR t.id IN (SELECT DISTINCT ON (f.lot_id) f.id FROM trail f
       WHERE f.tender_id = $1 AND f.type = $3 ORDER BY f.lot_id, f.id)) ORDER BY e.idx`,
    [tenderId, MOVING_TYPES, FIRST_FINDING],
  );
}

/** The log's first entry, and the registrations of these signing keys (base64). */
export async function keyEntries(database: Database, keys: ReadonlySet<string>): Promise<readonly EntryRow[]> {
  return database.query<EntryRow>(
    `SELECT t.id, t.type, t.at, NULL AS "lotId", false AS "inBox", t.leaf_sha256 AS "leafSha256", e.idx AS index, e.data,
       NULL AS salt, NULL AS "entryBytes", NULL AS "erasedBy"
     FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
     WHERE t.leaf_sha256 IN (SELECT leaf_sha256 FROM signing_key WHERE encode(public_key, 'base64') = ANY($1)) OR t.type = 'log.genesis'
     ORDER BY e.idx`,
    [[...keys]],
  );
}

/** Bids in the frozen boxes of these lots, with their outcomes; for auditors every bid of the tender. */
export async function* bidsOf(
  database: Database,
  tenderId: string,
  { lotIds, everything }: { readonly lotIds: readonly string[]; readonly everything: boolean },
): AsyncGenerator<BidRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await database.query<BidRow>(
      `SELECT b.id, b.lot_id AS "lotId", b.commitment, b.manifest_object AS "manifestObject", o.outcome, o.plaintext_root AS "plaintextRoot", o.seal
       FROM bid b LEFT JOIN opened_bid o ON o.bid_id = b.id
       WHERE b.tender_id = $1 AND b.id > $2
         AND ($4 OR (b.lot_id = ANY($3) AND EXISTS (SELECT FROM box_bid x WHERE x.bid_id = b.id)))
       ORDER BY b.id LIMIT $5`,
      [tenderId, after, lotIds, everything, PAGE],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

/** How many blinded leaves the log holds from the publication to the last close, or to its end before that. */
export async function blindedInPeriod(database: Database, tenderId: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `WITH places AS (
       SELECT t.type, e.idx FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
       WHERE t.tender_id = $1 AND t.type IN ('tender.published', 'box.closed'))
     SELECT count(*) AS count FROM tlog.entry
     WHERE idx >= (SELECT min(idx) FROM places) AND length(data) = 33 AND get_byte(data, 0) = 1
       AND idx < coalesce((SELECT max(idx) FROM places WHERE type = 'box.closed'), (SELECT max(size) FROM tlog.public_checkpoint))`,
    [tenderId],
  );
  return row?.count ?? 0;
}

/** An entry as evidence shows it: of a clear one only the place. */
export function entryView({ type, index, leafSha256, salt, entryBytes }: EntryRow): object {
  const place = { index, leafSha256: toBase64(leafSha256), type };
  if (salt === null || entryBytes === null) return { ...place, clear: true };
  return { ...place, salt: toBase64(salt), entryBytes: toBase64(entryBytes) };
}

/** An entry whose opening was erased: its leaf, and the leaf of the clear entry that says so. */
export function erasedView({ index, leafSha256, type, erasedBy }: EntryRow): object {
  return { index, leafSha256: toBase64(leafSha256), type, erased: true, erasedBy: toBase64(erasedBy!) };
}
