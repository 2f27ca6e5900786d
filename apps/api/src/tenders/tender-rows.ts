/** What acts on a tender decide on: read inside the act, after its lock, never before. */
import { formatInstant } from '@segel/encoding';
import { demand } from '@segel/procurement';
import type { Assignment, LotState, Role, TenderState, TenderTerms } from '@segel/procurement';
import type { EntityManager } from 'typeorm';
import { IsNull, Not } from 'typeorm';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import type { Tx } from '../platform/journal/act.js';
import { Lot } from './lot.entity.js';
import { OpenerKey } from './opener-key.entity.js';
import { Tender } from './tender.entity.js';
import { TenderVersion } from './tender-version.entity.js';

export type TenderRow = Tender & { readonly state: TenderState };

/** The tender's row as it is under the lock. Throws `not_found`. */
export async function tenderUnderLock(tx: Tx, tenderId: string): Promise<TenderRow> {
  const row = await tx.manager.findOneBy(Tender, { id: tenderId });
  demand(row, 'not_found', 'There is no such tender.');
  return row as TenderRow;
}

/** Everybody's roles on the tender. */
export async function teamOf(manager: EntityManager, tenderId: string): Promise<readonly Assignment[]> {
  const rows = await manager.find(RoleAssignment, { where: { tenderId, revokedAt: IsNull() }, order: { id: 'ASC' } });
  return rows.map(({ accountId, role }) => ({ accountId, role: role as Role }));
}

/** A role the account holds in an organisation, outside tenders. */
export async function heldInOrganisation(
  manager: EntityManager,
  accountId: string,
): Promise<readonly { readonly role: Role; readonly organisationId: string }[]> {
  const rows = await manager.findBy(RoleAssignment, {
    accountId,
    tenderId: IsNull(),
    organisationId: Not(IsNull()),
    revokedAt: IsNull(),
  });
  return rows.map(({ role, organisationId }) => ({ role: role as Role, organisationId: organisationId! }));
}

/** A version of the terms. Throws `not_found`. */
export async function versionOf(manager: EntityManager, tenderId: string, version: number): Promise<TenderVersion> {
  const row = await manager.findOneBy(TenderVersion, { tenderId, version });
  demand(row, 'not_found', 'The tender has no such version.');
  return row;
}

/** The terms in force of a published tender, with the deadline that holds: an outage may have moved it since. */
export async function termsInForce(manager: EntityManager, tender: TenderRow): Promise<TenderTerms> {
  const { content } = await versionOf(manager, tender.id, tender.version);
  return tender.deadlineAt === null ? content : { ...content, deadlineAt: formatInstant(tender.deadlineAt) };
}

/** The newest version, whether in force or being prepared. */
export async function newestVersion(manager: EntityManager, tenderId: string): Promise<TenderVersion> {
  const [row] = await manager.find(TenderVersion, { where: { tenderId }, order: { version: 'DESC' }, take: 1 });
  if (row === undefined) throw new Error(`tender ${tenderId} has no version`);
  return row;
}

export async function lotsOf(
  manager: EntityManager,
  tenderId: string,
): Promise<readonly (Lot & { state: LotState })[]> {
  const rows = await manager.find(Lot, { where: { tenderId }, order: { id: 'ASC' } });
  return rows as (Lot & { state: LotState })[];
}

/** The keys of the openers whom the terms name, who are on the team, and whose key is of the terms' suite. */
export async function openerKeysFor(
  manager: EntityManager,
  tenderId: string,
  terms: TenderTerms,
  team: readonly Assignment[],
): Promise<readonly OpenerKey[]> {
  const named = new Set(terms.groups.flatMap((group) => group.openerIds));
  const openers = new Set(team.filter(({ role }) => role === 'opener').map(({ accountId }) => accountId));
  const rows = await manager.find(OpenerKey, { where: { tenderId, revokedAt: IsNull() }, order: { id: 'ASC' } });
  return rows.filter((row) => named.has(row.openerId) && openers.has(row.openerId) && row.suite === terms.suite);
}
