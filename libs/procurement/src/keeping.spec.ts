import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import { admitRestore, lockUntil, neededUntil, rulePack, type NamedBytes } from './index.js';

const at = (text: string): Date => new Date(text);
const NOW = at('2026-12-01T02:00:00.000Z');
const DAY = 86_400_000;

describe('the objects of a tender', () => {
  const generic = rulePack('generic/open');

  it('are needed without end while the tender is not over', () => {
    for (const state of ['draft', 'tendering', 'closed', 'evaluating', 'standstill'] as const)
      expect(neededUntil({ state, pack: generic, endedAt: NOW })).toBeUndefined();
    expect(neededUntil({ state: 'awarded', pack: generic, endedAt: null })).toBeUndefined();
  });

  it('are needed after the end until objections are answered, on both levels, and the margin of the pack is over', () => {
    const end = (id: string): Date | undefined =>
      neededUntil({ state: 'awarded', pack: rulePack(id), endedAt: at('2026-12-01T02:00:00.000Z') });
    // 10 + 5 + 30 days; 5 + 3 + 30; 5 + 3 + 5 + 14 + 30; a demonstration's days last two seconds.
    expect(end('generic/open')).toEqual(at('2027-01-15T02:00:00.000Z'));
    expect(end('id/tender-goods')).toEqual(at('2027-01-08T02:00:00.000Z'));
    expect(end('id/tender-works')).toEqual(at('2027-01-27T02:00:00.000Z'));
    expect(end('demo/fast')).toEqual(at('2026-12-01T02:01:04.000Z'));
  });

  it('are kept by the default margin when the pack was frozen before it had one', () => {
    const { keepAfterEndDays: _, ...old } = generic;
    const kept = { state: 'cancelled', endedAt: NOW } as const;
    expect(neededUntil({ ...kept, pack: old })).toEqual(neededUntil({ ...kept, pack: generic }));
  });

  it('are locked some days ahead, not beyond their need, and for as long as any tender needs them', () => {
    const ahead = new Date(NOW.getTime() + 30 * DAY);
    const soon = new Date(NOW.getTime() + DAY);
    const past = new Date(NOW.getTime() - DAY);
    expect(lockUntil([undefined], NOW, 30)).toEqual(ahead);
    expect(lockUntil([past, undefined], NOW, 30)).toEqual(ahead);
    expect(lockUntil([soon], NOW, 30)).toEqual(soon);
    expect(lockUntil([past, soon], NOW, 30)).toEqual(soon);
    expect(lockUntil([new Date(NOW.getTime() + 90 * DAY)], NOW, 30)).toEqual(ahead);
    expect(lockUntil([past, NOW], NOW, 30)).toBeUndefined();
    expect(lockUntil([], NOW, 30)).toBeUndefined();
  });
});

describe('bytes of a bid that the store lost', () => {
  const put = (named?: NamedBytes): void => admitRestore({ named, now: NOW });
  const lost = { stored: 'missing', neededUntil: undefined } as const;

  it('are put back by their vendor at any time until the tender is over', () => {
    expect(() => put(lost)).not.toThrow();
    expect(() => put({ stored: 'damaged', neededUntil: new Date(NOW.getTime() + 1) })).not.toThrow();
    expect(refused(() => put({ stored: 'missing', neededUntil: NOW }))).toBe('wrong_state');
  });

  it('are not taken when nothing is damaged, or from anybody else', () => {
    expect(refused(() => put({ stored: 'whole', neededUntil: undefined }))).toBe('wrong_state');
    expect(refused(() => put())).toBe('bid_unknown');
  });
});
