/** What auditors may open. Every reading is in the log before its answer leaves. */
import { fromHex, isUuidV7, toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { Journal } from '../platform/journal/journal.js';
import { recordReading } from '../platform/journal/reading.js';
import type {
  OpenedEntryView,
  OpenedTrailPage,
  OpenedTrailView,
  TrailPage,
  TrailQuery,
  TrailView,
} from './audit.dto.js';
import { nameOf } from './audited-actors.js';

const MAX_RANGE = 1000;

type TrailRow = {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly actor_id: string;
  readonly tender_id: string | null;
  readonly lot_id: string | null;
  readonly subject_id: string | null;
  readonly entry_sha256: Buffer;
  readonly leaf_sha256: Buffer;
  readonly commitment: Buffer | null;
};

/** A leaf and what is behind it. */
type LeafRow = {
  readonly idx: number | null;
  readonly data: Buffer | null;
  readonly salt: Buffer | null;
  readonly entry_bytes: Buffer | null;
  /** Leaf of the entry that says that the opening was erased. */
  readonly erased_by: Buffer | null;
};

// Every join is by a primary or unique key.
const OPENED = `
  SELECT t.*, e.idx, e.data, o.salt, o.entry_bytes, x.leaf_sha256 AS erased_by
  FROM trail t LEFT JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
  LEFT JOIN tlog.opening o ON o.commitment = t.commitment
  LEFT JOIN erasure x ON x.commitment = t.commitment`;

export type TrailFilter = Omit<TrailQuery, 'limit'>;

/** Each filter has its index; `at` and the id of an entry are of one clock. */
const TRAIL = `
  WITH page AS (
    SELECT * FROM trail t WHERE ($1::uuid IS NULL OR tender_id = $1) AND ($2::text[] IS NULL OR type = ANY($2))
      AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR actor_id = $4)
      AND ($5::uuid IS NULL OR actor_id IN (
        SELECT account_id::text FROM role_assignment WHERE role = 'vendor' AND organisation_id = $5))
      AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
    ORDER BY id LIMIT $8)
  SELECT p.*, a.name AS actor_name FROM page p
  LEFT JOIN account a ON a.id = CASE WHEN p.actor_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p.actor_id::uuid END
  ORDER BY p.id`;

@Injectable()
export class Audit {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** The leaves from `from` to before `to` with their openings. */
  async entries(actor: Actor, from: number, to = from + MAX_RANGE): Promise<readonly OpenedEntryView[]> {
    demand(from <= to && to - from <= MAX_RANGE, 'request_malformed', `A page is at most ${MAX_RANGE} entries.`);
    await recordReading(this.journal, actor, { what: 'log.openings', subject: `${from}-${to}` });
    const rows = await this.database.query<LeafRow & { readonly idx: number; readonly data: Buffer }>(
      // A blinded leaf is 0x01 and its commitment, which is the key of its opening.
      `SELECT e.idx, e.data, o.salt, o.entry_bytes, x.leaf_sha256 AS erased_by FROM tlog.entry e
       LEFT JOIN LATERAL (SELECT substring(e.data FROM 2) AS commitment WHERE length(e.data) = 33 AND get_byte(e.data, 0) = 1) c ON true
       LEFT JOIN tlog.opening o ON o.commitment = c.commitment
       LEFT JOIN erasure x ON x.commitment = c.commitment
       WHERE e.idx >= $1 AND e.idx < $2 ORDER BY e.idx`,
      [from, to],
    );
    return rows.map((row) => ({ index: row.idx, data: toBase64(row.data), ...openingOf(row) }));
  }

  /** One entry of the trail. Throws `not_found`. */
  async entry(actor: Actor, entryId: string): Promise<OpenedTrailView> {
    await recordReading(this.journal, actor, { what: 'log.openings', subject: entryId });
    return this.one(`${OPENED} WHERE t.id = $1`, entryId);
  }

  /** The entry behind a blinded leaf. Throws `not_found`. */
  async behind(actor: Actor, commitment: string): Promise<OpenedTrailView> {
    await recordReading(this.journal, actor, { what: 'log.openings', subject: commitment });
    return this.one(`${OPENED} WHERE t.commitment = $1`, fromHex(commitment));
  }

  /** Entries of a tender, oldest first. */
  async ofTender(actor: Actor, tenderId: string, after: string | undefined, limit: number): Promise<OpenedTrailPage> {
    await recordReading(this.journal, actor, { what: 'log.openings', subject: tenderId });
    const rows = await this.database.query<TrailRow & LeafRow>(
      `${OPENED} WHERE t.tender_id = $1 AND ($2::uuid IS NULL OR t.id > $2) ORDER BY t.id LIMIT $3`,
      [tenderId, after ?? null, limit + 1],
    );
    return pageOf(rows.map(openedViewOf), limit);
  }

  /** Which entries there are about whom, oldest first. Throws `request_malformed`. */
  async trail(actor: Actor, filter: TrailFilter, limit: number): Promise<TrailPage> {
    const { tenderId, type, after, actorId, vendorId, from, until } = filter;
    demand(after === undefined || isUuidV7(after), 'request_malformed', '`after` is not of a page.');
    const [since, before] = [from, until].map((instant) => (instant === undefined ? undefined : at(instant)));
    const ordered = since === undefined || before === undefined || since < before;
    demand(ordered, 'request_malformed', 'The time begins after its end.', { field: 'from' });
    await recordReading(this.journal, actor, { what: 'trail', subject: tenderId ?? vendorId ?? actorId ?? 'all' });
    const rows = await this.database.query<TrailRow & { readonly actor_name: string | null }>(TRAIL, [
      tenderId ?? null,
      type?.split(',') ?? null,
      after ?? null,
      actorId ?? null,
      vendorId ?? null,
      since ?? null,
      before ?? null,
      limit + 1,
    ]);
    const about = await nameOf(this.database, actorId, vendorId);
    return { ...pageOf(rows.map(namedViewOf), limit), ...(about === undefined ? {} : { about }) };
  }

  private async one(sql: string, key: unknown): Promise<OpenedTrailView> {
    const [row] = await this.database.query<TrailRow & LeafRow>(sql, [key]);
    demand(row, 'not_found', 'There is no such entry.');
    return openedViewOf(row);
  }
}

function viewOf(row: TrailRow): Pick<TrailView, keyof TrailView> {
  return {
    id: row.id,
    type: row.type,
    at: row.at.toISOString(),
    actorId: row.actor_id,
    ...(row.tender_id === null ? {} : { tenderId: row.tender_id }),
    ...(row.lot_id === null ? {} : { lotId: row.lot_id }),
    ...(row.subject_id === null ? {} : { subjectId: row.subject_id }),
    entrySha256: toBase64(row.entry_sha256),
    leafSha256: toBase64(row.leaf_sha256),
    ...(row.commitment === null ? {} : { commitment: toBase64(row.commitment) }),
  };
}

function namedViewOf(row: TrailRow & { readonly actor_name: string | null }): TrailView {
  return { ...viewOf(row), ...(row.actor_name === null ? {} : { actorName: row.actor_name }) };
}

/** An instant of a request. Throws `request_malformed` for the 31st of a shorter month and the like. */
function at(instant: string): Date {
  const date = new Date(instant);
  demand(!Number.isNaN(date.getTime()) && date.toISOString() === instant, 'request_malformed', 'There is no such day.');
  return date;
}

function openedViewOf(row: TrailRow & LeafRow): OpenedTrailView {
  const place = row.idx === null || row.data === null ? {} : { index: row.idx, data: toBase64(row.data) };
  return { ...viewOf(row), ...place, ...openingOf(row) };
}

/** The opening, or that it was erased; neither when it is a clear entry's, or missing without an entry that says why. */
function openingOf({ salt, entry_bytes, erased_by }: LeafRow): Partial<OpenedEntryView> {
  if (salt !== null && entry_bytes !== null) return { salt: toBase64(salt), entryBytes: toBase64(entry_bytes) };
  return erased_by === null ? {} : { erased: true, erasedBy: toBase64(erased_by) };
}
