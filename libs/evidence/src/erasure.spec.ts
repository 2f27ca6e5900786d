import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@segel/procurement';
import {
  demandErasable,
  demandErasableAccount,
  demandSecondPerson,
  demandUninvolved,
  ENTRY_TYPES,
  ERASURE_REQUEST_MS,
  isKept,
  keptUntil,
  RETENTION,
  type EntryTypeName,
  type ErasableEntry,
} from './index.js';

const AT = new Date('2026-12-01T02:00:00.000Z');
const NOW = new Date('2027-01-01T00:00:00.000Z');
const [ANA, BEN] = ['019abc00-0000-7000-8000-000000000001', '019abc00-0000-7000-8000-000000000002'];

const entry = (given: Partial<ErasableEntry> = {}): ErasableEntry => ({
  type: 'account.signed_in',
  at: AT,
  people: [ANA],
  tenderState: null,
  inOpenPeriod: false,
  ...given,
});
const codeOf = (rule: () => void): string => {
  try {
    rule();
    return 'allowed';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

describe('what may be erased', () => {
  const names = Object.keys(ENTRY_TYPES) as EntryTypeName[];
  const outcome = (type: EntryTypeName, now: Date): string => codeOf(() => demandErasable(entry({ type }), now));

  it.each(names.filter((type) => ENTRY_TYPES[type].form === 'clear'))('never %s, which is clear', (type) => {
    expect(outcome(type, NOW)).toBe('entry_kept');
    expect(outcome(type, new Date('2100-01-01T00:00:00.000Z'))).toBe('entry_kept');
  });

  it.each(names.filter(isKept))('not %s, until its retention has ended', (type) => {
    expect(outcome(type, NOW)).toBe('entry_kept');
    expect(outcome(type, new Date(keptUntil(AT).getTime() - 1))).toBe('entry_kept');
    expect(outcome(type, keptUntil(AT))).toBe('allowed');
  });

  it.each(names.filter((type) => ENTRY_TYPES[type].form === 'blinded' && !isKept(type)))('%s, at any time', (type) => {
    expect(outcome(type, NOW)).toBe('allowed');
  });

  it('keeps every entry about a bid, chaff, and all that the verification of a tender reads', () => {
    const read = names.filter((type) => /^(bid|evaluation)\.|^chaff$|^opening\.seed/.test(type));
    expect(read.filter((type) => ENTRY_TYPES[type].form === 'blinded' && !isKept(type))).toEqual([]);
  });

  it('says that nobody has checked the retention yet', () => {
    expect(RETENTION.unverified).toEqual(['years']);
    expect(keptUntil(AT).toISOString()).toBe('2036-12-01T02:00:00.000Z');
  });

  it.each(['draft', 'tendering', 'closing', 'closed', 'opened', 'evaluating', 'intended_award', 'standstill'] as const)(
    'nothing of a tender that is %s',
    (tenderState) => {
      const asked = entry({ type: 'question.asked', tenderState });
      expect(codeOf(() => demandErasable(asked, NOW))).toBe('entry_needed');
    },
  );

  it.each(['awarded', 'cancelled', 'failed'] as const)('what is not kept of a tender that is %s', (tenderState) => {
    const asked = entry({ type: 'question.asked', tenderState });
    expect(codeOf(() => demandErasable(asked, NOW))).toBe('allowed');
  });

  it('nothing of the period of an open tender, whatever it is about: a bid could hide behind it', () => {
    expect(codeOf(() => demandErasable(entry({ inOpenPeriod: true }), NOW))).toBe('entry_needed');
  });

  it('the data of a revoked account, of somebody who signed only after the retention', () => {
    const account = (revokedAt: Date | null, answers: boolean): (() => void) => {
      return () => demandErasableAccount({ id: ANA, revokedAt, answers }, NOW);
    };
    expect(codeOf(account(null, false))).toBe('wrong_state');
    expect(codeOf(account(AT, false))).toBe('allowed');
    expect(codeOf(account(AT, true))).toBe('entry_kept');
    expect(codeOf(account(new Date('2016-12-31T00:00:00.000Z'), true))).toBe('allowed');
  });
});

describe('who may erase', () => {
  const waiting = { requestedBy: ANA, requestedAt: AT, requesterRevoked: false, decided: false };
  const second = (given: Partial<typeof waiting>, accountId = BEN, now = AT): string =>
    codeOf(() => demandSecondPerson({ ...waiting, ...given }, accountId, now));

  it('two different people, the second in time, once, and while the first is still trusted', () => {
    expect(second({})).toBe('allowed');
    expect(second({}, ANA)).toBe('same_person_twice');
    expect(second({ decided: true })).toBe('wrong_state');
    expect(second({ requesterRevoked: true })).toBe('wrong_state');
    const last = new Date(AT.getTime() + ERASURE_REQUEST_MS);
    expect(second({}, BEN, last)).toBe('allowed');
    expect(second({}, BEN, new Date(last.getTime() + 1))).toBe('wrong_state');
  });

  it('nobody whom the entry is about', () => {
    expect(codeOf(() => demandUninvolved([ANA, BEN], BEN))).toBe('role_conflict');
    expect(codeOf(() => demandUninvolved([ANA], BEN))).toBe('allowed');
  });
});
