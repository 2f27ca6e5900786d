/** How an account begins: sign-up, the confirmation of the address. */
import { boundBy } from '@segel/evidence';
import { demandPassword } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Journal } from '../platform/journal/journal.js';
import { Clock } from '../platform/clock/clock.js';
import { Account } from './account.entity.js';
import type { SignUp } from './accounts.dto.js';
import { Links } from './links.js';
import { Passwords } from './passwords.js';
import { asAccount, plainEmail, unremembered } from './person.js';

const HOUR_MS = 3_600_000;
/** Mails an hour that strangers can make us send to one account. */
const MAILS_PER_HOUR = 5;

@Injectable()
export class RegistrationService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly links: Links,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** Opens an account, or tells its holder by mail that there is one. The answer is the same. */
  async signUp(actor: Actor, request: SignUp): Promise<void> {
    const email = plainEmail(request.email);
    demandPassword(this.passwords.normal(request.password), email);
    await this.passwords.unhurried(async () => {
      const passwordHash = await this.passwords.hash(request.password);
      if (await this.tooManyMails(email)) return;
      await this.open(unremembered(actor), email, request, passwordHash);
    });
  }

  async confirm(actor: Actor, text: string): Promise<void> {
    const token = await this.links.read(text, 'confirm');
    const accountId = token.accountId!;
    const who = asAccount(unremembered(actor), accountId);
    await this.journal.commit(who, { on: 'account', id: accountId }, async (tx) => {
      await this.links.spend(tx, token);
      await tx.manager.update(Account, { id: accountId }, { confirmedAt: tx.now });
      const body = { account_id: accountId, what: 'email_confirmed' };
      await tx.record({ type: 'account.credential_changed', subjectId: accountId, body });
    });
  }

  /** Sends a reset link to a known address; the answer is the same for an unknown one. */
  async forgotten(actor: Actor, address: string): Promise<void> {
    const email = plainEmail(address);
    await this.passwords.unhurried(async () => {
      const account = await this.database.manager.findOneBy(Account, { email });
      if (account === null || account.revokedAt !== null || (await this.tooManyMails(email))) return;
      await this.journal.commit(unremembered(actor), { on: 'account', id: account.id }, async (tx) => {
        await this.links.void(tx, account.id, 'reset');
        await this.links.issue(tx, { purpose: 'reset', email, accountId: account.id });
        const body = { account_id: account.id, purpose: 'reset' };
        await tx.record({ type: 'account.link_sent', subjectId: account.id, body });
      });
    });
  }

  private async open(actor: Actor, email: string, request: SignUp, passwordHash: string): Promise<void> {
    await this.journal.commit(actor, { on: 'platform', id: `email:${email}` }, async (tx) => {
      const known = await tx.manager.findOneBy(Account, { email });
      if (known !== null) {
        await tx.enqueue('account.mail', { knownAccountId: known.id });
        const body = { account_id: known.id, purpose: 'known' };
        await tx.record({ type: 'account.link_sent', subjectId: known.id, body });
        return;
      }
      const id = tx.newId();
      const { name, language } = request;
      const fresh = { confirmedAt: null, failedSignIns: 0, lockedUntil: null, revokedAt: null };
      await tx.manager.insert(Account, { id, email, name, language, passwordHash, createdAt: tx.now, ...fresh });
      await this.links.issue(tx, { purpose: 'confirm', email, accountId: id });
      const body = { account_id: id, invited: false, ...boundBy({ id, email, name, passwordHash }) };
      await tx.record({ type: 'account.opened', subjectId: id, body });
    });
  }

  /** Nobody may use us to fill somebody's mailbox, nor the log. */
  private async tooManyMails(email: string): Promise<boolean> {
    const since = new Date(this.clock.now().getTime() - HOUR_MS);
    const [row] = await this.database.query<{ count: number }>(
      `SELECT count(*) AS count FROM trail t JOIN account a ON a.id = t.subject_id
       WHERE a.email = $1 AND t.type IN ('account.link_sent', 'account.opened') AND t.at > $2`,
      [email, since],
    );
    return (row?.count ?? 0) >= MAILS_PER_HOUR;
  }
}
