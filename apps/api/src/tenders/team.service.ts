/** The people of one tender. Duties that exclude each other are the rule's; who may be asked is checked here. */
import { assignRole, demand, demandRole } from '@segel/procurement';
import type { Role, TenderRole } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { RoleAssignment } from '../accounts/role-assignment.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { TenderVersion } from './tender-version.entity.js';
import { heldInOrganisation, teamOf, tenderUnderLock, type TenderRow } from './tender-rows.js';

/** Roles that exclude everything on a tender although they are held outside it. */
const OUTSIDE: readonly Role[] = ['operator', 'vendor', 'auditor'];
/** These act for the buyer, so they are the buyer's own people. */
const OF_BUYER: readonly Role[] = ['preparer', 'approver', 'award_authority'];

export type Member = { readonly accountId: string; readonly role: TenderRole };

@Injectable()
export class TeamService {
  constructor(private readonly journal: Journal) {}

  async add(actor: Actor, tenderId: string, { accountId, role }: Member): Promise<Member> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      const tender = await this.changeable(tx, actor, tenderId, role);
      // A role given elsewhere at the same moment (an invitation accepted, a company registered) must be seen.
      await tx.manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`account:${accountId}`]);
      const held = await heldInOrganisation(tx.manager, accountId);
      const asked = held.filter((one) => one.role === role);
      const fits = OF_BUYER.includes(role)
        ? asked.some((one) => one.organisationId === tender.buyerId)
        : asked.length > 0;
      const account = await tx.manager.findOneBy(Account, { id: accountId, revokedAt: IsNull() });
      demand(account && fits, 'not_allowed', 'This person does not hold the role in a fitting organisation.', { role });
      const assignments = await teamOf(tx.manager, tenderId);
      demand(
        !assignments.some((one) => one.accountId === accountId && one.role === role),
        'wrong_state',
        'Already so.',
      );
      assignRole({
        assignments: [...assignments, ...(await wrote(tx.manager, tenderId, accountId))],
        organisationRoles: held.map((one) => one.role).filter((one) => OUTSIDE.includes(one)),
        accountId,
        role,
        pack: tender.rulePack,
      });
      await tx.manager.insert(RoleAssignment, {
        id: tx.newId(),
        accountId,
        role,
        tenderId,
        grantedAt: tx.now,
        grantedBy: actor.id,
      });
      await tx.record({ type: 'role.granted', tenderId, subjectId: accountId, body: { account_id: accountId, role } });
      return { accountId, role };
    });
  }

  async remove(actor: Actor, tenderId: string, { accountId, role }: Member): Promise<Member> {
    return this.journal.commit(actor, { on: 'tender', id: tenderId, mode: 'exclusive' }, async (tx) => {
      await this.changeable(tx, actor, tenderId, role);
      const team = await teamOf(tx.manager, tenderId);
      demandRole(team, accountId, role);
      const last = role === 'preparer' && team.filter((one) => one.role === 'preparer').length === 1;
      demand(!last, 'wrong_state', 'A tender keeps at least one preparer.');
      await tx.manager.update(
        RoleAssignment,
        { accountId, role, tenderId, revokedAt: IsNull() },
        { revokedAt: tx.now },
      );
      await tx.record({ type: 'role.revoked', tenderId, subjectId: accountId, body: { account_id: accountId, role } });
      return { accountId, role };
    });
  }

  /** Who answers for the notice is settled with it: later only those change who act after the close, and openers who
   *  come in by an addendum. */
  private async changeable(tx: Tx, actor: Actor, tenderId: string, role: TenderRole): Promise<TenderRow> {
    const tender = await tenderUnderLock(tx, tenderId);
    demandRole(await teamOf(tx.manager, tenderId), actor.id, 'preparer');
    const late = !['preparer', 'approver'].includes(role) && tender.state === 'tendering';
    demand(tender.state === 'draft' || late, 'wrong_state', 'The team does not change any more.', {
      state: tender.state,
    });
    return tender;
  }
}

/** Who wrote a version is a preparer in the sense of the rule for good, whatever was revoked since. */
async function wrote(manager: EntityManager, tenderId: string, accountId: string): Promise<readonly Member[]> {
  return (await manager.existsBy(TenderVersion, { tenderId, preparedBy: accountId }))
    ? [{ accountId, role: 'preparer' }]
    : [];
}
