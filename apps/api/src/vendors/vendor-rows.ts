import { Refusal } from '@segel/procurement';
import { IsNull } from 'typeorm';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import type { Tx } from '../platform/journal/act.js';
import { Vendor } from './vendor.entity.js';

/** The vendor as the act finds it under its lock. Throws `not_found`. */
export async function vendorOf(tx: Tx, vendorId: string): Promise<Vendor> {
  const vendor = await tx.manager.findOneBy(Vendor, { id: vendorId });
  if (vendor === null) throw new Refusal('not_found', 'There is no such company.');
  return vendor;
}

/** The company's own people. */
export async function peopleOf(tx: Tx, vendorId: string): Promise<readonly string[]> {
  const held = { organisationId: vendorId, role: 'vendor', revokedAt: IsNull() };
  return (await tx.manager.findBy(RoleAssignment, held)).map(({ accountId }) => accountId);
}
