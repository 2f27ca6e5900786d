import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import { DEMO_FAST } from './packs/demo-fast.js';
import { GENERIC_OPEN } from './packs/generic-open.js';
import { ID_TENDER_GOODS } from './packs/id-tender.js';
import { admitPart } from './bid.js';
import { deliverBid, isAwaited, voidBid, type CommittedBid } from './delivery.js';
import { finder } from './finding.js';
import { checkPrecommit, ciphertextDueAt, openableAt } from './precommit.js';
import type { RulePack } from './rule-pack.js';
import type { LotState, TenderTerms } from './tender.js';

const DEADLINE = new Date('2026-12-01T10:00:00.000Z');
const HOUR = 3_600_000;
const after = (ms: number): Date => new Date(DEADLINE.getTime() + ms);
const grace = { deadlineAt: DEADLINE, precommit: { graceMinutes: 60 } };
const bid: CommittedBid = { bidId: 'bid', precommit: true, delivered: false, voided: false };
const standing = { bidId: 'bid', noticeSha256: 'notice', withdrawn: false };

describe('a grace for sealed files', () => {
  it('ends so many real minutes after the deadline, and at the deadline when there is none', () => {
    expect(ciphertextDueAt(DEADLINE, grace.precommit)).toEqual(after(HOUR));
    expect(ciphertextDueAt(DEADLINE, undefined)).toBeUndefined();
    expect(openableAt(DEADLINE, undefined)).toEqual(DEADLINE);
  });

  it('is for the rule pack to allow, and to limit', () => {
    const codes = (pack: RulePack, graceMinutes?: number): readonly string[] => {
      const found = finder();
      const terms = (graceMinutes === undefined ? {} : { precommit: { graceMinutes } }) as TenderTerms;
      checkPrecommit(terms, pack, found);
      return found.findings.map(({ code }) => code);
    };
    const { precommit: _, ...earlier } = GENERIC_OPEN;
    expect(codes(GENERIC_OPEN)).toEqual([]);
    expect(codes(GENERIC_OPEN, 240)).toEqual([]);
    expect(codes(DEMO_FAST, 1)).toEqual([]);
    for (const minutes of [0, 241, 1.5, -1, Number.NaN])
      expect(codes(GENERIC_OPEN, minutes)).toEqual(['number_outside']);
    expect(codes(ID_TENDER_GOODS)).toEqual([]);
    expect(codes(ID_TENDER_GOODS, 60)).toEqual(['precommit_not_allowed']);
    expect(codes(earlier, 60)).toEqual(['precommit_not_allowed']);
  });

  it('lets in the parts that a committed bid owes, and no others after the deadline', () => {
    const part = (owed: boolean, ms: number, precommit?: { graceMinutes: number }): string =>
      refused(() =>
        admitPart({
          window: { state: ms < 0 ? 'tendering' : 'closed', deadlineAt: DEADLINE, precommit },
          vendor: { status: 'approved', blacklistedUntil: null },
          owed,
          now: after(ms),
        }),
      );
    expect(part(false, -1, grace.precommit)).toBe('none');
    expect(part(false, 0, grace.precommit)).toBe('bid_late');
    expect(part(true, 0, grace.precommit)).toBe('none');
    expect(part(true, HOUR - 1, grace.precommit)).toBe('none');
    expect(part(true, HOUR, grace.precommit)).toBe('ciphertext_late');
    expect(part(true, 0)).toBe('ciphertext_late');
  });
});

describe('a committed bid', () => {
  const deliver = (ms: number, change: Partial<CommittedBid> = {}, lotState: LotState = 'closed'): string =>
    refused(() => deliverBid({ grace, lotState, bid: { ...bid, ...change }, existing: [standing], now: after(ms) }));

  it('is delivered until the last millisecond of the grace', () => {
    expect(deliver(-1, {}, 'tendering')).toBe('none');
    expect(deliver(0, {}, 'closing')).toBe('none');
    expect(deliver(HOUR - 1)).toBe('none');
    expect(deliver(HOUR)).toBe('ciphertext_late');
    expect(deliver(0, { voided: true })).toBe('ciphertext_late');
    expect(deliver(0, { precommit: false })).toBe('wrong_state');
    expect(deliver(0, {}, 'cancelled')).toBe('wrong_state');
    const withdrawn = [{ ...standing, withdrawn: true }];
    const late = { grace, lotState: 'closed' as const, bid, now: after(0) };
    expect(refused(() => deliverBid({ ...late, existing: withdrawn }))).toBe('bid_withdrawn');
    expect(refused(() => deliverBid({ ...late, existing: [standing, { ...standing, bidId: 'next' }] }))).toBe(
      'bid_unknown',
    );
  });

  it('is void by the end of the grace alone, and never when it was delivered or came whole', () => {
    const voided = (ms: number, change: Partial<CommittedBid> = {}, lotState: LotState = 'closed'): unknown =>
      voidBid({ grace, lotState, bid: { ...bid, ...change }, now: after(ms) })?.reason;
    expect(voided(HOUR)).toBe('ciphertext_missing');
    expect(voided(HOUR - 1)).toBeUndefined();
    expect(voided(HOUR, { delivered: true })).toBeUndefined();
    expect(voided(HOUR, { precommit: false })).toBeUndefined();
    expect(voided(HOUR, { voided: true })).toBeUndefined();
    expect(voided(HOUR, {}, 'cancelled')).toBeUndefined();
    expect(isAwaited(bid)).toBe(true);
    expect(isAwaited({ ...bid, delivered: true })).toBe(false);
  });
});
