/** What the application’s role cannot do, and who names it when a superuser did it: a sample of `npm run tamper`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { doorOptions } from '../apps/api/src/platform/database/database.js';
import { removeDataDir, startStack, type Stack } from '../apps/launcher/src/index.mjs';
import { runCampaign, type Campaign } from './tamper/campaign.js';
import { forgottenReasons } from './tamper/columns.js';
import { reportText, totalsOf } from './tamper/report.js';
import { playScene, SCENE_ENV, type Scene } from './tamper/scene.js';

const FILE = path.join(import.meta.dirname, 'data/ocds/cycle-lanes.json');
/** A whole campaign has some fifteen hundred changes and takes a quarter of an hour. */
const SAMPLE = 45;

describe('the record of a tender that is over', () => {
  let stack: Stack;
  let scene: Scene;
  let dataDir: string;
  let folder: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'segel-tamper-data-'));
    folder = await mkdtemp(path.join(tmpdir(), 'segel-tamper-'));
    const env = { PATH: process.env['PATH'] ?? '', ...SCENE_ENV };
    stack = await startStack({ dataDir, port: 0, quiet: true, env });
    scene = await playScene(stack, FILE, folder, () => undefined);
  }, 600_000);

  afterAll(async () => {
    await scene?.superuser.close();
    await stack?.stop();
    await removeDataDir(dataDir);
    await rm(folder, { recursive: true, force: true });
  });

  it('refuses the application’s role every UPDATE, DELETE and TRUNCATE of history', async () => {
    const app = new pg.Client(doorOptions({ url: stack.database.url, role: 'segel_app', pool: 1 }));
    await app.connect();
    try {
      const tables = (await scene.superuser.tables()).filter(
        ({ name }) => name !== 'migrations' && !name.startsWith('graphile_worker.'),
      );
      expect(tables.length).toBeGreaterThan(40);
      for (const { name, columns } of tables) {
        const first = `"${columns[0]!.name}"`;
        await expect(app.query(`DELETE FROM ${name}`)).rejects.toThrow(/permission denied|never changed/);
        await expect(app.query(`UPDATE ${name} SET ${first} = ${first}`)).rejects.toThrow(
          /permission denied|never changed|can only be updated to DEFAULT/,
        );
        await expect(app.query(`TRUNCATE ${name}`)).rejects.toThrow(/permission denied|never changed|cannot truncate/);
      }
      for (const statement of [
        "INSERT INTO tlog.entry VALUES (1000000, '\\x0102')",
        "INSERT INTO tlog.published VALUES (1, '', now())",
        'DELETE FROM tlog.queue',
        'ALTER TABLE bid DISABLE TRIGGER ALL',
        'SET session_replication_role = replica',
      ]) {
        await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner/);
      }
    } finally {
      await app.end();
    }
  });

  it('has no column on the list of those that need not be named which no table has any more', async () => {
    expect(forgottenReasons(await scene.superuser.tables())).toEqual([]);
  });

  it(`has ${SAMPLE} changes, made behind the server’s back, named where they were made`, async () => {
    const campaign: Campaign = await runCampaign(scene, { sample: SAMPLE, seed: 7 });
    const { changes, namedElsewhere, notNamed } = totalsOf(campaign);
    expect([changes, namedElsewhere, notNamed, namedElsewhere + notNamed === 0 ? '' : reportText(campaign)]).toEqual([
      SAMPLE,
      0,
      0,
      '',
    ]);
  }, 300_000);
});
