import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../../../../../test/support/database.js';
import { JournalDatabase } from './database.js';

describe('a transaction of the journal', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  // One connection: a transaction that leaves it unusable shows in the next.
  let door: JournalDatabase;
  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new pg.Pool({ connectionString: database.url, max: 1 });
    owner.on('error', () => undefined);
    door = new JournalDatabase(database.url, [], 1);
    await door.open();
    await owner.query('CREATE TABLE note (n integer PRIMARY KEY CHECK (n < 100))');
    await owner.query('GRANT SELECT, INSERT ON note TO segel_app');
  });
  beforeEach(() => owner.query('TRUNCATE note'));
  afterAll(async () => {
    await door.close();
    await owner.end();
    await database.drop();
  });

  const write = (n: number) => ({ name: 'write', text: 'INSERT INTO note VALUES ($1)', values: [n] });
  const stored = async (): Promise<readonly number[]> =>
    (await owner.query<{ n: number }>('SELECT n FROM note ORDER BY n')).rows.map(({ n }) => n);

  it('has committed everything that was sent when it resolves', async () => {
    const answer = await door.transaction(async ({ manager, send }) => {
      send(write(1));
      await manager.query('INSERT INTO note VALUES (2)');
      send(write(3));
      return 'done';
    });
    expect([answer, await stored()]).toEqual(['done', [1, 2, 3]]);
  });

  it('stores nothing and fails with the reason when a statement fails that nobody waited for', async () => {
    const act = door.transaction(async ({ manager, send }) => {
      await manager.query('INSERT INTO note VALUES (1)');
      send(write(100));
    });
    await expect(act).rejects.toThrow('note_n_check');
    expect(await stored()).toEqual([]);
  });

  it('does not take a rollback for a commit when the work swallowed an error', async () => {
    const act = door.transaction(async ({ manager, send }) => {
      send(write(1));
      await manager.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(act).rejects.toThrow('rolled back');
    expect(await stored()).toEqual([]);
  });

  it('rolls back what was sent when the work throws', async () => {
    const act = door.transaction(async ({ send }) => {
      send(write(1));
      throw new Error('refused by a rule');
    });
    await expect(act).rejects.toThrow('refused by a rule');
    expect(await stored()).toEqual([]);
  });

  it('leaves the connection usable, and outside of any transaction', async () => {
    await expect(door.transaction(async ({ send }) => send(write(100)))).rejects.toThrow();
    await door.transaction(async ({ send }) => send(write(7)));
    expect(await stored()).toEqual([7]);
    const { rows } = await owner.query(
      "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'segel_app'",
    );
    expect(rows).toEqual([{ state: 'idle' }]);
  });

  it('fails when its connection is cut before the answer, and the next one works', async () => {
    const act = door.transaction(async ({ manager, send }) => {
      const [self] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      await owner.query('SELECT pg_terminate_backend($1)', [self?.pid]);
      send(write(1));
    });
    await expect(act).rejects.toThrow();
    await door.transaction(async ({ send }) => send(write(2)));
    expect(await stored()).toEqual([2]);
  });

  it('reads what others committed meanwhile', async () => {
    const seen = await door.transaction(async ({ manager }) => {
      await manager.query('SELECT FROM note');
      await owner.query('INSERT INTO note VALUES (5)');
      return manager.query<{ n: number }[]>('SELECT n FROM note');
    });
    expect(seen).toEqual([{ n: 5 }]);
  });
});
