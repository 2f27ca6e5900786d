/** Makes signed checkpoints public: tiles and bundles to the object store, then the witnesses, then `published`. Never
 *  without a quorum: until then the promise given at commit covers the gap. */
import {
  TILE_WIDTH,
  addSignatures,
  encodeBundle,
  examineCheckpoint,
  newBundles,
  newTiles,
  satisfied,
  tilePath,
  type Tile,
} from '@segel/tlog';
import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { ObjectStore } from '../object-store/object-store.js';
import { verifyEd25519 } from './ed25519.js';
import type { LogDatabase } from './log-database.js';
import type { LogPolicy } from './policy-file.js';
import { WitnessClient } from './witness-client.js';

/** After the quorum has cosigned, others get this long to add theirs (protocol section 7). */
const GRACE_MS = 50;
const ALARM_MS = 5_000;

export class Publisher {
  private readonly logger = new Logger('Publisher');
  private readonly witnesses: readonly WitnessClient[];
  private readonly publishedSizes: { stored: number } = { stored: 0 };
  private lateSince: number | undefined;

  constructor(
    private readonly database: LogDatabase,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
    private readonly clock: Clock,
  ) {
    this.witnesses = policy.policy.witnesses
      .filter((witness) => witness.url !== undefined)
      .map((witness) => new WitnessClient(witness, database.readTile));
  }

  /** Publishes the newest signed checkpoint. Returns its size, or undefined when there is nothing new or no quorum. */
  async tick(): Promise<number | undefined> {
    const [next] = await this.database.query<{ size: number; note: string; published: number | null }>(
      `SELECT size, note, (SELECT max(size) FROM tlog.published) AS published FROM tlog.checkpoint ORDER BY size DESC LIMIT 1`,
    );
    if (next === undefined || next.size <= (next.published ?? 0)) return undefined;
    const from = Math.max(next.published ?? 0, this.publishedSizes.stored);
    await this.storeTiles(from, next.size);
    this.publishedSizes.stored = next.size;
    const cosigned = await this.cosign(next.size, next.note);
    if (cosigned === undefined) {
      this.alarm();
      return undefined;
    }
    this.lateSince = undefined;
    await this.database.query(
      `WITH added AS (INSERT INTO tlog.published (size, note, first_at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING RETURNING size)
       SELECT pg_notify('segel_published', size::text) FROM added`,
      [next.size, cosigned, this.clock.now()],
    );
    return next.size;
  }

  private async storeTiles(from: number, size: number): Promise<void> {
    const key = (tile: Tile): string => `log/${tilePath(tile)}`;
    for (const tile of newTiles(from, size)) {
      const data = await this.database.readTile(tile.level, tile.n, tile.width);
      await this.store.put(key(tile), data.subarray(0, tile.width * 32));
    }
    for (const bundle of newBundles(from, size)) {
      await this.store.put(key(bundle), await readBundle(this.database, bundle.n, bundle.width));
    }
  }

  /** The note with every cosignature that came in time, or undefined when they are no quorum. */
  private async cosign(size: number, note: string): Promise<string | undefined> {
    const lines = new Map<string, string>();
    let reached = (): void => undefined;
    const quorum = new Promise<void>((resolve) => (reached = resolve));
    const asked = this.witnesses.map(async (client) => {
      try {
        lines.set(client.witness.name, await client.cosign(size, note));
        if (satisfied(this.policy.policy, lines.keys())) reached();
      } catch (error) {
        this.logger.warn(`witness: ${(error as Error).message}`);
      }
    });
    const all = Promise.all(asked);
    await Promise.race([all, quorum.then(() => new Promise((done) => setTimeout(done, GRACE_MS)))]);
    const cosigned = addSignatures(note, [...lines.values()]);
    return examineCheckpoint(this.policy.policy, cosigned, verifyEd25519).quorumMet ? cosigned : undefined;
  }

  private alarm(): void {
    const now = this.clock.now().getTime();
    this.lateSince ??= now;
    if (now - this.lateSince >= ALARM_MS)
      this.logger.error(`ALARM: no quorum of witnesses for ${now - this.lateSince} ms`);
  }
}

/** The bytes of an entry bundle as the database has them. Throws when it does not hold `width` entries. */
export async function readBundle(
  database: { query<T extends object>(sql: string, parameters: readonly unknown[]): Promise<T[]> },
  n: number,
  width: number,
): Promise<Uint8Array> {
  const first = n * TILE_WIDTH;
  const rows = await database.query<{ data: Buffer }>(
    'SELECT data FROM tlog.entry WHERE idx >= $1 AND idx < $2 ORDER BY idx',
    [first, first + width],
  );
  if (rows.length !== width) throw new Error(`bundle ${n} holds ${rows.length} entries, not ${width}`);
  return encodeBundle(rows.map(({ data }) => data));
}
