import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase } from '../../../../../test/support/database.js';
import { doorOptions } from '../database/database.js';
import { LivingWorkers } from './living-workers.js';

describe('a job that a worker holds', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let owner: pg.Client;
  const processes: LivingWorkers[] = [];

  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
  });
  afterAll(async () => {
    for (const each of processes) await each.close();
    await owner.end();
    await database.drop();
  });

  async function processWith(worker: string): Promise<LivingWorkers> {
    const living = new LivingWorkers(doorOptions({ url: database.url, role: 'segel_app', pool: 1 }));
    living.add(worker);
    processes.push(living);
    await living.keep();
    return living;
  }

  async function jobHeldBy(worker: string): Promise<() => Promise<string | null>> {
    const { rows } = await owner.query<{ id: string }>(
      "SELECT id FROM graphile_worker.add_job('box.close', '{}'::json)",
    );
    const id = rows[0]!.id;
    await owner.query(
      'UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = $2, attempts = 1 WHERE id = $1',
      [id, worker],
    );
    return async () => {
      const held = await owner.query<{ by: string | null }>(
        'SELECT locked_by AS by FROM graphile_worker._private_jobs WHERE id = $1',
        [id],
      );
      return held.rows[0]!.by;
    };
  }

  it('is given back when nobody holds the worker’s name: its process died', async () => {
    const one = await processWith('worker-one');
    const holder = await jobHeldBy('worker-dead');
    await one.keep();
    expect(await holder()).toBeNull();
  });

  it('stays with a living worker, our own or another process’s, until that one dies too', async () => {
    const two = await processWith('worker-two');
    const three = await processWith('worker-three');
    const [ofTwo, ofThree] = [await jobHeldBy('worker-two'), await jobHeldBy('worker-three')];
    await two.keep();
    await three.keep();
    expect([await ofTwo(), await ofThree()]).toEqual(['worker-two', 'worker-three']);
    await three.close();
    await two.keep();
    expect([await ofTwo(), await ofThree()]).toEqual(['worker-two', null]);
  });

  it('is given back when our own worker ended without us, as when the database went away', async () => {
    const four = await processWith('worker-four');
    const holder = await jobHeldBy('worker-four');
    four.remove('worker-four');
    await four.keep();
    expect(await holder()).toBeNull();
  });

  it('is looked after again when PostgreSQL ended the session', async () => {
    const five = await processWith('worker-five');
    await owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const holder = await jobHeldBy('worker-dead-too');
    for (let tries = 0; (await holder()) !== null && tries < 20; tries++) await five.keep().catch(() => undefined);
    expect(await holder()).toBeNull();
  });
});
