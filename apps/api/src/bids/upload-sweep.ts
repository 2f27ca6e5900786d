/** What was sent and never became part of a bid does not stay for ever. */
import { toBase64 } from '@segel/encoding';
import { partsSha256 } from '@segel/evidence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SYSTEM } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ObjectStore, contentKey } from '../platform/object-store/object-store.js';
import { Tus } from '../platform/uploads/tus.js';
import { Tender } from '../tenders/tender.entity.js';

const JOB = 'bid.parts_sweep';
const HOUR_MS = 3_600_000;
/** Whoever says that a bid was sent in time and is not there has a day to have it looked at. */
const GRACE_MS = 24 * HOUR_MS;
/** A store with object lock lets parts go when their retention ends: it is asked again so often. */
const AGAIN_MS = 30 * 24 * HOUR_MS;

type Orphan = { readonly sha256: Uint8Array; readonly sizeBytes: number };

/** Plans the sweep of a tender's parts. A later deadline brings a plan of its own. Planned once: to plan it again would take
 *  the lock of its one row, and every vendor's announcement would wait for the one before to be on the disk. */
export async function planSweep(tx: Tx, tenderId: string, deadlineAt: Date): Promise<void> {
  const runAt = new Date(deadlineAt.getTime() + GRACE_MS);
  const key = `parts-sweep:${tenderId}`;
  const [planned] = await tx.manager.query<object[]>(
    'SELECT FROM graphile_worker.jobs WHERE key = $1 AND run_at = $2 AND attempts = 0 AND locked_at IS NULL',
    [key, runAt],
  );
  if (planned === undefined) await tx.enqueue(JOB, { tenderId }, { runAt, key });
}

@Injectable()
export class UploadSweep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Uploads');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tus: Tus,
    private readonly store: ObjectStore,
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly clock: Clock,
    jobs: Jobs,
  ) {
    jobs.handle<{ tenderId: string }>(JOB, ({ tenderId }) => this.sweep(tenderId));
  }

  /** The folder of unfinished parts is this process's own, so each sweeps its own: no job in the database could. */
  async onApplicationBootstrap(): Promise<void> {
    await this.tus.staging.start();
    const expire = (): void =>
      void this.tus.staging.sweep().catch((error: unknown) => this.logger.warn((error as Error).message));
    expire();
    this.timer = setInterval(expire, HOUR_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Removes the tender's stored parts that nothing names. The log says so first, and never that it was done: a store
   *  may refuse. Run again, it finds what is left. */
  async sweep(tenderId: string): Promise<void> {
    const tender = await this.database.manager.findOneBy(Tender, { id: tenderId });
    const now = this.clock.now();
    if (!tender?.deadlineAt || now.getTime() < tender.deadlineAt.getTime() + GRACE_MS) return;
    const orphans = await this.orphans(tenderId, now);
    if (orphans.length === 0) return;
    const parts = orphans.map((part) => ({ sha256: toBase64(part.sha256), sizeBytes: part.sizeBytes }));
    await this.journal.commit(SYSTEM, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const body = {
        count: parts.length,
        size_bytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        parts_sha256: partsSha256(parts),
      };
      await tx.enqueue(
        JOB,
        { tenderId },
        { runAt: new Date(now.getTime() + AGAIN_MS), key: `parts-sweep:${tenderId}` },
      );
      await tx.record({ type: 'bid.parts_discarded', tenderId, body });
      return null;
    });
    for (const orphan of orphans) {
      // Asked again right before: a bid elsewhere may have come to name the same bytes meanwhile.
      const [still] = await this.orphans(tenderId, now, orphan.sha256);
      if (still !== undefined) await this.store.discard(contentKey(orphan.sha256));
    }
  }

  private async orphans(tenderId: string, now: Date, only?: Uint8Array): Promise<readonly Orphan[]> {
    const rows = await this.database.query<{ sha256: Buffer; size_bytes: number }>(
      `SELECT DISTINCT p.sha256, p.size_bytes FROM announced_part p
       WHERE p.tender_id = $1 AND ($3::bytea IS NULL OR p.sha256 = $3) AND NOT EXISTS (
         SELECT FROM announced_part o JOIN tender t ON t.id = o.tender_id
         WHERE o.sha256 = p.sha256 AND t.deadline_at > $2)
       ORDER BY p.sha256`,
      [tenderId, new Date(now.getTime() - GRACE_MS), only === undefined ? null : Buffer.from(only)],
    );
    const orphans: Orphan[] = [];
    for (const { sha256, size_bytes: sizeBytes } of rows) {
      if ((await this.store.size(contentKey(sha256))) === sizeBytes) orphans.push({ sha256, sizeBytes });
    }
    const named = await this.named(orphans);
    return orphans.filter(({ sha256 }) => !named.has(toBase64(sha256)));
  }

  /** Those of the hashes (base64) that any row of any other table names. Not only bids: who sends a published document
   *  as a part that no bid names must not have the document removed with it. So nothing is left out by a list here. */
  private async named(orphans: readonly Orphan[]): Promise<ReadonlySet<string>> {
    const named = new Set<string>();
    if (orphans.length === 0) return named;
    const columns = await this.database.query<{ place: string; type: string; name: string }>(
      `SELECT format('%I', c.table_name) AS place, format('%I', c.column_name) AS name, c.data_type AS type
       FROM information_schema.columns c
       WHERE c.table_schema = 'public' AND c.data_type IN ('bytea', 'json', 'jsonb') AND c.table_name <> 'announced_part'`,
    );
    const hashes = orphans.map(({ sha256 }) => Buffer.from(sha256));
    for (const { place, name, type } of columns) {
      const found = await this.database.query<{ sha256: Buffer }>(
        type === 'bytea'
          ? `SELECT DISTINCT ${name} AS sha256 FROM ${place} WHERE ${name} = ANY ($1::bytea[])`
          : `SELECT h AS sha256 FROM unnest($1::bytea[]) h
             WHERE EXISTS (SELECT FROM ${place} WHERE position(encode(h, 'base64') IN ${name}::text) > 0)`,
        [hashes],
      );
      for (const { sha256 } of found) named.add(toBase64(sha256));
    }
    return named;
  }
}
