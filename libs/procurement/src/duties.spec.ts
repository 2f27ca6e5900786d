import { describe, expect, it } from '@jest/globals';
import { refused } from '../vectors/examples.js';
import type { Role } from './index.js';
import { assignRole, excludes, holds, ROLES, rulePack } from './index.js';

const generic = rulePack('generic/open');
const pokja = rulePack('id/tender-goods');

function assign(held: Role, role: Role, pack = generic): string {
  return refused(() =>
    assignRole({ assignments: [{ accountId: 'a', role: held }], organisationRoles: [], accountId: 'a', role, pack }),
  );
}

describe('separation of duties', () => {
  it.each<[Role, Role]>([
    ['preparer', 'approver'],
    ['opener', 'approver'],
    ['opener', 'evaluator'],
    ['evaluator', 'award_authority'],
    ['reviewer', 'award_authority'],
    ['auditor', 'opener'],
    ['operator', 'reviewer'],
    ['vendor', 'evaluator'],
  ])('nobody is both %s and %s of one tender, under any pack, in either order', (a, b) => {
    for (const pack of [generic, pokja]) {
      expect(assign(a, b, pack)).toBe('role_conflict');
      expect(assign(b, a, pack)).toBe('role_conflict');
    }
  });

  it('auditor, operator and vendor exclude everything', () => {
    for (const role of ['auditor', 'operator', 'vendor'] as const) {
      for (const other of ROLES) expect(excludes(role, other, generic)).toBe(other !== role);
    }
  });

  it('a Pokja both prepares and evaluates, a generic preparer does not', () => {
    expect(assign('preparer', 'evaluator', pokja)).toBe('none');
    expect(assign('preparer', 'evaluator', generic)).toBe('role_conflict');
  });

  it('a role of the organisation counts too', () => {
    const given = {
      assignments: [],
      organisationRoles: ['auditor'] as const,
      accountId: 'a',
      role: 'opener' as const,
      pack: generic,
    };
    expect(refused(() => assignRole(given))).toBe('role_conflict');
  });

  it('what others hold does not matter, and a role is held once', () => {
    const others = [{ accountId: 'b', role: 'approver' as const }];
    const first = assignRole({
      assignments: others,
      organisationRoles: [],
      accountId: 'a',
      role: 'preparer',
      pack: generic,
    });
    const again = assignRole({
      assignments: first,
      organisationRoles: [],
      accountId: 'a',
      role: 'preparer',
      pack: generic,
    });
    expect(again).toBe(first);
    expect(holds(again, 'a', 'preparer')).toBe(true);
    expect(holds(again, 'a', 'approver')).toBe(false);
  });
});
