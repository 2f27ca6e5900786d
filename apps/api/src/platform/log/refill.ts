/** Brings the log of a database that was restored from an older copy back to what was signed, from the copies in the
 *  object store. It adds leaves and changes none; what it adds must give exactly the root the signer remembers. */
import { equalBytes } from '@segel/encoding';
import { RightEdge, examineCheckpoint, growTiles, leafHash, rightEdgeFromTiles, type ReadTile } from '@segel/tlog';
import type pg from 'pg';
import type { ObjectStore } from '../object-store/object-store.js';
import { verifyEd25519 } from './ed25519.js';
import { insertLeaves } from './leaves.js';
import { copiedLeaves } from './log-copies.js';
import type { LogPolicy } from './policy-file.js';
import { INTERVAL_LEAVES } from './sequencer.js';
import type { Signer } from './signer.js';
import { tileReader } from './tile-reader.js';

const CHUNK = 4096;

export type Refilled = { readonly from: number; readonly to: number; readonly checkpoints: number };

type Sources = { readonly store: ObjectStore; readonly signer: Signer; readonly policy: LogPolicy };

/** Refills the log in one transaction of the database's owner, while no server runs. Throws, and changes nothing, when
 *  the copies do not lead to what was signed. */
export async function refill(owner: pg.Client, sources: Sources): Promise<Refilled> {
  await owner.query('BEGIN');
  try {
    const refilled = await refillWithin(owner, sources);
    await owner.query('COMMIT');
    return refilled;
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

async function refillWithin(owner: pg.Client, { store, signer, policy }: Sources): Promise<Refilled> {
  const readTile = tilesOf(owner);
  const tree = await one<{ size: number }>(owner, 'SELECT size FROM tlog.tree FOR UPDATE');
  const known = await one<{ size: number }>(owner, 'SELECT coalesce(max(size), 0) AS size FROM tlog.checkpoint');
  const signed = await signer.last();
  if (signed.size <= tree.size) return { from: tree.size, to: tree.size, checkpoints: 0 };
  const edge = await rightEdgeFromTiles(tree.size, readTile);
  let index = known.size;
  let chunk: Uint8Array[] = [];
  for await (const leaf of copiedLeaves(store, known.size)) {
    if (index === signed.size) break;
    if (index < tree.size) await compare(owner, index, leaf);
    else chunk.push(leaf);
    index += 1;
    if (chunk.length < CHUNK) continue;
    await append(owner, edge, chunk, readTile);
    chunk = [];
  }
  await append(owner, edge, chunk, readTile);
  if (edge.size !== signed.size || !equalBytes(edge.root(), signed.root)) {
    throw new Error(
      `The copies lead to ${edge.size} entries with another root than the ${signed.size} that were signed.`,
    );
  }
  await owner.query('UPDATE tlog.tree SET size = $1, root = $2', [edge.size, edge.root()]);
  // What waited in the restored queue has its index already.
  await owner.query(
    'DELETE FROM tlog.queue WHERE sha256(data) IN (SELECT sha256(data) FROM tlog.entry WHERE idx >= $1)',
    [tree.size],
  );
  const checkpoints = await restoreCheckpoints(owner, store, policy, { from: known.size, to: edge.size });
  return { from: tree.size, to: edge.size, checkpoints };
}

async function append(
  owner: pg.Client,
  edge: RightEdge,
  leaves: readonly Uint8Array[],
  readTile: ReadTile,
): Promise<void> {
  if (leaves.length === 0) return;
  const from = edge.size;
  const hashes = leaves.map((leaf) => leafHash(leaf));
  const tiles = await growTiles(from, hashes, readTile);
  for (const hash of hashes) edge.append(hash);
  await insertLeaves(owner, from, leaves, tiles);
}

/** The public checkpoints between, so that when a box was witnessed can still be looked up. */
async function restoreCheckpoints(
  owner: pg.Client,
  store: ObjectStore,
  policy: LogPolicy,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  let restored = 0;
  for (let size = Math.ceil((from + 1) / INTERVAL_LEAVES) * INTERVAL_LEAVES; size <= to; size += INTERVAL_LEAVES) {
    const bytes = await store.bytesIfThere(`log/checkpoints/${size}`);
    if (bytes === undefined) continue;
    const note = new TextDecoder().decode(bytes);
    const checkpoint = examineCheckpoint(policy.policy, note, verifyEd25519);
    const edge = await rightEdgeFromTiles(size, tilesOf(owner));
    if (checkpoint.size !== size || !equalBytes(checkpoint.root, edge.root())) {
      throw new Error(`The stored checkpoint of ${size} is not one of this log.`);
    }
    if (checkpoint.quorumTime === undefined) continue;
    const at = new Date(checkpoint.quorumTime * 1000);
    await owner.query('INSERT INTO tlog.published (size, note, first_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      size,
      note,
      at,
    ]);
    await owner.query('INSERT INTO tlog.interval (size) VALUES ($1) ON CONFLICT DO NOTHING', [size]);
    restored += 1;
  }
  return restored;
}

async function compare(owner: pg.Client, index: number, leaf: Uint8Array): Promise<void> {
  const { data } = await one<{ data: Buffer }>(owner, 'SELECT data FROM tlog.entry WHERE idx = $1', [index]);
  if (!equalBytes(data, leaf)) throw new Error(`Entry ${index} of the database is not the copied one: it was altered.`);
}

async function one<T extends object>(owner: pg.Client, sql: string, parameters: readonly unknown[] = []): Promise<T> {
  const { rows } = await owner.query<T>(sql, [...parameters]);
  if (rows[0] === undefined) throw new Error(`No row: ${sql}`);
  return rows[0];
}

const tilesOf = (owner: pg.Client): ReadTile =>
  tileReader(
    async <T>(sql: string, parameters: readonly unknown[]) => (await owner.query(sql, [...parameters])).rows as T[],
  );
