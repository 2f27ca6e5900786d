import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256, utf8 } from '@segel/encoding';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';
import { doorOptions } from '../database/database.js';
import { LogRunner } from './log.runner.js';
import { refuseRollback } from './rollback.js';
import { FileSigner, Signer } from './signer.js';

describe('a database that is not the one that was signed', () => {
  let harness: Harness;
  let runner: LogRunner;
  beforeAll(async () => {
    harness = await startHarness();
    for (let i = 0; i < 6; i++) await harness.app.get(LogRunner).journal.endInterval(2);
    await harness.published();
    runner = harness.app.get(LogRunner);
  });
  afterAll(() => harness.stop());

  const stateFile = (): string => path.join(harness.folder, 'signer.json');
  const signer = (): Signer => {
    const { LOG_ORIGIN, LOG_SIGNER_SEED } = harness.config.settings;
    return new FileSigner(LOG_ORIGIN, LOG_SIGNER_SEED, stateFile());
  };
  const start = (): Promise<readonly string[]> =>
    refuseRollback({ database: runner.database, policy: runner.policy, store: runner.store, signer: signer() });

  async function changed(file: string, change: (text: string) => string, act: () => Promise<void>): Promise<void> {
    const text = await readFile(file, 'utf8');
    await rm(file);
    await writeFile(file, change(text));
    try {
      await act();
    } finally {
      await rm(file);
      await writeFile(file, text);
    }
  }

  it('starts when the memories agree', async () => {
    await expect(start()).resolves.toEqual([]);
  });

  it('is refused at start when the signer has signed more than it holds, and says what to do', async () => {
    const older = (text: string): string => text.replace(/"size":\d+/, '"size":4096');
    await changed(stateFile(), older, async () => {
      await expect(start()).rejects.toThrow(/signer signed a checkpoint of 4096.*older copy.*npm run refill/s);
    });
  });

  it('is refused when the signer signed another history of the same size', async () => {
    const other = (text: string): string =>
      text.replace(/"root":"[^"]+"/, `"root":"${Buffer.alloc(32).toString('base64')}"`);
    await changed(stateFile(), other, async () => {
      await expect(start()).rejects.toThrow(/not those of which the signer signed.*rewritten/s);
    });
  });

  it('is refused when the signer has lost its memory of a log that is not empty', async () => {
    await changed(
      stateFile(),
      (text) => text.replace(/"size":\d+/, '"size":0'),
      async () => {
        await expect(start()).rejects.toThrow(/lost its memory/);
      },
    );
  });

  it('raises an alarm, and goes on, when the object store serves what nobody signed', async () => {
    const file = path.join(harness.config.settings.OBJECT_FOLDER, 'log', 'checkpoint');
    await changed(
      file,
      (note) => note.replace(/\n\d+\n/, '\n99\n'),
      async () => {
        await expect(start()).resolves.toEqual([expect.stringMatching(/object store does not hold.*replaced/)]);
      },
    );
  });

  it('is refused when a superuser rewrote what was published', async () => {
    const client = await harness.owner.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(
        "UPDATE tlog.published SET note = replace(note, E'\n', E'\n') || E'\u2014 x AAAA\n' WHERE size = (SELECT max(size) FROM tlog.published)",
      );
      await expect(start()).rejects.toThrow(/newest published checkpoint does not hold/);
    } finally {
      await client.query('SET session_replication_role = DEFAULT');
      client.release();
    }
  });
});

describe('the signer', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
    await harness.published();
  });
  afterAll(() => harness.stop());

  const fresh = (): FileSigner =>
    new FileSigner('test.example/segel', harness.config.settings.LOG_SIGNER_SEED, path.join(harness.folder, 's.json'));
  const root = (text: string): Uint8Array => sha256(utf8(text));

  it('signs the same tree twice with the same bytes, also after a restart', async () => {
    const note = await fresh().sign({ size: 5, root: root('five'), proof: [] });
    expect(await fresh().sign({ size: 5, root: root('five'), proof: [] })).toBe(note);
  });

  it('refuses a smaller tree, another tree of the same size, and one that is no extension', async () => {
    await expect(fresh().sign({ size: 4, root: root('four'), proof: [] })).rejects.toThrow(/older than the log/);
    await expect(fresh().sign({ size: 5, root: root('other'), proof: [] })).rejects.toThrow(/rewritten/);
    await expect(fresh().sign({ size: 6, root: root('six'), proof: [root('x')] })).rejects.toThrow(/rewritten/);
    await expect(fresh().sign({ size: 6, root: root('six'), proof: [] })).rejects.toThrow(/rewritten/);
  });

  it('refuses the memory of another log', async () => {
    const other = new FileSigner('other.example/log', new Uint8Array(32), path.join(harness.folder, 's.json'));
    await expect(other.sign({ size: 9, root: root('nine'), proof: [] })).rejects.toThrow(/belongs to the log/);
  });
});

describe('the roles of the database', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  async function as<T>(role: 'segel_app' | 'segel_sequencer', act: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(doorOptions({ url: harness.config.settings.DATABASE_URL, role, pool: 1 }));
    await client.connect();
    try {
      return await act(client);
    } finally {
      await client.end();
    }
  }

  it('let the sequencer touch no business table, and not read an opening', async () => {
    const { rows } = await harness.owner.query<{ name: string }>(
      `SELECT format('public.%I', relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(25);
    await as('segel_sequencer', async (client) => {
      for (const name of [...rows.map(({ name: table }) => table), 'tlog.opening']) {
        for (const statement of [`SELECT FROM ${name}`, `DELETE FROM ${name}`, `INSERT INTO ${name} DEFAULT VALUES`]) {
          await expect(client.query(statement)).rejects.toThrow(/permission denied/);
        }
      }
    });
  });

  it('let the application append to the queue and the openings and to nothing else of the log', async () => {
    await as('segel_app', async (client) => {
      for (const table of ['entry', 'tile', 'tree', 'checkpoint', 'published', 'interval']) {
        await expect(client.query(`INSERT INTO tlog.${table} DEFAULT VALUES`)).rejects.toThrow(/permission denied/);
      }
      for (const table of ['entry', 'tile', 'tree', 'checkpoint', 'published', 'interval', 'queue', 'opening']) {
        await expect(client.query(`DELETE FROM tlog.${table}`)).rejects.toThrow(/permission denied/);
        await expect(client.query(`TRUNCATE tlog.${table}`)).rejects.toThrow(/permission denied/);
      }
    });
  });

  it('let the sequencer undo nothing', async () => {
    await as('segel_sequencer', async (client) => {
      for (const table of ['entry', 'checkpoint', 'published', 'interval', 'tile', 'tree']) {
        await expect(client.query(`DELETE FROM tlog.${table}`)).rejects.toThrow(/permission denied/);
      }
      await expect(client.query('UPDATE tlog.tree SET size = 0')).rejects.toThrow(/never shrinks/);
    });
  });
});
