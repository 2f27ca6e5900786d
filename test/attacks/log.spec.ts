/** Attacks on the log: by who owns the database, the log's key, a backup, or many computers. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { judgePromise } from '@segel/acts';
import {
  blindedLeaf,
  consistencyProof,
  formatReceipt,
  inclusionProof,
  leafHash,
  parseLeaf,
  readReceipt,
  signCheckpoint,
  treeRoot,
  verifyCheckpoint,
  verifyReceipt,
  type ReadTile,
} from '@segel/tlog';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { copyFile, cp } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openLog } from '../../apps/cli/src/log-reader.js';
import { logSource } from '../../apps/cli/src/log-source.js';
import { AppModule } from '../../apps/api/src/app.module.js';
import { configure, createAdapter } from '../../apps/api/src/application.js';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { Config, type Settings } from '../../apps/api/src/platform/config/config.js';
import { doorOptions } from '../../apps/api/src/platform/database/database.js';
import { LogRunner } from '../../apps/api/src/platform/log/log.runner.js';
import { WitnessClient } from '../../apps/api/src/platform/log/witness-client.js';
import { startHarness, type Harness } from '../support/harness.js';
import { publishTender } from '../support/published-tender.js';
import { approvedVendor, sealAndSubmit } from '../support/sealed-bid.js';
import { entriesDuring } from '../support/trail.js';
import { asSuperuser, policyOf, publicLog } from './powers.js';

describe('the log', () => {
  let harness: Harness;
  afterEach(() => harness.stop());

  /** Something that happens elsewhere in the log. */
  const somethingElse = async (): Promise<void> => {
    await harness.app.get(LogRunner).journal.endInterval(3);
    await harness.published();
  };

  it('DBA deletes losing bid before sequencing: no receipt, and the promise is a proof of it that anybody can check', async () => {
    harness = await startHarness();
    const tender = await publishTender(harness, { deadlineInMs: 300_000 });
    const vendor = await approvedVendor(harness);
    await harness.published();
    await harness.owner.query(
      "CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; " +
        "CREATE TRIGGER vanish BEFORE INSERT ON tlog.queue FOR EACH ROW WHEN (NEW.part = 'entry' AND NEW.commitment IS NOT NULL) EXECUTE FUNCTION vanish()",
    );
    const { bidId, submitted } = await sealAndSubmit(harness, tender, vendor);
    await harness.owner.query('DROP TRIGGER vanish ON tlog.queue');

    const receipt = `/api/tenders/${tender.tenderId}/bids/${bidId}/receipt?waitMs=500`;
    expect((await harness.get(receipt, vendor)).status).toBe(404);
    const judge = async (checkpoint?: string): Promise<string> => {
      const log = await openLog(`${harness.url}/log`, await policyOf(harness), { ...(checkpoint && { checkpoint }) });
      return (await judgePromise(log, logSource(`${harness.url}/log`), submitted.promise)).outcome;
    };
    await somethingElse();
    expect(await judge()).toBe('open');
    harness.clock.advance(61_000);
    await somethingElse();
    expect(await judge()).toBe('broken');
    // The proof is the promise and this checkpoint: whatever is appended later does not mend it.
    const { note } = await publicLog(harness);
    await somethingElse();
    expect(await judge(note)).toBe('broken');
    // And the box does not close over it.
    harness.clock.set(tender.terms.deadlineAt);
    await expect(harness.runDueJobs()).rejects.toThrow(`bid ${bidId} is not in the log`);
  });

  it('DBA/operator rewrites log, re-signs with stolen key: clients, witness and signer refuse the second history', async () => {
    harness = await startHarness();
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const { bidId } = await sealAndSubmit(harness, tender, vendor);
    await harness.published();
    const policy = await policyOf(harness);
    const receipt = (await harness.get(`/api/tenders/${tender.tenderId}/bids/${bidId}/receipt`, vendor)).text;
    const kept = readReceipt(receipt);
    const { rows } = await harness.owner.query<{ data: Buffer }>('SELECT data FROM tlog.entry ORDER BY idx');
    expect(rows.length).toBeLessThan(256);

    // Another leaf in the bid's place, and the log's own key over it.
    const leaves: Uint8Array[] = rows.map(({ data }) => new Uint8Array(data));
    leaves[kept.index] = blindedLeaf(new Uint8Array(32));
    const hashes = leaves.map(leafHash);
    const tile: ReadTile = () => Buffer.concat(hashes);
    const { LOG_ORIGIN: name, LOG_SIGNER_SEED: seed } = harness.config.settings;
    const size = hashes.length;
    const root = treeRoot(hashes);
    const forged = signCheckpoint({ origin: name, size, root }, { name, seed });
    expect(() => verifyCheckpoint(policy, forged)).toThrow(/quorum/);

    const other = leaves.findIndex((leaf) => !parseLeaf(leaf).blinded);
    const { entryBytes } = parseLeaf(leaves[other]!) as { entryBytes: Uint8Array };
    const proof = await inclusionProof(other, size, tile);
    expect(() => verifyReceipt(receipt, policy)).not.toThrow();
    const inForged = formatReceipt({ entryBytes, index: other, hashes: proof, checkpoint: forged });
    expect(() => verifyReceipt(inForged, policy)).toThrow(/quorum/);

    const witness = new WitnessClient(policy.witnesses[0]!, tile, () => true);
    await expect(witness.cosign(size, forged)).rejects.toThrow(/answered 409/);
    const longer = [...hashes, leafHash(leaves[0]!)];
    const grown = signCheckpoint({ origin: name, size: size + 1, root: treeRoot(longer) }, { name, seed });
    const extended = new WitnessClient(
      policy.witnesses[0]!,
      () => Buffer.concat(longer),
      () => true,
    );
    await expect(extended.cosign(size + 1, grown)).rejects.toThrow(/answered 422/);
    const { signer } = harness.app.get(LogRunner);
    await expect(signer.sign({ size, root, proof: [] })).rejects.toThrow(/rewritten/);
    const steps = await consistencyProof(size, size + 1, () => Buffer.concat(longer));
    await expect(signer.sign({ size: size + 1, root: treeRoot(longer), proof: steps })).rejects.toThrow(/rewritten/);
  });

  it('restore from backup / async replica failover forks the log: the server does not start, and with every memory restored gets no cosignature', async () => {
    harness = await startHarness({ WORKER: 'off' });
    const tables = ['entry', 'tile', 'tree', 'checkpoint', 'published', 'interval', 'opening', 'queue'];
    const backup = { SIGNER_STATE: path.join(harness.folder, 'b.json'), OBJECT_FOLDER: path.join(harness.folder, 'b') };
    const { SIGNER_STATE, OBJECT_FOLDER } = harness.config.settings;
    const published = async (): Promise<number> => {
      const { rows } = await harness.owner.query<{ size: number }>('SELECT max(size) AS size FROM tlog.published');
      return Number(rows[0]!.size);
    };

    const first = await startWorker(harness);
    await somethingElse();
    await first.close();
    const before = await published();
    for (const table of tables) await harness.owner.query(`CREATE TABLE backup_${table} AS TABLE tlog.${table}`);
    await copyFile(SIGNER_STATE, backup.SIGNER_STATE);
    await cp(OBJECT_FOLDER, backup.OBJECT_FOLDER, { recursive: true });
    const second = await startWorker(harness);
    await somethingElse();
    await second.close();
    const after = await published();
    expect(after).toBeGreaterThan(before);
    await asSuperuser(harness, async (client) => {
      for (const table of tables) {
        await client.query(`TRUNCATE tlog.${table}`);
        await client.query(`INSERT INTO tlog.${table} OVERRIDING SYSTEM VALUE TABLE backup_${table}`);
      }
    });

    const older = `holds ${before} entries, but`;
    await expect(startWorker(harness)).rejects.toThrow(`${older} the signer signed a checkpoint of ${after}`);
    const { SIGNER_STATE: signer } = backup;
    await expect(startWorker(harness, { SIGNER_STATE: signer })).rejects.toThrow(
      `${older} the object store serves a checkpoint of ${after}`,
    );
    // All memories within the operator's reach are as old as the database. The witness's is not.
    const forked = await startWorker(harness, backup);
    await harness.app.get(LogRunner).journal.endInterval(5);
    const { publisher } = forked.get(LogRunner);
    for (let i = 0; i < 200 && publisher.lateMs < 500; i++) await sleep(20);
    expect(publisher.lateMs).toBeGreaterThanOrEqual(500);
    expect(await published()).toBe(before);
    await forked.close();
  });

  /** The worker of the same log as a process of its own would be. Throws when it refuses to start. */
  async function startWorker({ config, clock }: Harness, settings: Partial<Settings> = {}): Promise<INestApplication> {
    const own = new Config({ ...config.settings, WORKER: 'log', ...settings });
    const module = await Test.createTestingModule({ imports: [AppModule.with(own)] })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(createAdapter(own), { logger: false });
    try {
      await configure(app, own);
      return await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
  }

  it('log flooding: who is nobody leaves no entry, and who is somebody not more than the limit', async () => {
    const limit = 60;
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: String(limit) });
    const vendor = await approvedVendor(harness);
    const junk = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) {
        expect((await harness.post('/api/tenders', { x: i })).status).toBe(401);
        expect((await harness.get('/api/no-such-route')).status).toBe(404);
        expect((await harness.post('/api/sessions', { x: i }, vendor)).status).toBe(400);
      }
    };
    expect(await entriesDuring(harness, junk)).toEqual([]);
    const statuses: number[] = [];
    const denied = await entriesDuring(harness, async () => {
      for (let i = 0; i < limit; i++) statuses.push((await harness.get('/api/audit/trail', vendor)).status);
    });
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect(denied).toEqual(statuses.filter((status) => status === 403).map(() => 'access.denied'));
    expect(denied.length).toBeLessThan(limit);
    // Past the interface: no other role than the application's can put anything into the queue.
    const { DATABASE_URL: url } = harness.config.settings;
    for (const role of ['segel_sequencer', 'segel_erasure'] as const) {
      const client = new pg.Client({ ...doorOptions({ url, role: 'segel_app', pool: 1 }), options: `-c role=${role}` });
      await client.connect();
      await expect(client.query("INSERT INTO tlog.queue (data) VALUES ('\\x0102')")).rejects.toThrow(
        /permission denied/,
      );
      await client.end();
    }
  });
});
