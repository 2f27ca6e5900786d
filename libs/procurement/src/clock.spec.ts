import { describe, expect, it } from '@jest/globals';
import { clockStanding, isLogged, mayDecideDeadlines, medianOffset } from './index.js';

const at = new Date('2026-12-01T12:00:00.000Z');
const later = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000);
const answer = (offsetMs: number): { offsetMs: number; delayMs: number } => ({ offsetMs, delayMs: 10 });

describe('the rule of the clock', () => {
  it.each([
    [[], undefined],
    [[5], 5],
    [[5, -3], 1],
    [[4000, 1, -2], 1],
    [[90_000, 2, 1, -90_000, 3], 2],
  ] as const)('takes the median of %j', (offsets, median) => {
    expect(medianOffset(offsets.map(answer))).toBe(median);
  });

  it.each([
    [0, 0, 'right'],
    [1000, 0, 'right'],
    [-1000, 30, 'right'],
    [1001, 0, 'wrong'],
    [-1001, 0, 'wrong'],
    [0, 31, 'unknown'],
    [0, -31, 'unknown'],
    [null, 0, 'unknown'],
  ] as const)('an offset of %s ms, measured %s minutes ago, is %s', (offsetMs, minutes, standing) => {
    expect(clockStanding({ at, offsetMs }, later(minutes))).toBe(standing);
  });

  it('knows nothing before the first measurement', () => {
    expect(clockStanding(undefined, at)).toBe('unknown');
  });

  it('lets a wrong or unknown clock decide no deadline in production, and warns only in development', () => {
    const decisions = (['right', 'wrong', 'unknown'] as const).map((standing) => [
      mayDecideDeadlines(standing, true),
      mayDecideDeadlines(standing, false),
    ]);
    expect(decisions).toEqual([
      [true, true],
      [false, true],
      [false, true],
    ]);
  });

  it('puts into the log what changed, and one measurement a day', () => {
    const right = { at, standing: 'right' } as const;
    expect(isLogged(undefined, right)).toBe(true);
    expect(isLogged(right, { at: later(5), standing: 'right' })).toBe(false);
    expect(isLogged(right, { at: later(5), standing: 'wrong' })).toBe(true);
    expect(isLogged(right, { at: later(12 * 60), standing: 'right' })).toBe(true);
  });
});
