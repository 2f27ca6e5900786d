/** Separation of duties: who may hold which role beside which other on one tender (procurement.md section 1). */
import { Refusal } from './refusal.js';
import type { Role } from './roles.js';
import { ROLES } from './roles.js';
import type { RulePack } from './rule-pack.js';

/** One person's role on one tender. */
export type Assignment = { readonly accountId: string; readonly role: Role };

type Pair = readonly [Role, Role];

const alone = (role: Role): Pair[] => ROLES.filter((other) => other !== role).map((other) => [role, other] as const);

/** Pairs no rule pack can allow. The reviewer decides on decisions of others, never on own ones. */
export const ALWAYS_EXCLUSIVE: readonly Pair[] = [
  ['approver', 'preparer'],
  ['opener', 'approver'],
  ['opener', 'evaluator'],
  ['award_authority', 'evaluator'],
  ['reviewer', 'preparer'],
  ['reviewer', 'approver'],
  ['reviewer', 'evaluator'],
  ['reviewer', 'award_authority'],
  ...alone('vendor'),
  ...alone('auditor'),
  ...alone('operator'),
];

/** Gives a role on a tender.
 *  @param given.assignments all assignments of the tender, of everybody
 *  @param given.organisationRoles roles the account holds outside tenders (operator, auditor, vendor)
 *  @returns the assignments with the new one; unchanged when the account already holds the role
 *  @throws Refusal `role_conflict` naming both roles */
export function assignRole(given: {
  readonly assignments: readonly Assignment[];
  readonly organisationRoles: readonly Role[];
  readonly accountId: string;
  readonly role: Role;
  readonly pack: Pick<RulePack, 'roleExclusions'>;
}): readonly Assignment[] {
  const { assignments, organisationRoles, accountId, role, pack } = given;
  const own = assignments.filter((assignment) => assignment.accountId === accountId);
  for (const held of [...own.map((assignment) => assignment.role), ...organisationRoles]) {
    if (!excludes(held, role, pack)) continue;
    throw new Refusal('role_conflict', `Who is ${words(held)} may not also be ${words(role)} on this tender.`, {
      held,
      role,
    });
  }
  return own.some((assignment) => assignment.role === role) ? assignments : [...assignments, { accountId, role }];
}

/** True when one person may not hold both roles on one tender, by the fixed pairs or the pack's. */
export function excludes(a: Role, b: Role, pack: Pick<RulePack, 'roleExclusions'>): boolean {
  return [...ALWAYS_EXCLUSIVE, ...pack.roleExclusions].some(([x, y]) => (x === a && y === b) || (x === b && y === a));
}

/** True when the account holds the role on the tender. */
export function holds(assignments: readonly Assignment[], accountId: string, role: Role): boolean {
  return assignments.some((assignment) => assignment.accountId === accountId && assignment.role === role);
}

/** Throws `not_allowed` unless the account holds the role on the tender. */
export function demandRole(assignments: readonly Assignment[], accountId: string, role: Role): void {
  if (holds(assignments, accountId, role)) return;
  throw new Refusal('not_allowed', `Only ${words(role)} of this tender may do this.`, { role });
}

function words(role: Role): string {
  return `the ${role.replace('_', ' ')}`;
}
