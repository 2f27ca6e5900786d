import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import {
  afterFailedSignIn,
  confirmInvitation,
  demandPassword,
  demandRoleAtHome,
  demandRoleBeside,
  isPaused,
  revokeAccount,
  ROLES,
  type SignInState,
  type WaitingInvitation,
} from './index.js';

const now = new Date('2026-12-01T02:00:00.000Z');

describe('accounts', () => {
  it.each([
    ['elevenchars', 'password_weak'],
    ['twelve chars', 'none'],
    ['👍👍👍👍👍👍', 'password_weak'],
    ['Somebody@Example.org', 'password_weak'],
    ['x'.repeat(201), 'password_weak'],
  ])('the password %j is %s', (password, expected) => {
    expect(refused(() => demandPassword(password, 'somebody@example.org'))).toBe(expected);
  });

  it('the tenth wrong password in a row pauses sign-ins for fifteen minutes', () => {
    let state: SignInState = { failedSignIns: 0, lockedUntil: null };
    for (let i = 0; i < 9; i++) state = afterFailedSignIn(state, now);
    expect([state.failedSignIns, isPaused(state, now)]).toEqual([9, false]);
    state = afterFailedSignIn(state, now);
    expect(isPaused(state, new Date(now.getTime() + 15 * 60_000 - 1))).toBe(true);
    expect(isPaused(state, new Date(now.getTime() + 15 * 60_000))).toBe(false);
  });

  it('vendor, auditor and operator stand alone; officials may hold several roles on different tenders', () => {
    for (const alone of ['vendor', 'auditor', 'operator'] as const) {
      for (const other of ROLES) {
        const expected = alone === other ? 'none' : 'role_conflict';
        expect(refused(() => demandRoleBeside([alone], other))).toBe(expected);
        expect(refused(() => demandRoleBeside([other], alone))).toBe(expected);
      }
    }
    expect(refused(() => demandRoleBeside(['preparer', 'evaluator'], 'approver'))).toBe('none');
  });

  it('a role belongs to organisations of its kind', () => {
    expect(refused(() => demandRoleAtHome('auditor', 'buyer'))).toBe('role_conflict');
    expect(refused(() => demandRoleAtHome('operator', 'civil'))).toBe('role_conflict');
    expect(refused(() => demandRoleAtHome('opener', 'civil'))).toBe('none');
  });

  it('a role is given by two different operators, while the request holds', () => {
    const waiting = { requestedBy: 'o1', requesterRevoked: false, confirmed: false, expiresAt: new Date(+now + 1) };
    const confirm = (change: Partial<WaitingInvitation>, operator = 'o2'): string =>
      refused(() => confirmInvitation({ ...waiting, ...change }, operator, now));
    expect(confirm({})).toBe('none');
    expect(confirm({}, 'o1')).toBe('same_person_twice');
    expect(confirm({ confirmed: true })).toBe('wrong_state');
    expect(confirm({ requestedBy: null })).toBe('wrong_state');
    expect(confirm({ expiresAt: now })).toBe('wrong_state');
    expect(confirm({ requesterRevoked: true })).toBe('wrong_state');
  });

  it('one operator revokes an official, two different ones a vendor’s user', () => {
    const act = {
      accountId: 'a',
      revoked: false,
      vendorUser: true,
      requestedBy: [] as string[],
      operatorId: 'o1',
      reason: 'left the company',
    };
    expect(revokeAccount({ ...act, vendorUser: false }).state).toBe('revoked');
    expect(revokeAccount(act).state).toBe('requested');
    expect(refused(() => revokeAccount({ ...act, requestedBy: ['o1'] }))).toBe('same_person_twice');
    expect(revokeAccount({ ...act, requestedBy: ['o2'] }).state).toBe('revoked');
    expect(refused(() => revokeAccount({ ...act, revoked: true }))).toBe('wrong_state');
    expect(refused(() => revokeAccount({ ...act, operatorId: 'a' }))).toBe('role_conflict');
    expect(refused(() => revokeAccount({ ...act, reason: ' ' }))).toBe('reason_missing');
  });
});
