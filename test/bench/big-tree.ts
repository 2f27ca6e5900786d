/** A log of a million leaves in the database, made by its owner and not through the journal: blinded leaves whose
 *  commitments are hashes of their index, and among them some real entries to ask receipts for. */
import { utf8 } from '@segel/encoding';
import {
  addSignatures,
  blindedCommitment,
  blindedLeaf,
  cosign,
  leafHashes,
  parseNote,
  signCheckpoint,
  TILE_WIDTH,
  TileBuilder,
  type HashTile,
  type SigningKey,
} from '@segel/tlog';
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { sha256WithNode } from '../../apps/cli/src/primitives.js';
import { bidEntryBytes } from './entries.js';

export type BigTree = {
  /** Leaf hashes as receipts are asked by (base64), of the real entries. */
  readonly leaves: readonly string[];
  /** The checkpoint as the log signed it. */
  readonly signed: string;
};

type Real = {
  readonly index: number;
  readonly data: Uint8Array;
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
};

const TILES_A_STATEMENT = 512;

/** Fills an empty migrated database with a published tree of so many leaves, `real` of them real bids. */
export async function fillTree(
  url: string,
  size: number,
  real: number,
  { log, witness }: { readonly log: SigningKey; readonly witness: SigningKey },
): Promise<BigTree> {
  const entries = realEntries(size, real);
  const builder = new TileBuilder(sha256WithNode);
  const tiles: HashTile[] = [];
  for (let from = 0; from < size; from += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - from);
    const data = Array.from({ length: width }, (_, i) => entries.get(from + i)?.data ?? madeUp(from + i));
    tiles.push(...builder.append(leafHashes(data, sha256WithNode)));
  }
  tiles.push(...builder.partial());
  const signed = signCheckpoint({ origin: log.name, size, root: builder.root() }, log);
  const line = cosign(parseNote(signed).text, Math.floor(Date.now() / 1000), witness);
  await store(url, size, builder.root(), [...entries.values()], tiles, addSignatures(signed, [line]));
  const leaves = [...entries.values()].map(({ data }) => createHash('sha256').update(data).digest('base64'));
  return { leaves, signed };
}

/** Bids at random places, each in a tile of its own as far as there are enough. */
function realEntries(size: number, count: number): ReadonlyMap<number, Real> {
  const entries = new Map<number, Real>();
  while (entries.size < Math.min(count, size)) {
    const index = Math.floor(Math.random() * size);
    const salt = randomBytes(32);
    const bytes = bidEntryBytes();
    entries.set(index, { index, salt, bytes, data: blindedLeaf(blindedCommitment(salt, bytes)) });
  }
  return entries;
}

/** What the statement in {@link store} makes of an index. */
const madeUp = (index: number): Uint8Array =>
  blindedLeaf(
    createHash('sha256')
      .update(utf8(String(index)))
      .digest(),
  );

async function store(
  url: string,
  size: number,
  root: Uint8Array,
  real: readonly Real[],
  tiles: readonly HashTile[],
  note: string,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // The index over all leaves at once is much faster than leaf by leaf.
    const { rows } = await client.query<{ made: string }>(
      "SELECT pg_get_indexdef('tlog.entry_data_sha256'::regclass) AS made",
    );
    await client.query('DROP INDEX tlog.entry_data_sha256');
    await client.query(
      String.raw`INSERT INTO tlog.entry (idx, data) SELECT i, '\x01'::bytea || sha256(convert_to(i::text, 'UTF8'))
        FROM generate_series(0::bigint, $1::bigint - 1) AS i WHERE NOT i = ANY ($2::bigint[])`,
      [size, real.map(({ index }) => index)],
    );
    await client.query('INSERT INTO tlog.entry (idx, data) SELECT * FROM unnest($1::bigint[], $2::bytea[])', [
      real.map(({ index }) => index),
      real.map(({ data }) => data),
    ]);
    await client.query(
      'INSERT INTO tlog.opening (commitment, salt, entry_bytes) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[])',
      [real.map(({ data }) => data.subarray(1)), real.map(({ salt }) => salt), real.map(({ bytes }) => bytes)],
    );
    await client.query(rows[0]!.made);
    await storeTiles(client, tiles);
    await client.query('UPDATE tlog.tree SET size = $1, root = $2', [size, root]);
    await client.query('INSERT INTO tlog.checkpoint (size, note) VALUES ($1, $2)', [size, note]);
    await client.query('INSERT INTO tlog.published (size, note, first_at) VALUES ($1, $2, now())', [size, note]);
    await client.query('VACUUM ANALYZE');
    await emptyBuffers(client);
  } finally {
    await client.end();
  }
}

async function storeTiles(client: pg.Client, tiles: readonly HashTile[]): Promise<void> {
  for (let from = 0; from < tiles.length; from += TILES_A_STATEMENT) {
    const some = tiles.slice(from, from + TILES_A_STATEMENT);
    await client.query(
      'INSERT INTO tlog.tile (level, n, data) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])',
      [some.map((tile) => tile.level), some.map((tile) => tile.n), some.map((tile) => Buffer.from(tile.data))],
    );
  }
}

/** Has PostgreSQL forget what it read: the first proof reads its tiles anew. */
async function emptyBuffers(client: pg.Client): Promise<void> {
  await client.query('CHECKPOINT');
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_buffercache');
  await client.query('SELECT pg_buffercache_evict_all()');
}
