// Takes away what global-setup made.
import fs from 'node:fs/promises';
import pg from 'pg';

async function dropTemplate({ url, template }) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database if exists ${template} with (force)`);
  await client.end();
}

export default async function globalTeardown() {
  const server = globalThis.segelTestServer;
  if (server === undefined) return;
  if (server.stop === undefined) return dropTemplate(server);
  await server.stop();
  await fs.rm(server.dataDir, { recursive: true, force: true });
}
