/** A sample of `npm run crash -- submit`: the command line, the server and PostgreSQL are killed while bids are sent.
 *  What was acknowledged is there, once and whole, and no vendor is stuck. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { removeDataDir, startStack } from '../apps/launcher/src/index.mjs';
import { FAILPOINTS } from '../apps/api/src/platform/failpoint.js';
import { contentKey } from '../apps/api/src/platform/object-store/object-store.js';
import { fromHex } from '@segel/encoding';
import path from 'node:path';
import { runSubmitCampaign } from './crash/submit/campaign.js';
import { examine } from './crash/submit/examination.js';
import { KILLS, planSubmissions } from './crash/submit/plan.js';
import { failures, table, totals, type SubmitReport } from './crash/submit/report.js';
import { openSubmitScene } from './crash/submit/scene.js';
import { Vendor } from './crash/submit/vendor.js';

const SEED = 8323;
const SAMPLE = /^(kill (client|api|postgresql)|journal\.committed)$/;
const SAMPLE_RUNS = 4;

describe('a submission that is interrupted', () => {
  let report: SubmitReport;

  beforeAll(async () => {
    report = await runSubmitCampaign(
      { startStack, removeDataDir },
      { runs: SAMPLE_RUNS, seed: SEED, only: SAMPLE, store: 'folder' },
    );
    process.stdout.write(`${table(report)}\n`);
  }, 600_000);

  it('is repeated by its vendor until there is a receipt; nothing is lost, doubled or damaged', () => {
    const { lost, duplicated, corrupt, stuck } = totals(report);
    expect({ lost, duplicated, corrupt, stuck }).toEqual({ lost: 0, duplicated: 0, corrupt: 0, stuck: 0 });
    expect(failures(report).filter((reason) => !reason.endsWith('never reached'))).toEqual([]);
    expect(report.runs).toHaveLength(SAMPLE_RUNS);
  });
});

describe('the examination of a submission', () => {
  it('sees a part with other bytes, a bid that is gone, and a receipt that is gone', async () => {
    const scene = await openSubmitScene({ startStack, removeDataDir }, 'folder');
    try {
      const vendor = await Vendor.prepare(scene.place, 1_000_000);
      expect(await vendor.submit()).toBe(0);
      expect(await examine(vendor, scene.witnesses)).toEqual([]);
      const part = path.join(scene.stack.paths.objects, contentKey(fromHex(vendor.bid.parts[0]!.hex)));
      await rm(part);
      await writeFile(part, 'other bytes');
      const harms = async (): Promise<readonly string[]> =>
        (await examine(vendor, scene.witnesses)).map(({ harm }) => harm);
      expect(await harms()).toEqual(['corrupt', 'corrupt']);
      await rm(`${vendor.base}.receipt.tlog-proof`);
      expect(await harms()).toEqual(['lost', 'corrupt', 'corrupt']);
      const gone = Object.assign(Object.create(Vendor.prototype) as Vendor, vendor, {
        bid: { ...vendor.bid, bidId: randomUUID() },
      });
      expect(await examine(gone, scene.witnesses)).toMatchObject([{ harm: 'lost' }]);
    } finally {
      await scene.stop();
    }
  }, 300_000);
});

describe('a campaign against submissions', () => {
  it('has every kill and every failpoint on the way of a bid among its sixty runs', () => {
    const names = new Set(planSubmissions({ runs: 60, seed: SEED, store: true }).map(({ name }) => name));
    const onTheWay = FAILPOINTS.filter((name) => /^(journal|object|bid|upload)\./.test(name));
    expect([...names].sort()).toEqual([...KILLS, ...onTheWay].sort());
  });

  it('is the same for the same seed, and leaves out what cannot be killed', () => {
    const plan = planSubmissions({ runs: 30, seed: 1, store: false });
    expect(planSubmissions({ runs: 30, seed: 1, store: false })).toEqual(plan);
    expect(plan.filter(({ name }) => name === 'kill store')).toEqual([]);
  });
});
