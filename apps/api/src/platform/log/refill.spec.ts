import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeBundle } from '@segel/tlog';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';
import { LogDatabase } from './log-database.js';
import { copiedLeaves } from './log-copies.js';
import { LogRunner } from './log.runner.js';
import { refill } from './refill.js';
import { refuseRollback } from './rollback.js';
import { FileSigner } from './signer.js';

describe('a database restored from an older copy', () => {
  let harness: Harness;
  let runner: LogRunner;
  let owner: pg.Client;
  let size: number;
  let older: number;

  beforeAll(async () => {
    harness = await startHarness();
    runner = harness.app.get(LogRunner);
    const published: number[] = [];
    for (let i = 0; i < 5; i++) {
      // With what a vendor or an official leaves, several levels of tiles, and ends of intervals between.
      for (let n = 0; n < 13; n++) await runner.journal.endInterval(8);
      await harness.published();
      published.push(await treeSize());
    }
    [older, size] = [published[1]!, published.at(-1)!];
    owner = new pg.Client({ connectionString: harness.config.settings.DATABASE_URL });
    await owner.connect();
    // From here on the server’s own sequencer must not move: it stands for the one that is stopped.
    await runner.onApplicationShutdown();
    await goBack(older);
  }, 120_000);
  afterAll(async () => {
    await owner.end();
    await harness.stop();
  });

  const treeSize = async (): Promise<number> =>
    Number((await harness.owner.query<{ size: number }>('SELECT size FROM tlog.tree')).rows[0]!.size);

  /** What a restored copy is: the tables as they were at this size, nothing else. */
  async function goBack(to: number): Promise<void> {
    await owner.query('SET session_replication_role = replica');
    await owner.query('DELETE FROM tlog.entry WHERE idx >= $1', [to]);
    for (const table of ['checkpoint', 'published', 'interval'])
      await owner.query(`DELETE FROM tlog.${table} WHERE size > $1`, [to]);
    await owner.query(`DELETE FROM tlog.tile WHERE n * 256 >= div($1::bigint, (256::bigint ^ level)::bigint)`, [to]);
    await owner.query(
      `UPDATE tlog.tile SET data = substring(data FOR 32 * (div($1::bigint, (256::bigint ^ level)::bigint) - n * 256)::int)
       WHERE length(data) > 32 * (div($1::bigint, (256::bigint ^ level)::bigint) - n * 256)`,
      [to],
    );
    const { rows } = await owner.query<{ note: string }>('SELECT note FROM tlog.checkpoint WHERE size = $1', [to]);
    await owner.query('UPDATE tlog.tree SET size = $1, root = $2', [
      to,
      Buffer.from(rows[0]!.note.split('\n')[2]!, 'base64'),
    ]);
    await owner.query('SET session_replication_role = DEFAULT');
  }

  const signer = (): FileSigner => {
    const { LOG_ORIGIN, LOG_SIGNER_SEED, SIGNER_STATE } = harness.config.settings;
    return new FileSigner(LOG_ORIGIN, LOG_SIGNER_SEED, SIGNER_STATE);
  };
  const withDatabase = async <T>(act: (memory: Parameters<typeof refuseRollback>[0]) => Promise<T>): Promise<T> => {
    const database = new LogDatabase(harness.config.settings.DATABASE_URL);
    try {
      return await act({ database, policy: runner.policy, store: runner.store, signer: signer() });
    } finally {
      await database.close();
    }
  };

  it('is refused at start, with the command that mends it', async () => {
    await expect(withDatabase(refuseRollback)).rejects.toThrow(
      new RegExp(`holds ${older} entries, but the signer signed a checkpoint of ${size}.*npm run refill`, 's'),
    );
  });

  it('is not refilled with copies that do not lead to what was signed, and stays as it is', async () => {
    const file = path.join(harness.config.settings.OBJECT_FOLDER, 'batches', String(older));
    const bytes = await readFile(file);
    const altered = Buffer.from(bytes);
    altered[40]! ^= 1;
    await rm(file);
    await writeFile(file, altered);
    await expect(refill(owner, { store: runner.store, signer: signer(), policy: runner.policy })).rejects.toThrow(
      /lead to \d+ entries with another root/,
    );
    await rm(file);
    await writeFile(file, bytes);
    expect(await treeSize()).toBe(older);
  });

  it('is refilled past a batch that was copied and never signed, because a replica without it took over', async () => {
    // As that failover leaves it: other bytes under the first name, the signed ones under the second.
    const folder = path.join(harness.config.settings.OBJECT_FOLDER, 'batches');
    const signed = await readFile(path.join(folder, String(older)));
    await writeFile(path.join(folder, `${older}.1`), signed);
    await rm(path.join(folder, String(older)));
    await writeFile(path.join(folder, String(older)), encodeBundle([new Uint8Array(33).fill(1)]));
    const leaves: Uint8Array[] = [];
    for await (const leaf of copiedLeaves(runner.store, older)) leaves.push(leaf);
    expect(leaves).toHaveLength(size - older);
  });

  it('is refilled up to the last leaf that was signed, checkpoints included, and starts', async () => {
    const refilled = await refill(owner, { store: runner.store, signer: signer(), policy: runner.policy });
    expect(refilled).toMatchObject({ from: older, to: size });
    expect(await treeSize()).toBe(size);
    await expect(withDatabase(refuseRollback)).resolves.toEqual([]);
    const again = await refill(owner, { store: runner.store, signer: signer(), policy: runner.policy });
    expect(again).toEqual({ from: size, to: size, checkpoints: 0 });
  });
});
