// One PostgreSQL for a whole run of the system tests, with a migrated database `tpl` that every test file clones.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { build } from '../../apps/launcher/src/build.mjs';
import { startEmbeddedPostgres } from '../../apps/launcher/src/embedded-postgres.mjs';
import { isAlive } from '../../apps/launcher/src/lock.mjs';
import { runNode } from '../../apps/launcher/src/processes.mjs';

/** A run that was interrupted could not remove its cluster; its number says that it is over. */
async function removeLeftovers() {
  for (const name of await fs.readdir(os.tmpdir())) {
    const pid = Number(/^segel-test-pg-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid))
      await fs.rm(path.join(os.tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function startServer() {
  if (process.env.TEST_DATABASE_URL)
    return { url: process.env.TEST_DATABASE_URL, template: `tpl_${randomBytes(4).toString('hex')}` };
  await removeLeftovers();
  // No crash guarantees: the databases are thrown away. The crash tests start a durable cluster of their own.
  const dataDir = path.join(os.tmpdir(), `segel-test-pg-${process.pid}-${randomBytes(4).toString('hex')}`);
  const server = await startEmbeddedPostgres({
    dataDir,
    password: randomBytes(16).toString('hex'),
    durable: false,
    settings: { max_connections: 300 },
  });
  return { url: server.url(), template: 'tpl', dataDir, stop: server.stop };
}

async function migrate(url, template) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${template}`);
    const target = new URL(url);
    target.pathname = `/${template}`;
    const env = { ...process.env, NODE_ENV: 'development', DATABASE_URL: target.toString() };
    await runNode('migration', ['--enable-source-maps', 'dist/apps/api/src/migrate.js'], { env, quiet: true });
    // A forgotten connection to the template would make every clone fail.
    await client.query(`alter database ${template} allow_connections false`);
  } finally {
    await client.end();
  }
}

export default async function globalSetup() {
  await build({ quiet: true });
  const server = await startServer();
  globalThis.segelTestServer = server;
  try {
    await migrate(server.url, server.template);
  } catch (error) {
    await server.stop?.();
    throw error;
  }
  process.env.TEST_PG_URL = server.url;
  process.env.TEST_PG_TEMPLATE = server.template;
}
