import { describe, expect, it } from '@jest/globals';
import { planDeadline } from './deadline-plan.js';
import { rulePack } from './rule-pack.js';

const pack = rulePack('demo/fast');
const deadlineAt = new Date('2026-03-02T03:00:00Z');
const before = (ms: number): Date => new Date(deadlineAt.getTime() - ms);

describe('what a deadline sets going', () => {
  const dayMs = pack.calendar.dayMs!;
  const at = (now: Date, precommit?: { graceMinutes: number }): Record<string, number> =>
    Object.fromEntries(
      planDeadline('t', { deadlineAt, precommit }, pack, now).map(({ key, runAt }) => [
        key,
        runAt.getTime() - deadlineAt.getTime(),
      ]),
    );

  it('is planned around it', () => {
    expect(at(before(20 * 60_000))).toEqual({
      'close:t': 0,
      'outage:t': -10 * 60_000,
      'readiness:t:early': -2 * dayMs,
      'readiness:t:late': -dayMs,
      'readiness:t:check': -dayMs / 2,
      'delayed:t': 2 * dayMs,
    });
  });

  it('comes at once where its time is over, and the early proof not at all', () => {
    expect(at(before(1000))).toEqual({
      'close:t': 0,
      'outage:t': -1000,
      'readiness:t:late': -1000,
      'readiness:t:check': -dayMs / 2,
      'delayed:t': 2 * dayMs,
    });
  });

  it('gives the openers their time from the end of the grace for sealed files', () => {
    expect(at(before(1000), { graceMinutes: 5 })['delayed:t']).toBe(5 * 60_000 + 2 * dayMs);
  });
});
