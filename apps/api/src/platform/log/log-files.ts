/** The public log as files in the object store: any static server can serve them, and they are a whole log. Tiles and
 *  bundles under names that never change their bytes; `checkpoint` is the one file that is replaced. */
import { utf8 } from '@segel/encoding';
import { TILE_WIDTH, encodeBundle, newBundles, newTiles, tilePath, type Tile } from '@segel/tlog';
import { failpoint } from '../failpoint.js';
import type { ObjectStore } from '../object-store/object-store.js';
import type { LogDatabase } from './log-database.js';
import type { LogPolicy } from './policy-file.js';

/** Where the served checkpoint lies. */
export const CHECKPOINT_KEY = 'log/checkpoint';

export class LogFiles {
  /** Size up to which the store is known to hold all tiles. */
  private stored: number | undefined;
  /** True while the store may serve an older checkpoint than the newest: after a start, or when a write failed. */
  private behind = true;
  private policyServed = false;

  constructor(
    private readonly database: LogDatabase,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
  ) {}

  /** Tiles and bundles of a tree of this size, full and partial ones. */
  async storeTiles(size: number): Promise<void> {
    const from = this.stored ?? (await this.newest())?.size ?? 0;
    const tiles = newTiles(from, size).map(async (tile) => {
      const data = await this.database.readTile(tile.level, tile.n, tile.width);
      await this.store.put(keyOf(tile), data.subarray(0, tile.width * 32));
    });
    const bundles = newBundles(from, size).map(async (bundle) =>
      this.store.put(keyOf(bundle), await readBundle(this.database, bundle.n, bundle.width)),
    );
    await Promise.all([...tiles, ...bundles]);
    this.stored = size;
    failpoint('publisher.tiles_stored');
  }

  /** A checkpoint became public: serve it. */
  async serveNewest(): Promise<void> {
    this.behind = true;
    await this.catchUp();
  }

  /** Puts the newest public checkpoint in its place when a crash or a failure came between its publication and this. */
  async catchUp(): Promise<void> {
    if (!this.behind) return;
    const newest = await this.newest();
    if (newest !== undefined) {
      const note = utf8(newest.note);
      await this.store.put(`log/checkpoints/${newest.size}`, note);
      await this.servePolicy();
      await this.store.replace(CHECKPOINT_KEY, note);
    }
    this.behind = false;
    failpoint('publisher.checkpoint_served');
  }

  /** Once a start: the policy changes only with one. */
  private async servePolicy(): Promise<void> {
    if (this.policyServed) return;
    await this.store.replace('log/policy', utf8(this.policy.text));
    await this.store.replace('log/vkey', utf8(this.policy.vkeyText));
    this.policyServed = true;
  }

  private async newest(): Promise<{ readonly size: number; readonly note: string } | undefined> {
    const [row] = await this.database.query<{ size: number; note: string }>(
      'SELECT size, note FROM tlog.public_checkpoint ORDER BY size DESC LIMIT 1',
    );
    return row;
  }
}

const keyOf = (tile: Tile): string => `log/${tilePath(tile)}`;

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
