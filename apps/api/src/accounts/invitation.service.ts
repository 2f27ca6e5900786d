/** Invitations to roles, and the organisations that people act for. */
import { formatInstant, type CanonicalObject } from '@segel/encoding';
import { boundBy } from '@segel/evidence';
import {
  confirmInvitation,
  demand,
  demandPassword,
  demandRoleAtHome,
  Refusal,
  type OrganisationKind,
  type Role,
} from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { AccountToken } from './account-token.entity.js';
import { Account } from './account.entity.js';
import type { Acceptance, Invitation, InvitationState, NewOrganisation } from './accounts.dto.js';
import { joinColleagues } from './company.js';
import { invitationBody, Links } from './links.js';
import { Organisation } from './organisation.entity.js';
import { Passwords } from './passwords.js';
import { asAccount, plainEmail, unremembered } from './person.js';
import { grantRole } from './roles.js';

type Newcomer = { readonly name: string; readonly language: string; readonly passwordHash: string };
type Accepted = { readonly accountId: string };

const stateOf = ({ id, expiresAt }: AccountToken, state: 'requested' | 'confirmed'): InvitationState => ({
  id,
  state,
  expiresAt: formatInstant(expiresAt),
});

@Injectable()
export class InvitationService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly links: Links,
    private readonly passwords: Passwords,
  ) {}

  async enterOrganisation(actor: Actor, organisation: NewOrganisation): Promise<{ id: string }> {
    const { kind, name, identifierScheme = null, identifier = null } = organisation;
    demand(
      (identifierScheme === null) === (identifier === null),
      'request_malformed',
      'Scheme and identifier go together.',
    );
    return this.journal.commit(actor, { on: 'platform', id: 'organisations' }, async (tx) => {
      const known =
        identifier !== null && (await tx.manager.existsBy(Organisation, { identifierScheme, identifier } as object));
      demand(!known, 'wrong_state', 'An organisation with this identifier is entered already.');
      const id = tx.newId();
      await tx.manager.insert(Organisation, { id, kind, name, identifierScheme, identifier, createdAt: tx.now });
      const identified: CanonicalObject =
        identifier === null ? {} : { identifier_scheme: identifierScheme!, identifier };
      await tx.record({ type: 'organisation.registered', body: { organisation_id: id, kind, name, ...identified } });
      return { id };
    });
  }

  /** What one operator asks for; nothing is mailed and the link does not hold until another confirms it. */
  async request(actor: Actor, request: Invitation): Promise<InvitationState> {
    const email = plainEmail(request.email);
    const { role, organisationId } = request;
    return this.journal.commit(actor, { on: 'platform', id: `email:${email}` }, async (tx) => {
      const organisation = await tx.manager.findOneBy(Organisation, { id: organisationId });
      if (organisation === null) throw new Refusal('not_found', 'There is no such organisation.');
      demandRoleAtHome(role, organisation.kind as OrganisationKind);
      const draft = { purpose: 'invite', email, role, organisationId, invitedBy: actor.id } as const;
      const token = await this.links.request(tx, draft);
      await tx.record({ type: 'account.invitation_requested', body: invitationBody(token) });
      return stateOf(token, 'requested');
    });
  }

  async confirm(actor: Actor, id: string): Promise<InvitationState> {
    return this.journal.commit(actor, { on: 'platform', id: `invitation:${id}` }, async (tx) => {
      // Invitations into companies are no operator's business.
      const token = await tx.manager.findOneBy(AccountToken, { id, purpose: 'invite', vendorId: IsNull() });
      if (token === null) throw new Refusal('not_found', 'There is no such invitation.');
      const { invitedBy: requestedBy, confirmedAt, expiresAt } = token;
      const requester = requestedBy === null ? null : await tx.manager.findOneBy(Account, { id: requestedBy });
      const requesterRevoked = requester !== null && requester.revokedAt !== null;
      const waiting = { requestedBy, requesterRevoked, confirmed: confirmedAt !== null, expiresAt };
      confirmInvitation(waiting, actor.id, tx.now);
      await this.links.confirm(tx, id, actor.id);
      await tx.record({ type: 'account.invited', body: invitationBody(token) });
      return stateOf(token, 'confirmed');
    });
  }

  /** Who reads the mailbox accepts: a newcomer with a name and a password, somebody with an account with the account.
   *  One person has one account, so somebody signed in with another address is refused. */
  async accept(actor: Actor, request: Acceptance): Promise<Accepted> {
    const token = await this.links.read(request.token, 'invite');
    const stranger = unremembered(actor);
    const known = await this.database.manager.findOneBy(Account, { email: token.email });
    if (actor.kind === 'person' && known?.id !== actor.id)
      throw new Refusal('not_allowed', 'This invitation is for another e-mail address.');
    // An account nobody confirmed may have been opened by somebody else: the password is the mailbox owner's.
    const newcomer = known?.confirmedAt ? undefined : await this.newcomer(token.email, request);
    return this.journal.commit<Accepted>(
      known === null ? stranger : asAccount(stranger, known.id),
      { on: 'platform', id: `email:${token.email}` },
      async (tx) => {
        await this.links.spend(tx, token);
        const account = await tx.manager.findOneBy(Account, { email: token.email });
        if (account === null) return this.open(tx, token, newcomer);
        return this.join(tx, token, account, newcomer);
      },
    );
  }

  private async open(tx: Tx, token: AccountToken, newcomer: Newcomer | undefined): Promise<Accepted> {
    if (newcomer === undefined) throw new Refusal('token_invalid', 'This link is not valid.');
    const accountId = tx.newId();
    const fresh = { confirmedAt: tx.now, failedSignIns: 0, lockedUntil: null, revokedAt: null };
    const { email } = token;
    await tx.manager.insert(Account, { id: accountId, email, ...newcomer, createdAt: tx.now, ...fresh });
    const granted = await this.grant(tx, token, accountId);
    const bound = { token_id: token.id, ...boundBy({ id: accountId, email, ...newcomer }) };
    const body = { account_id: accountId, invited: true, ...granted, ...bound };
    await tx.record({ type: 'account.opened', subjectId: accountId, body });
    return { accountId };
  }

  private async join(tx: Tx, token: AccountToken, account: Account, newcomer?: Newcomer): Promise<Accepted> {
    const accountId = account.id;
    if (account.revokedAt !== null) throw new Refusal('not_allowed', 'This account was revoked.');
    if (account.confirmedAt === null) {
      if (newcomer === undefined) throw new Refusal('token_invalid', 'This link is not valid.');
      await tx.manager.update(Account, { id: accountId }, { ...newcomer, confirmedAt: tx.now });
      await this.links.void(tx, accountId, 'confirm');
      await this.links.void(tx, accountId, 'reset');
    }
    const granted = await this.grant(tx, token, accountId);
    await tx.notify({ accountId, code: 'role_granted', params: { role: granted.role } });
    const bound = newcomer === undefined ? {} : boundBy({ id: accountId, email: account.email, ...newcomer });
    const body = { account_id: accountId, ...granted, token_id: token.id, ...bound };
    await tx.record({ type: 'role.granted', subjectId: accountId, body });
    return { accountId };
  }

  private async grant(
    tx: Tx,
    token: AccountToken,
    accountId: string,
  ): Promise<{ role: Role; organisation_id: string }> {
    if (token.vendorId !== null) return joinColleagues(tx, token, token.vendorId, accountId);
    const role = token.role as Role;
    const organisationId = token.organisationId!;
    await grantRole(tx, { accountId, role, organisationId, grantedBy: token.invitedBy ?? 'system' });
    return { role, organisation_id: organisationId };
  }

  private async newcomer(email: string, { name, language, password }: Acceptance): Promise<Newcomer> {
    if (name === undefined || language === undefined || password === undefined)
      throw new Refusal('request_malformed', 'A new account needs a name, a language and a password.');
    demandPassword(this.passwords.normal(password), email);
    return { name, language, passwordHash: await this.passwords.hash(password) };
  }
}
