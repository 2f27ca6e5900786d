import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import { endMembership, inviteColleague, joinCompany, type Company } from './index.js';

const company: Company = { registeredBy: 'ani', people: ['ani', 'budi'] };

describe('who registered a company', () => {
  const invite = (actorId: string, more: Partial<Parameters<typeof inviteColleague>[0]> = {}): string =>
    refused(() => inviteColleague({ company, actorId, approved: true, waiting: 0, ...more }));

  it('invites its people; a colleague does not, and nobody from outside', () => {
    expect(invite('ani')).toBe('none');
    expect(invite('budi')).toBe('not_allowed');
    expect(invite('operator')).toBe('not_found');
    expect(invite('ani', { company: { ...company, people: ['budi'] } })).toBe('not_found');
  });

  it('does so once the company is approved, and for fifty people at most', () => {
    expect(invite('ani', { approved: false })).toBe('vendor_not_approved');
    expect(invite('ani', { waiting: 47 })).toBe('none');
    expect(invite('ani', { waiting: 48 })).toBe('company_full');
  });

  it('ends the membership of others; everybody else only their own', () => {
    const end = (actorId: string, accountId: string): string =>
      refused(() => endMembership({ company: { ...company, people: ['ani', 'budi', 'citra'] }, actorId, accountId }));
    expect(end('ani', 'budi')).toBe('none');
    expect(end('budi', 'budi')).toBe('none');
    expect(end('budi', 'citra')).toBe('not_allowed');
    expect(end('budi', 'ani')).toBe('not_allowed');
    expect(end('ani', 'ani')).toBe('wrong_state');
    expect(end('ani', 'dewi')).toBe('not_found');
    expect(end('operator', 'budi')).toBe('not_found');
  });
});

describe('the invited', () => {
  const at = (day: number): Date => new Date(Date.UTC(2026, 11, day));
  type Act = Parameters<typeof joinCompany>[0];
  const join = (more: Partial<Act> = {}): string => {
    const act: Act = {
      vendorId: 'v',
      company,
      invitedBy: 'ani',
      inviterRevoked: false,
      invitedAt: at(1),
      endedAt: null,
      held: [],
      ...more,
    };
    return refused(() => joinCompany(act));
  };

  it('join with nothing else to be loyal to', () => {
    expect(join()).toBe('none');
    expect(join({ held: [{ role: 'vendor', organisationId: 'v' }] })).toBe('none');
    expect(join({ held: [{ role: 'vendor', organisationId: 'another' }] })).toBe('role_conflict');
  });

  it.each([
    'operator',
    'preparer',
    'approver',
    'opener',
    'evaluator',
    'award_authority',
    'reviewer',
    'auditor',
  ] as const)('do not join while they are %s, in an institution or on a tender', (role) => {
    expect(join({ held: [{ role, organisationId: 'o' }] })).toBe('role_conflict');
    expect(join({ held: [{ role, organisationId: null }] })).toBe('role_conflict');
  });

  it('do not join by the word of somebody who may not invite', () => {
    expect(join({ invitedBy: 'budi' })).toBe('token_invalid');
    expect(join({ inviterRevoked: true })).toBe('token_invalid');
    expect(join({ company: { ...company, people: ['budi'] } })).toBe('token_invalid');
  });

  it('do not come back by a link from before they were sent away', () => {
    expect(join({ endedAt: at(2) })).toBe('token_invalid');
    expect(join({ endedAt: at(1) })).toBe('token_invalid');
    expect(join({ endedAt: at(1), invitedAt: at(3) })).toBe('none');
  });
});
