/** Who acts for a company: the one who registered it invites colleagues and ends their membership. */
import { formatInstant } from '@segel/encoding';
import { demand, demandManager, endMembership, inviteColleague } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { pageOf, type PageQuery } from '../platform/http/page.js';
import { Journal } from '../platform/journal/journal.js';
import { AccountToken } from './account-token.entity.js';
import type { ColleagueInvitation, ColleagueInvitationPage, ColleaguePage } from './colleagues.dto.js';
import { companyOf, tellColleagues } from './company.js';
import { invitationBody, Links } from './links.js';
import { plainEmail } from './person.js';
import { RoleAssignment } from './role-assignment.entity.js';
import { heldUnderLock } from './roles.js';
import { SigningKey } from './signing-key.entity.js';

type Row = {
  id: string;
  account_id: string;
  name: string;
  email: string;
  since: Date;
  has_key: boolean;
  manages: boolean;
};

const PEOPLE = `
  SELECT r.id, a.id AS account_id, a.name, a.email, r.granted_at AS since, v.registered_by = a.id AS manages,
    EXISTS (SELECT FROM signing_key k WHERE k.account_id = a.id AND k.vendor_id = v.id AND k.revoked_at IS NULL) AS has_key
  FROM role_assignment r JOIN account a ON a.id = r.account_id JOIN vendor v ON v.id = r.organisation_id
  WHERE r.organisation_id = $1 AND r.role = 'vendor' AND r.revoked_at IS NULL AND ($2::uuid IS NULL OR r.id > $2)
  ORDER BY r.id LIMIT $3`;

@Injectable()
export class ColleaguesService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly links: Links,
    private readonly clock: Clock,
  ) {}

  /** The people of the own company. */
  async list(actor: Actor, vendorId: string, { after, limit = 50 }: PageQuery): Promise<ColleaguePage> {
    demandOwn(actor, vendorId);
    const rows = await this.database.query<Row>(PEOPLE, [vendorId, after ?? null, limit + 1]);
    const last = rows.length > limit ? rows[limit - 1]?.id : undefined;
    const items = rows.slice(0, limit).map((row) => ({
      id: row.account_id,
      name: row.name,
      email: row.email,
      since: formatInstant(row.since),
      hasKey: row.has_key,
      manages: row.manages,
    }));
    return { items, ...(last === undefined ? {} : { next: last }) };
  }

  /** Invitations that nobody accepted yet and that have not expired, for who manages the company. */
  async invitations(actor: Actor, vendorId: string, query: PageQuery): Promise<ColleagueInvitationPage> {
    const { after, limit = 50 } = query;
    demandOwn(actor, vendorId);
    demandManager((await companyOf(this.database.manager, vendorId)).company, actor.id);
    const rows = await this.database.manager.find(AccountToken, {
      where: { ...waiting(vendorId, this.clock.now()), ...(after === undefined ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return pageOf(rows.map(viewOf), limit);
  }

  /** One act, and mailed at once. The answer is the same whether the address has an account, and of whom. */
  async invite(actor: Actor, vendorId: string, address: string): Promise<ColleagueInvitation> {
    const email = plainEmail(address);
    return this.journal.commit(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      demandOwn(actor, vendorId);
      const { vendor, company } = await companyOf(tx.manager, vendorId);
      const approved = vendor.state === 'approved';
      const open = await tx.manager.countBy(AccountToken, waiting(vendorId, tx.now));
      inviteColleague({ company, actorId: actor.id, approved, waiting: open });
      const draft = { purpose: 'invite', email, role: 'vendor', vendorId, invitedBy: actor.id } as const;
      const token = await this.links.issue(tx, draft);
      await tx.record({ type: 'account.invited', body: invitationBody(token) });
      return viewOf(token);
    });
  }

  /** The link holds no longer: an address was wrong, or somebody changed their mind. */
  async withdraw(actor: Actor, vendorId: string, id: string): Promise<void> {
    await this.journal.commit(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      demandOwn(actor, vendorId);
      demandManager((await companyOf(tx.manager, vendorId)).company, actor.id);
      const ended = await tx.manager.update(AccountToken, { id, vendorId, usedAt: IsNull() }, { usedAt: tx.now });
      demand(ended.affected === 1, 'not_found', 'No such invitation waits.');
      const body = { act: 'company.invitation_withdrawn', detail: [id], outcome: 'done' };
      await tx.record({ type: 'admin.acted', body });
      return {};
    });
  }

  /** The person loses the role, and with it every page and act of the company, at once. Their keys for it sign nothing
   *  from now on; that they are revoked is an entry of its own for each, written by a job. */
  async end(actor: Actor, vendorId: string, accountId: string): Promise<void> {
    await this.journal.commit(actor, { on: 'vendor', id: vendorId }, async (tx) => {
      demandOwn(actor, vendorId);
      await heldUnderLock(tx, accountId);
      const { vendor, company } = await companyOf(tx.manager, vendorId);
      endMembership({ company, actorId: actor.id, accountId });
      const role = { accountId, role: 'vendor', organisationId: vendorId };
      await tx.manager.update(RoleAssignment, { ...role, revokedAt: IsNull() }, { revokedAt: tx.now });
      const keys = await tx.manager.findBy(SigningKey, { accountId, vendorId, revokedAt: IsNull() });
      for (const { id } of keys) await tx.enqueue('account.key_revocation', { keyId: id }, { key: `key:${id}` });
      await tx.notify({ accountId, code: 'membership_ended', params: { name: vendor.name } });
      const others = company.people.filter((one) => one !== accountId);
      await tellColleagues(tx, others, 'colleague_left', vendor.name);
      const body = { account_id: accountId, role: 'vendor', organisation_id: vendorId };
      await tx.record({ type: 'role.revoked', subjectId: accountId, body });
      return {};
    });
  }
}

/** Of another company there is nothing to see, not even that it exists. */
function demandOwn(actor: Actor, vendorId: string): void {
  demand(actor.vendorId === vendorId, 'not_found', 'There is no such company.');
}

const waiting = (vendorId: string, now: Date): object => ({ vendorId, usedAt: IsNull(), expiresAt: MoreThan(now) });

const viewOf = ({ id, email, createdAt, expiresAt }: AccountToken): ColleagueInvitation => ({
  id,
  email,
  invitedAt: formatInstant(createdAt),
  expiresAt: formatInstant(expiresAt),
});
