/** `npm run refill`: after the database was restored from an older copy, brings its log back to what was signed. Run it
 *  with the server stopped, with the server’s settings and DATABASE_URL as the database’s owner. */
import pg from 'pg';
import { SYSTEM } from './platform/auth/actor.js';
import { Clock } from './platform/clock/clock.js';
import { Config, readSettings } from './platform/config/config.js';
import { JournalDatabase } from './platform/database/database.js';
import { Journal } from './platform/journal/journal.js';
import { refill } from './platform/log/refill.js';
import { LogPolicy } from './platform/log/policy-file.js';
import { FileSigner } from './platform/log/signer.js';
import { objectStore } from './platform/object-store/configured.js';

const config = new Config(readSettings(process.env));
const { DATABASE_URL, LOG_POLICY_FILE, LOG_ORIGIN, LOG_SIGNER_SEED, SIGNER_STATE } = config.settings;

/** Everybody learns of it: the entry is clear. */
async function confess(size: number): Promise<void> {
  const database = new JournalDatabase(DATABASE_URL, [], 1);
  await database.open();
  try {
    const body = { size, reason: 'The database was restored from an older copy; its log is refilled.' };
    await new Journal(database, new Clock()).commit(SYSTEM, { on: 'none' }, async (tx) => {
      await tx.record({ type: 'backup.restored', body });
    });
  } finally {
    await database.close();
  }
}

const owner = new pg.Client({ connectionString: DATABASE_URL });
await owner.connect();
try {
  const signer = new FileSigner(LOG_ORIGIN, LOG_SIGNER_SEED, SIGNER_STATE);
  const { rows } = await owner.query<{ size: number }>('SELECT size FROM tlog.tree');
  // Before the refill: a crash between the two must not leave a restored log that says nothing of it.
  if (rows[0] !== undefined && rows[0].size < (await signer.last()).size) await confess(rows[0].size);
  const { from, to, checkpoints } = await refill(owner, {
    store: await objectStore(config),
    policy: LogPolicy.fromFile(LOG_POLICY_FILE),
    signer,
  });
  console.log(
    from === to
      ? `Nothing is missing: the database holds the ${to} entries that were signed.`
      : `Refilled entries ${from} to ${to - 1} and ${checkpoints} public checkpoints. The rows that these entries were ` +
          'about are lost with the database: compare with receipts, mirrors and the object store, and say so in public.',
  );
} finally {
  await owner.end();
}
