/** Sessions: signing in, the pause after wrong passwords, signing out. */
import { formatInstant } from '@segel/encoding';
import { afterFailedSignIn, isPaused, Refusal, SESSION_MS } from '@segel/procurement';
import { Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { IsNull } from 'typeorm';
import type { Actor } from '../platform/auth/actor.js';
import type { TokenClaims } from '../platform/auth/session.strategy.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/journal/act.js';
import { Journal } from '../platform/journal/journal.js';
import { Account } from './account.entity.js';
import { Passwords } from './passwords.js';
import { asAccount, plainEmail, unremembered } from './person.js';
import { Session } from './session.entity.js';

type Credentials = { readonly email: string; readonly password: string; readonly userAgent: string };
type Outcome = { readonly sessionId: string; readonly expiresAt: string } | 'wrong' | 'paused';
type SignedIn = { token: string; accountId: string; sessionId: string; expiresAt: string };

@Injectable()
export class SignInService {
  constructor(
    private readonly journal: Journal,
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** A session for the right password. Unknown address, wrong password, revoked or paused account: one answer, one
   *  time. Only failures of existing accounts are recorded, and of a paused one no more until the pause is over. */
  async signIn(actor: Actor, credentials: Credentials): Promise<SignedIn> {
    return this.passwords.unhurried(async () => {
      const email = plainEmail(credentials.email);
      const account = await this.database.manager.findOneBy(Account, { email });
      const right = await this.passwords.matches(account?.passwordHash, credentials.password);
      if (account === null || account.revokedAt !== null) throw wrongCredentials();
      const who = right ? asAccount(actor, account.id) : actor;
      const outcome = await this.attempt(unremembered(who), account, right, credentials.userAgent);
      if (typeof outcome === 'string') throw wrongCredentials();
      return { token: this.token(account.id, outcome.sessionId), accountId: account.id, ...outcome };
    });
  }

  /** Ends one of the actor's own sessions, at once. */
  async signOut(actor: Actor, sessionId: string): Promise<void> {
    await this.journal.commit(actor, { on: 'account', id: actor.id }, async (tx) => {
      const own = { id: sessionId, accountId: actor.id, revokedAt: IsNull() };
      const { affected } = await tx.manager.update(Session, own, { revokedAt: tx.now });
      if (affected !== 1) throw new Refusal('not_found', 'You have no such session.');
      const body = { account_id: actor.id, session_id: sessionId, reason: 'signed out' };
      await tx.record({ type: 'account.revoked', subjectId: actor.id, body });
    });
  }

  private async attempt(actor: Actor, found: Account, right: boolean, userAgent: string): Promise<Outcome> {
    // During a pause attempts leave no trace: else anybody could fill the log.
    if (isPaused(found, this.clock.now())) return 'paused';
    const accountId = found.id;
    return this.journal.commit<Outcome>(actor, { on: 'account', id: accountId }, async (tx) => {
      const account = await tx.manager.findOneByOrFail(Account, { id: accountId });
      if (isPaused(account, tx.now)) return this.failed(tx, account, 'paused');
      if (!right) return this.failed(tx, account, 'wrong');
      if (account.confirmedAt === null)
        throw new Refusal('email_not_confirmed', 'Confirm your e-mail address first: the link is in your mail.');
      return this.begin(tx, accountId, actor.request?.ip ?? '', userAgent);
    });
  }

  private async begin(tx: Tx, accountId: string, ip: string, userAgent: string): Promise<Outcome> {
    const id = tx.newId();
    const expiresAt = new Date(tx.now.getTime() + SESSION_MS);
    await tx.manager.update(Account, { id: accountId }, { failedSignIns: 0, lockedUntil: null });
    await tx.manager.insert(Session, { id, accountId, createdAt: tx.now, expiresAt, ip, userAgent, revokedAt: null });
    const body = { account_id: accountId, session_id: id };
    await tx.record({ type: 'account.signed_in', subjectId: accountId, body });
    return { sessionId: id, expiresAt: formatInstant(expiresAt) };
  }

  private async failed(tx: Tx, account: Account, outcome: 'wrong' | 'paused'): Promise<Outcome> {
    if (outcome === 'wrong') {
      const { failedSignIns, lockedUntil, paused } = afterFailedSignIn(account, tx.now);
      await tx.manager.update(Account, { id: account.id }, { failedSignIns, lockedUntil });
      if (paused) await tx.notify({ accountId: account.id, code: 'sign_in_paused', params: {} });
    }
    const body = { act: 'POST /api/sessions', reason: outcome === 'wrong' ? 'wrong_password' : 'sign_in_paused' };
    await tx.record({ type: 'access.denied', subjectId: account.id, body });
    return outcome;
  }

  private token(sub: string, sid: string): string {
    const claims: TokenClaims = { sub, sid };
    // When it ends is in the session's row, which every request reads: a date in the token would be a second truth.
    const secret = Buffer.from(this.config.settings.TOKEN_SECRET);
    return jwt.sign(claims, secret, { algorithm: 'HS256', issuer: 'segel', noTimestamp: true });
  }
}

function wrongCredentials(): Refusal {
  const sentence = 'The e-mail address or the password is wrong, or sign-in is paused after too many wrong passwords.';
  return new Refusal('wrong_credentials', sentence);
}
