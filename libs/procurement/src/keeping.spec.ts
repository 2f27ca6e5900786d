import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import { admitPart, lockUntil, neededUntil, rulePack, type NamedBytes } from './index.js';

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

describe('a part', () => {
  const deadlineAt = new Date(NOW.getTime() + DAY);
  const late = new Date(deadlineAt.getTime() + 1);
  const approved = { status: 'approved' } as const;
  const admit = (now: Date, named?: NamedBytes, vendor: Parameters<typeof admitPart>[0]['vendor'] = approved): string =>
    admitPart({
      window: { state: now < deadlineAt ? 'tendering' : 'closed', deadlineAt },
      vendor,
      owed: false,
      named,
      now,
    });
  const lost = { stored: 'missing', neededUntil: undefined } as const;

  it('arrives before the deadline, whether or not a bid names it', () => {
    expect(admit(NOW)).toBe('arrive');
    expect(admit(NOW, { stored: 'whole', neededUntil: undefined })).toBe('arrive');
  });

  it('of the vendor’s own bid is put back at any time until the tender is over', () => {
    expect(admit(NOW, lost)).toBe('restore');
    expect(admit(late, lost)).toBe('restore');
    expect(admit(late, { stored: 'damaged', neededUntil: new Date(late.getTime() + 1) })).toBe('restore');
    const barred = { status: 'approved', blacklistedUntil: new Date(late.getTime() + DAY) } as const;
    expect(admit(late, lost, barred)).toBe('restore');
  });

  it('is late after the deadline when nothing of the vendor’s is damaged, or the tender is over', () => {
    expect(refused(() => admit(late))).toBe('bid_late');
    expect(refused(() => admit(late, { stored: 'whole', neededUntil: undefined }))).toBe('bid_late');
    expect(refused(() => admit(late, { stored: 'missing', neededUntil: late }))).toBe('bid_late');
  });
});
