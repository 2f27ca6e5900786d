import { describe, expect, it } from '@jest/globals';
import { NOW, refused, TERMS } from '../vectors/examples.js';
import { addendum, approveTender, cancelTender, failLot, rulePack, submitTender } from './index.js';

const pack = rulePack('generic/open');
const assignments = [
  { accountId: 'preparer', role: 'preparer' as const },
  { accountId: 'approver', role: 'approver' as const },
];
const openers = TERMS.groups.flatMap((group) => group.openerIds);
const submit = {
  state: 'draft' as const,
  accountId: 'preparer',
  assignments,
  terms: TERMS,
  pack,
  production: true,
  registeredOpenerIds: openers,
  now: NOW,
};
const approve = {
  ...submit,
  state: 'in_approval' as const,
  accountId: 'approver',
  preparerId: 'preparer',
  submittedTermsSha256: 'h',
  termsSha256: 'h',
};

describe('publication', () => {
  it('the preparer submits, the approver publishes', () => {
    expect(submitTender(submit)).toEqual({ state: 'in_approval' });
    expect(approveTender(approve)).toEqual({ state: 'tendering', publishedAt: NOW });
  });

  it('nobody publishes what they prepared, and nothing else than what was submitted', () => {
    const both = [...assignments, { accountId: 'preparer', role: 'approver' as const }];
    expect(refused(() => approveTender({ ...approve, accountId: 'preparer', assignments: both }))).toBe(
      'same_person_twice',
    );
    expect(refused(() => approveTender({ ...approve, accountId: 'preparer' }))).toBe('not_allowed');
    expect(refused(() => approveTender({ ...approve, termsSha256: 'other' }))).toBe('terms_changed');
  });

  it('waits for every opener key, and for a deadline that is far enough when it is approved', () => {
    expect(refused(() => submitTender({ ...submit, registeredOpenerIds: openers.slice(1) }))).toBe(
      'opener_key_missing',
    );
    expect(refused(() => approveTender({ ...approve, now: new Date('2026-02-20T00:00:00Z') }))).toBe(
      'terms_incomplete',
    );
  });

  it('refuses a demonstration pack in production', () => {
    const demo = rulePack('demo/fast');
    expect(refused(() => submitTender({ ...submit, pack: demo }))).toBe('rule_pack_refused_in_production');
  });
});

describe('an addendum', () => {
  const act = {
    state: 'tendering' as const,
    assignments,
    preparerId: 'preparer',
    approverId: 'approver',
    reason: 'A question showed an error.',
    before: TERMS,
    after: { ...TERMS, description: 'Desks and chairs, delivered.' },
    pack,
    now: NOW,
  };

  it('far from the deadline leaves it, and a description needs no new sealing', () => {
    expect(addendum(act)).toMatchObject({
      resealRequired: false,
      changes: ['description'],
      deadlineAt: new Date(TERMS.deadlineAt),
    });
  });

  it('near the deadline extends it so that the days of the pack remain', () => {
    const decided = addendum({ ...act, now: new Date('2026-02-28T12:00:00Z') });
    expect(decided.terms.deadlineAt).toBe('2026-03-05T12:00:00.000Z');
    expect(decided.changes).toEqual(['deadline_at', 'description']);
  });

  it('moves a deadline later but never earlier, and only before it passed', () => {
    const later = { ...TERMS, deadlineAt: '2026-03-09T12:00:00.000Z' };
    expect(addendum({ ...act, after: later }).deadlineAt.toISOString()).toBe(later.deadlineAt);
    const earlier = { ...TERMS, deadlineAt: '2026-02-28T12:00:00.000Z' };
    expect(refused(() => addendum({ ...act, after: earlier }))).toBe('deadline_not_later');
    expect(refused(() => addendum({ ...act, now: new Date(TERMS.deadlineAt) }))).toBe('deadline_passed');
  });

  it('requires sealing again when lots, items, slots or groups change', () => {
    const groups = TERMS.groups.map((group) => ({ ...group, k: 1 }));
    const items = TERMS.items.map((item) => ({ ...item, quantity: '4' }));
    for (const change of [{ groups }, { items }, { lots: [{ ...TERMS.lots[0]!, title: 'Other' }] }]) {
      expect(addendum({ ...act, after: { ...TERMS, ...change } }).resealRequired).toBe(true);
    }
  });

  it('takes two people, a reason, sound terms and a change, and never touches suite, buyer or rule pack', () => {
    const both = [...assignments, { accountId: 'preparer', role: 'approver' as const }];
    expect(refused(() => addendum({ ...act, approverId: 'preparer', assignments: both }))).toBe('same_person_twice');
    expect(refused(() => addendum({ ...act, reason: ' ' }))).toBe('reason_missing');
    expect(refused(() => addendum({ ...act, after: { ...TERMS, items: [] } }))).toBe('terms_incomplete');
    expect(refused(() => addendum({ ...act, after: TERMS }))).toBe('terms_invalid');
    expect(refused(() => addendum({ ...act, after: { ...TERMS, suite: 'x1' } }))).toBe('terms_invalid');
    expect(refused(() => addendum({ ...act, state: 'draft' }))).toBe('wrong_state');
  });
});

describe('cancellation and failure', () => {
  const act = {
    state: 'tendering' as const,
    assignments,
    requestedBy: 'preparer',
    confirmedBy: 'approver',
    reason: 'The budget was withdrawn.',
  };

  it('two people cancel with a reason, until the contract', () => {
    expect(cancelTender(act).state).toBe('cancelled');
    expect(refused(() => cancelTender({ ...act, reason: 'no' }))).toBe('reason_missing');
    expect(refused(() => cancelTender({ ...act, state: 'failed' }))).toBe('wrong_state');
    expect(refused(() => cancelTender({ ...act, confirmedBy: 'preparer' }))).toBe('not_allowed');
  });

  it('a lot fails when the box is empty, not while a bid can win', () => {
    expect(failLot({ state: 'closed', boxCount: 0 })).toEqual({ state: 'failed', reason: 'no_bids' });
    expect(refused(() => failLot({ state: 'closed', boxCount: 2 }))).toBe('failure_unfounded');
    expect(refused(() => failLot({ state: 'tendering', boxCount: 0 }))).toBe('wrong_state');
  });
});
