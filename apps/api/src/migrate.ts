/** The migration step: run by the owner of the database before the server, once at a time. */
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations/index.js';

const LOCK = "hashtextextended('segel:migrate', 0)";

/** graphile-worker keeps its own tables; they belong to the application's role, which alone uses them. */
async function installJobs(owner: pg.Client, url: string): Promise<void> {
  const database = owner.escapeIdentifier(owner.database ?? 'postgres');
  await owner.query(`GRANT CREATE ON DATABASE ${database} TO segel_app`);
  const pool = new pg.Pool({ connectionString: url, options: '-c role=segel_app', max: 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool });
  } finally {
    await pool.end();
    await owner.query(`REVOKE CREATE ON DATABASE ${database} FROM segel_app`);
  }
}

async function migrate(url: string): Promise<readonly string[]> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    installExtensions: false,
  });
  try {
    await owner.query(`SELECT pg_advisory_lock(${LOCK})`);
    await source.initialize();
    const done = await source.runMigrations();
    await installJobs(owner, url);
    return done.map(({ name }) => name);
  } finally {
    if (source.isInitialized) await source.destroy();
    await owner.end();
  }
}

const url = process.env['DATABASE_URL'];
if (url === undefined) throw new Error('DATABASE_URL is missing: the address of the database as its owner.');
const done = await migrate(url);
console.log(done.length === 0 ? 'the database is up to date' : `migrated: ${done.join(', ')}`);
