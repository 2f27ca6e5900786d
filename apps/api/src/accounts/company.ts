/** The people of a company, as an act finds and changes them. */
import { demand, joinCompany, type Company, type Role } from '@segel/procurement';
import { IsNull, Not, type EntityManager } from 'typeorm';
import type { Tx } from '../platform/journal/act.js';
import { Vendor } from '../vendors/vendor.entity.js';
import type { AccountToken } from './account-token.entity.js';
import { Account } from './account.entity.js';
import { RoleAssignment } from './role-assignment.entity.js';
import { grantRole, heldUnderLock } from './roles.js';

export type CompanyRow = { readonly vendor: Vendor; readonly company: Company };

/** The company and who acts for it now. Throws `not_found`. */
export async function companyOf(manager: EntityManager, vendorId: string): Promise<CompanyRow> {
  const vendor = await manager.findOneBy(Vendor, { id: vendorId });
  demand(vendor, 'not_found', 'There is no such company.');
  const held = await manager.findBy(RoleAssignment, { organisationId: vendorId, role: 'vendor', revokedAt: IsNull() });
  return { vendor, company: { registeredBy: vendor.registeredBy, people: held.map(({ accountId }) => accountId) } };
}

/** Whoever accepted the invitation acts for the company, and its people are told. */
export async function joinColleagues(
  tx: Tx,
  token: AccountToken,
  vendorId: string,
  accountId: string,
): Promise<{ role: Role; organisation_id: string }> {
  const held = await heldUnderLock(tx, accountId);
  const { vendor, company } = await companyOf(tx.manager, vendorId);
  const invitedBy = token.invitedBy!;
  const inviter = await tx.manager.findOneByOrFail(Account, { id: invitedBy });
  const left = await tx.manager.findOne(RoleAssignment, {
    where: { accountId, organisationId: vendorId, role: 'vendor', revokedAt: Not(IsNull()) },
    order: { revokedAt: 'DESC' },
  });
  joinCompany({
    vendorId,
    company,
    invitedBy,
    inviterRevoked: inviter.revokedAt !== null,
    invitedAt: token.createdAt,
    endedAt: left?.revokedAt ?? null,
    held: held.map(({ role, organisationId }) => ({ role: role as Role, organisationId })),
  });
  await grantRole(tx, { accountId, role: 'vendor', organisationId: vendorId, grantedBy: invitedBy });
  await tellColleagues(tx, company.people, 'colleague_joined', vendor.name);
  return { role: 'vendor', organisation_id: vendorId };
}

/** No names of people: a newcomer's is whatever they typed, and a notice outlives them. */
export async function tellColleagues(
  tx: Tx,
  people: readonly string[],
  code: 'colleague_joined' | 'colleague_left',
  name: string,
): Promise<void> {
  for (const accountId of people) await tx.notify({ accountId, code, params: { name } });
}
