import { demandRoleBeside, type Role } from '@segel/procurement';
import { IsNull } from 'typeorm';
import type { Tx } from '../platform/journal/act.js';
import { RoleAssignment } from './role-assignment.entity.js';

type Grant = {
  readonly accountId: string;
  readonly role: Role;
  readonly organisationId: string;
  readonly grantedBy: string;
};

/** What somebody holds, under a lock: two grants to one person at once must not both find what the other is about to
 *  change. */
export async function heldUnderLock(tx: Tx, accountId: string): Promise<readonly RoleAssignment[]> {
  await tx.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`account:${accountId}`]);
  return tx.manager.findBy(RoleAssignment, { accountId, revokedAt: IsNull() });
}

/** Gives a role in an organisation; nothing happens when it is held already. Throws `role_conflict`. */
export async function grantRole(tx: Tx, grant: Grant): Promise<void> {
  const { accountId, role, organisationId } = grant;
  const held = await heldUnderLock(tx, accountId);
  demandRoleBeside(
    held.map((assignment) => assignment.role as Role),
    role,
  );
  if (held.some((a) => a.role === role && a.organisationId === organisationId && a.tenderId === null)) return;
  await tx.manager.insert(RoleAssignment, {
    id: tx.newId(),
    ...grant,
    tenderId: null,
    grantedAt: tx.now,
    revokedAt: null,
  });
}
