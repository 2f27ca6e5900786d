/** The database keeps what the rules keep: two lists, one in SQL, are one list. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ENTRY_TYPES, isKept, type EntryTypeName } from '@segel/evidence';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../../../../test/support/database.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await cloneDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const NAMES = Object.keys(ENTRY_TYPES) as EntryTypeName[];

it('the database keeps exactly the types of the catalogue that the rules keep', async () => {
  const { rows } = await client.query<{ type: string }>(
    'SELECT type FROM unnest($1::text[]) type WHERE tlog.is_kept(type)',
    [NAMES],
  );
  expect(rows.map(({ type }) => type)).toEqual(NAMES.filter(isKept));
});

/** Deletes an opening of the type and age, as the owner, with an `opening.erased` that he forged for it. */
async function erase(type: EntryTypeName, years: number): Promise<number | null> {
  const [commitment, leaf] = [Buffer.alloc(32, 1), Buffer.from('\u0002', 'latin1')];
  const at = new Date(Date.now() - years * 366 * 86_400_000);
  const body = { commitment: commitment.toString('base64'), type };
  const said = Buffer.concat([leaf, Buffer.from(JSON.stringify({ type: 'opening.erased', body }))]);
  const id = '019abc00-0000-7000-8000-0000000000ff';
  const other = '019abc00-0000-7000-8000-0000000000fe';
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL session_replication_role = 'replica'");
    await client.query('INSERT INTO tlog.entry (idx, data) VALUES (0, $1)', [said]);
    await client.query(
      `INSERT INTO erasure (request_id, commitment, leaf_sha256, requested_by, confirmed_by, confirmed_at)
       VALUES ($1, $2, sha256($3), $1, $4, now())`,
      [id, commitment, said, other],
    );
    await client.query('INSERT INTO tlog.opening (commitment, salt, entry_bytes) VALUES ($1, $2, $3)', [
      commitment,
      Buffer.alloc(32),
      Buffer.from(JSON.stringify({ type, at })),
    ]);
    await client.query("SET LOCAL session_replication_role = 'origin'");
    return (await client.query('DELETE FROM tlog.opening WHERE commitment = $1', [commitment])).rowCount;
  } finally {
    await client.query('ROLLBACK');
  }
}

it.each(NAMES.filter(isKept))('no opening of %s is deleted for ten years, whoever signed', async (type) => {
  await expect(erase(type, 9)).rejects.toThrow(`${type} is kept for ten years`);
  expect(await erase(type, 11)).toBe(1);
});

it('what is not kept is deleted once the log says so', async () => {
  expect(await erase('access.denied', 0)).toBe(1);
});
