/** A sample of `npm run crash`: kill -9 at steps of every group, of PostgreSQL and of the witness, while companies bid.
 *  Nothing acknowledged is lost, nothing doubled, no gap, and every checkpoint is a prefix of the next. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FAILPOINTS } from '../apps/api/src/platform/failpoint.js';
import { removeDataDir, startStack } from '../apps/launcher/src/index.mjs';
import { WITNESS_FAILPOINTS } from '../apps/witness/src/failpoint.js';
import { runCampaign } from './crash/campaign.js';
import { KILLS, planRuns } from './crash/plan.js';
import { failures, table, totals, type CampaignReport } from './crash/report.js';

const SEED = 20_261;
/** One or two of each group: all of them take `npm run crash`. */
const SAMPLE =
  /^(journal\.committed|sequencer\.committed|signer\.remembered|publisher\.tiles_stored|bid\.answering|witness\.written|kill (postgresql|machine)|box\.closing|opening\.(share_received|documents_stored|recorded))$/;
const SAMPLE_RUNS = 13;
const EVERYTHING = [...FAILPOINTS, ...WITNESS_FAILPOINTS, ...KILLS];

describe('a system that is killed', () => {
  let report: CampaignReport;

  beforeAll(async () => {
    report = await runCampaign(
      { startStack, removeDataDir },
      { runs: SAMPLE_RUNS, seed: SEED, only: SAMPLE, deadlineInMs: 20_000 },
    );
    process.stdout.write(`${table(report)}\n`);
  }, 900_000);

  it('dies at every chosen place, comes back and goes on', () => {
    expect(failures(report)).toEqual([]);
    const struck = new Set(report.runs.map(({ name }) => name));
    expect([...struck].sort()).toEqual(EVERYTHING.filter((name) => SAMPLE.test(name)).sort());
    expect(report.acknowledged).toBeGreaterThan(SAMPLE_RUNS);
  });

  it('has every acknowledged act once, without a gap, in a log of which every checkpoint is a prefix', () => {
    const { lost, duplicated, gapped, nonPrefix } = totals(report);
    expect({ lost, duplicated, gapped, nonPrefix }).toEqual({ lost: 0, duplicated: 0, gapped: 0, nonPrefix: 0 });
  });
});

describe('a campaign', () => {
  it('has every failpoint of server and witness and every kill among its two hundred runs', () => {
    const { load, openings } = planRuns({ runs: 200, seed: SEED });
    const names = new Set([...load, ...openings.flat()].map(({ name }) => name));
    expect([...names].sort()).toEqual([...EVERYTHING].sort());
    expect(load.length + openings.flat().length).toBe(200);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(planRuns({ runs: 50, seed: 1 })).toEqual(planRuns({ runs: 50, seed: 1 }));
    expect(planRuns({ runs: 50, seed: 1 })).not.toEqual(planRuns({ runs: 50, seed: 2 }));
  });
});
