/** Revocation of accounts (requirements 76 and 78): at once, and never by one operator alone for a bidder. */
import { Refusal, REVOCATION_REQUEST_MS, revokeAccount } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { SYSTEM, type Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { AccountRevocation } from './account-revocation.entity.js';
import { Account } from './account.entity.js';
import { revokeKey } from './keys.service.js';
import { RoleAssignment } from './role-assignment.entity.js';
import { Session } from './session.entity.js';
import { SigningKey } from './signing-key.entity.js';

type Result = { readonly state: 'requested' | 'revoked' };

@Injectable()
export class RevocationService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
  ) {}

  async revoke(actor: Actor, accountId: string, given: string): Promise<Result> {
    return this.journal.commit<Result>(actor, { on: 'account', id: accountId }, async (tx) => {
      const account = await tx.manager.findOneBy(Account, { id: accountId });
      if (account === null) throw new Refusal('not_found', 'There is no such account.');
      const since = MoreThan(new Date(tx.now.getTime() - REVOCATION_REQUEST_MS));
      const requests = await tx.manager.findBy(AccountRevocation, { accountId, requestedAt: since });
      const vendor = { accountId, role: 'vendor', revokedAt: IsNull() };
      const { state, reason } = revokeAccount({
        accountId,
        revoked: account.revokedAt !== null,
        vendorUser: await tx.manager.existsBy(RoleAssignment, vendor),
        requestedBy: requests.map((request) => request.requestedBy),
        operatorId: actor.id,
        reason: given,
      });
      await (state === 'requested' ? this.ask(tx, actor, accountId, reason) : this.end(tx, accountId, reason));
      return { state };
    });
  }

  /** A job for each key of a revoked account: each revocation is an entry of its own. */
  async revokeKeyOfRevoked(keyId: string): Promise<void> {
    const before = await this.database.manager.findOneBy(SigningKey, { id: keyId, revokedAt: IsNull() });
    if (before === null) return;
    await this.journal.commit(SYSTEM, { on: 'platform', id: `key:${keyId}` }, async (tx) =>
      revokeKey(tx, await tx.manager.findOneByOrFail(SigningKey, { id: keyId })),
    );
  }

  private async ask(tx: Tx, actor: Actor, accountId: string, reason: string): Promise<void> {
    const request = { id: tx.newId(), accountId, requestedBy: actor.id, reason, requestedAt: tx.now };
    await tx.manager.insert(AccountRevocation, request);
    await tx.notify({ accountId, code: 'account_revocation_requested', params: { reason } });
    const body = { act: 'account.revocation_requested', detail: [reason], outcome: 'done' };
    await tx.record({ type: 'admin.acted', subjectId: accountId, body });
  }

  private async end(tx: Tx, accountId: string, reason: string): Promise<void> {
    await tx.manager.update(Account, { id: accountId }, { revokedAt: tx.now });
    await tx.manager.update(Session, { accountId, revokedAt: IsNull() }, { revokedAt: tx.now });
    const keys = await tx.manager.findBy(SigningKey, { accountId, revokedAt: IsNull() });
    for (const { id } of keys) await tx.enqueue('account.key_revocation', { keyId: id }, { key: `key:${id}` });
    await tx.notify({ accountId, code: 'account_revoked', params: { reason } });
    await tx.record({ type: 'account.revoked', subjectId: accountId, body: { account_id: accountId, reason } });
  }
}
