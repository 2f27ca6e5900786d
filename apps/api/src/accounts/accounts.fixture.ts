/** People with accounts, for the specs of this folder. */
import argon2 from 'argon2';
import type { Answer, Harness, Person } from '../../../../test/support/harness.js';

export const PASSWORD = 'correct horse battery';
export type Signed = { token: string; accountId: string; sessionId: string; expiresAt: string };
export type Page<T> = { items: T[]; next?: string };

export const code = (answer: Answer): unknown[] => [answer.status, answer.body['code']];

export class AccountsFixture {
  constructor(private readonly harness: Harness) {}

  async entries(type?: string, subjectId?: string): Promise<number> {
    const sql = 'SELECT FROM trail WHERE ($1::text IS NULL OR type = $1) AND ($2::uuid IS NULL OR subject_id = $2)';
    return (await this.harness.owner.query(sql, [type ?? null, subjectId ?? null])).rowCount ?? 0;
  }

  /** Mails to an address, the lines joined that the encoding broke. */
  async mailsTo(email: string): Promise<readonly string[]> {
    await this.harness.runDueJobs();
    return (await this.harness.mails())
      .filter((mail) => mail.includes(`To: ${email}`))
      .map((mail) => mail.replace(/=\r?\n/g, '').replaceAll('=3D', '='));
  }

  /** The token of the newest link to a page. */
  async tokenFor(email: string, page: string): Promise<string> {
    const mail = (await this.mailsTo(email)).findLast((text) => text.includes(page));
    const token = /token=([\w.-]+)/.exec(mail ?? '')?.[1];
    if (token === undefined) throw new Error(`no link ${page} was mailed to ${email}`);
    return token;
  }

  async signUp(email: string, password = PASSWORD): Promise<Answer> {
    return this.harness.post('/api/accounts', { email, name: 'Sri', password, language: 'en' });
  }

  async signIn(email: string, password = PASSWORD): Promise<Answer<Signed>> {
    this.harness.clock.advance(1);
    return this.harness.post<Signed>('/api/sessions', { email, password });
  }

  /** Somebody confirmed, with the password; a session from the harness. */
  async account(): Promise<Person> {
    const person = await this.harness.person();
    const passwordHash = await argon2.hash(PASSWORD, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
    await this.harness.owner.query('UPDATE account SET password_hash = $2 WHERE id = $1', [person.id, passwordHash]);
    return person;
  }
}
