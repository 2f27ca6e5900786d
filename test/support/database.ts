/** Databases for tests: each test file gets its own copy of the migrated template, in some 40 ms. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type TestDatabase = {
  /** Connects as the owner, who may do everything; the server takes its restricted roles by itself. */
  readonly url: string;
  readonly name: string;
  readonly drop: () => Promise<void>;
};

function setting(name: 'TEST_PG_URL' | 'TEST_PG_TEMPLATE'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: this test belongs to the Jest project \`system\`.`);
  return value;
}

async function runAsAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: setting('TEST_PG_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A new database with the schema and no rows but those of the migrations. `drop` ends its connections by force. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const name = `t_${process.env['JEST_WORKER_ID'] ?? '0'}_${randomBytes(6).toString('hex')}`;
  await runAsAdmin(`create database ${name} template ${setting('TEST_PG_TEMPLATE')} strategy file_copy`);
  const url = new URL(setting('TEST_PG_URL'));
  url.pathname = `/${name}`;
  return { url: url.toString(), name, drop: () => runAsAdmin(`drop database if exists ${name} with (force)`) };
}
