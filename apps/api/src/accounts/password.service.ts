/** New passwords: by a link to the mailbox, or by who knows the old one. */
import { credentialSha256 } from '@segel/evidence';
import { demandPassword, Refusal } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Account } from './account.entity.js';
import { Links } from './links.js';
import { Passwords } from './passwords.js';
import { asAccount, unremembered } from './person.js';
import { Session } from './session.entity.js';

@Injectable()
export class PasswordService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly links: Links,
    private readonly passwords: Passwords,
  ) {}

  /** Who reads the mailbox sets the password. Ends every session and a pause of sign-ins, confirms the address. */
  async reset(actor: Actor, text: string, password: string): Promise<void> {
    const token = await this.links.read(text, 'reset');
    const accountId = token.accountId!;
    demandPassword(this.passwords.normal(password), token.email);
    const passwordHash = await this.passwords.hash(password);
    const who = asAccount(unremembered(actor), accountId);
    await this.journal.commit(who, { on: 'account', id: accountId }, async (tx) => {
      await this.links.spend(tx, token);
      const account = await tx.manager.findOneByOrFail(Account, { id: accountId });
      if (account.revokedAt !== null) throw new Refusal('token_invalid', 'This link is not valid.');
      const change = { passwordHash, confirmedAt: account.confirmedAt ?? tx.now, failedSignIns: 0, lockedUntil: null };
      await this.change(tx, accountId, change, undefined);
    });
  }

  /** The other sessions of the account end; the one that asks goes on. */
  async replace(actor: Actor, current: string, password: string): Promise<void> {
    const account = await this.database.manager.findOneByOrFail(Account, { id: actor.id });
    demandPassword(this.passwords.normal(password), account.email);
    const right = await this.passwords.matches(account.passwordHash, current);
    const passwordHash = await this.passwords.hash(password);
    await this.journal.commit(unremembered(actor), { on: 'account', id: actor.id }, async (tx) => {
      // Compared with what the lock now holds: a password replaced meanwhile is not current.
      const now = await tx.manager.findOneByOrFail(Account, { id: actor.id });
      if (!right || now.passwordHash !== account.passwordHash)
        throw new Refusal('wrong_credentials', 'The current password is wrong.');
      await this.change(tx, actor.id, { passwordHash }, actor.sessionId);
    });
  }

  private async change(
    tx: Tx,
    accountId: string,
    change: Partial<Account> & Pick<Account, 'passwordHash'>,
    keep: string | undefined,
  ): Promise<void> {
    await tx.manager.update(Account, { id: accountId }, change);
    const others = { accountId, revokedAt: IsNull(), ...(keep === undefined ? {} : { id: Not(keep) }) };
    await tx.manager.update(Session, others, { revokedAt: tx.now });
    await this.links.void(tx, accountId, 'reset');
    await tx.notify({ accountId, code: 'password_changed', params: {} });
    const { passwordHash } = change;
    const body = { account_id: accountId, what: 'password', credential_sha256: credentialSha256(passwordHash) };
    await tx.record({ type: 'account.credential_changed', subjectId: accountId, body });
  }
}
