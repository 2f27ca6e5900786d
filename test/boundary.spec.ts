/** A sample of `npm run boundary`: submissions across the deadline. In at < deadline, else out; never both, never neither. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { across, failures, prepare, type Report } from './boundary/boundary.js';
import { startHarness, type Harness } from './support/harness.js';

const SUBMISSIONS = Number(process.env['BOUNDARY_SUBMISSIONS'] ?? 192);
const CONNECTIONS = Number(process.env['BOUNDARY_CONNECTIONS'] ?? 64);
const JSON_FILE = process.env['BOUNDARY_JSON'] ?? '';
/** So long before and after a deadline of the real clock. */
const AROUND_MS = 10_000;
const LIMIT_MS = 60_000 + SUBMISSIONS * 200;

describe('the deadline, from many connections at once', () => {
  let harness: Harness;
  const reports: Record<string, Report> = {};
  beforeEach(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '100000000' });
  });
  afterEach(async () => {
    await harness.verifyLog();
    await harness.stop();
    if (JSON_FILE !== '') await writeFile(JSON_FILE, `${JSON.stringify(reports, undefined, 2)}\n`);
  }, LIMIT_MS);

  function told(name: string, report: Report): Report {
    reports[name] = report;
    process.stdout.write(`${name}: ${JSON.stringify(report)}\n`);
    return report;
  }

  it(
    'decides every submission by the millisecond of a controlled clock',
    async () => {
      const scene = await prepare(harness, CONNECTIONS, 20_000);
      // A millisecond for each: half of them before the deadline, half at it or after.
      let left = SUBMISSIONS;
      harness.clock.set(new Date(scene.deadlineMs - SUBMISSIONS / 2));
      const report = await across(scene, () => {
        harness.clock.advance(1);
        return left-- > 0;
      });
      told('controlled clock', report);
      expect(failures(report)).toEqual([]);
      expect(report.submissions).toBe(SUBMISSIONS);
      expect(Math.min(report.accepted, report.refused)).toBeGreaterThan(SUBMISSIONS / 10);
    },
    LIMIT_MS,
  );

  it(
    'decides every submission at the machine’s own rate around a real deadline',
    async () => {
      // The clock stands while the companies register, however slow the machine is.
      const scene = await prepare(harness, CONNECTIONS, 20_000);
      harness.clock.set(new Date(scene.deadlineMs - AROUND_MS));
      harness.clock.run();
      const report = await across(scene, () => harness.clock.now().getTime() < scene.deadlineMs + AROUND_MS);
      told('real clock', report);
      expect(failures(report)).toEqual([]);
      expect(Math.min(report.accepted, report.refused)).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
