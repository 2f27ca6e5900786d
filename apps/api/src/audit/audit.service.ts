/** What auditors may open. Every reading is in the log before its answer leaves. */
import { isUuidV7, toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { pageOf } from '../platform/http/page.js';
import { Journal } from '../platform/journal/journal.js';
import type { OpenedEntryView, TrailPage, TrailView } from './audit.dto.js';

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

export type TrailFilter = {
  readonly tenderId?: string | undefined;
  readonly type?: string | undefined;
  readonly after?: string | undefined;
};

@Injectable()
export class Audit {
  constructor(
    private readonly database: Database,
    private readonly journal: Journal,
  ) {}

  /** The leaves from `from` to before `to` with their openings. */
  async entries(actor: Actor, from: number, to = from + MAX_RANGE): Promise<readonly OpenedEntryView[]> {
    demand(from <= to && to - from <= MAX_RANGE, 'request_malformed', `A page is at most ${MAX_RANGE} entries.`);
    await this.recordReading(actor, 'log.openings', `${from}-${to}`);
    const rows = await this.database.query<{
      idx: number;
      data: Buffer;
      salt: Buffer | null;
      entry_bytes: Buffer | null;
    }>(
      // A blinded leaf is 0x01 and its commitment, which is the key of its opening.
      `SELECT e.idx, e.data, o.salt, o.entry_bytes FROM tlog.entry e
       LEFT JOIN tlog.opening o ON length(e.data) = 33 AND get_byte(e.data, 0) = 1 AND o.commitment = substring(e.data FROM 2)
       WHERE e.idx >= $1 AND e.idx < $2 ORDER BY e.idx`,
      [from, to],
    );
    return rows.map(({ idx, data, salt, entry_bytes }) => ({
      index: Number(idx),
      data: toBase64(data),
      ...(salt === null || entry_bytes === null ? {} : { salt: toBase64(salt), entryBytes: toBase64(entry_bytes) }),
    }));
  }

  /** Which entries there are about whom, oldest first. */
  async trail(actor: Actor, filter: TrailFilter, limit: number): Promise<TrailPage> {
    const { tenderId, type, after } = filter;
    demand(after === undefined || isUuidV7(after), 'request_malformed', '`after` is not of a page.');
    await this.recordReading(actor, 'trail', tenderId ?? 'all');
    const rows = await this.database.query<TrailRow>(
      `SELECT * FROM trail WHERE ($1::uuid IS NULL OR tender_id = $1) AND ($2::text IS NULL OR type = $2)
         AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
      [tenderId ?? null, type ?? null, after ?? null, limit + 1],
    );
    return pageOf(rows.map(viewOf), limit);
  }

  private async recordReading(actor: Actor, what: string, subject: string): Promise<void> {
    // Each reading is an act of its own, also when a client repeats the request under one key.
    const reader = { ...actor, request: undefined };
    await this.journal.commit(reader, { on: 'none' }, async (tx) => {
      await tx.record({ type: 'secret.read', subjectId: actor.id, body: { what, subject } });
    });
  }
}

function viewOf(row: TrailRow): TrailView {
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
