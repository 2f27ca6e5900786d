import type { HashTile } from '@segel/tlog';
import type pg from 'pg';

/** Stores leaves behind the first `from` ones, and the tiles they change, within the caller's transaction. */
export async function insertLeaves(
  session: pg.Client,
  from: number,
  leaves: readonly Uint8Array[],
  tiles: readonly HashTile[],
): Promise<void> {
  await session.query(
    `WITH added AS (
       INSERT INTO tlog.entry (idx, data) SELECT $1::bigint + n - 1, data FROM unnest($2::bytea[]) WITH ORDINALITY AS batch (data, n))
     INSERT INTO tlog.tile (level, n, data) SELECT * FROM unnest($3::smallint[], $4::bigint[], $5::bytea[])
     ON CONFLICT (level, n) DO UPDATE SET data = excluded.data`,
    [
      from,
      leaves.map((leaf) => Buffer.from(leaf)),
      tiles.map((t) => t.level),
      tiles.map((t) => t.n),
      tiles.map((t) => Buffer.from(t.data)),
    ],
  );
}
