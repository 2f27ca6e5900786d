/** The ways to store an entry that are compared: one transaction each, through the same driver. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { JournalDatabase } from '../../apps/api/src/platform/database/database.js';
import { Journal } from '../../apps/api/src/platform/journal/journal.js';
import { bidEntryBytes, newId, readyDraft, TENDER_ID, VENDOR } from './entries.js';

/** Writes entries until it is closed. */
export type Writer = { readonly write: () => Promise<void>; readonly close: () => Promise<void> };

/** Opens a writer on a database with so many connections, all of them open and warm. */
export type OpenWriter = (url: string, clients: number) => Promise<Writer>;

/** The baseline: a table, a key, and one statement in a transaction of its own. */
export const plainInsert: OpenWriter = async (url, clients) => {
  const pool = await warmPool(url, clients, [
    'CREATE TABLE IF NOT EXISTS plain (id uuid PRIMARY KEY, tender_id uuid NOT NULL, data bytea NOT NULL)',
  ]);
  const data = bidEntryBytes();
  const text = 'INSERT INTO plain (id, tender_id, data) VALUES ($1, $2, $3)';
  return {
    write: async () => void (await pool.query({ name: 'plain', text, values: [newId(), TENDER_ID, data] })),
    close: () => pool.end(),
  };
};

/** The same row, between BEGIN and COMMIT as every act of an application has it. */
export const plainTransaction: OpenWriter = async (url, clients) => {
  const pool = await warmPool(url, clients, [
    'CREATE TABLE IF NOT EXISTS plain (id uuid PRIMARY KEY, tender_id uuid NOT NULL, data bytea NOT NULL)',
  ]);
  const data = bidEntryBytes();
  const text = 'INSERT INTO plain (id, tender_id, data) VALUES ($1, $2, $3)';
  return {
    write: () =>
      inTransaction(pool, async (client) => {
        await client.query({ name: 'plain', text, values: [newId(), TENDER_ID, data] });
      }),
    close: () => pool.end(),
  };
};

/** What an append-only table does at first: each row holds the hash of the one before, so each waits for the head. */
export const hashChain: OpenWriter = async (url, clients) => {
  const pool = await warmPool(url, clients, [
    'CREATE TABLE IF NOT EXISTS chain (n bigint PRIMARY KEY, tender_id uuid NOT NULL, data bytea NOT NULL, hash bytea NOT NULL)',
    'CREATE TABLE IF NOT EXISTS chain_head (only_row boolean PRIMARY KEY, n bigint NOT NULL, hash bytea NOT NULL)',
    "INSERT INTO chain_head VALUES (true, 0, sha256('')) ON CONFLICT DO NOTHING",
  ]);
  const data = bidEntryBytes();
  const read = { name: 'head', text: 'SELECT n, hash FROM chain_head FOR UPDATE' };
  const append = { name: 'append', text: 'INSERT INTO chain (n, tender_id, data, hash) VALUES ($1, $2, $3, $4)' };
  const move = { name: 'move', text: 'UPDATE chain_head SET n = $1, hash = $2' };
  return {
    write: () =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ n: number; hash: Buffer }>(read);
        const n = Number(rows[0]!.n) + 1;
        const hash = createHash('sha256').update(rows[0]!.hash).update(data).digest();
        await client.query({ ...append, values: [n, TENDER_ID, data, hash] });
        await client.query({ ...move, values: [n, hash] });
      }),
    close: () => pool.end(),
  };
};

/** Ours: the real journal through its real door. */
export const journal: OpenWriter = async (url, clients) => {
  const database = new JournalDatabase(url, [], clients);
  await database.open();
  const real = new Journal(database, new Clock());
  const write = (): Promise<void> =>
    real.commit(VENDOR, { on: 'none' }, async (tx) => void (await tx.record(readyDraft())));
  await Promise.all(Array.from({ length: 2 * clients }, write));
  return { write, close: () => database.close() };
};

async function warmPool(url: string, clients: number, setUp: readonly string[]): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  // A connection that is cut while it closes; without a listener it would end the process.
  pool.on('error', () => undefined);
  for (const sql of setUp) await pool.query(sql);
  await Promise.all(Array.from({ length: clients }, () => pool.query('SELECT pg_sleep(0.05)')));
  return pool;
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Keeps so many clients writing, each its next entry when its last is committed, for `ms`. Returns entries a second. */
export async function entriesPerSecond(writer: Writer, clients: number, ms: number): Promise<number> {
  const started = performance.now();
  let written = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - started < ms) {
      await writer.write();
      written++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (written * 1000) / (performance.now() - started);
}
