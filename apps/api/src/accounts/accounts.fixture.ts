/** People with accounts, for the specs of this folder. */
import { argon2id } from 'hash-wasm';
import { randomBytes } from 'node:crypto';
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

  /** One operator asks, another confirms; the answer of the request when that is refused. */
  async invite(invitation: { email: string; role: string; organisationId: string }): Promise<Answer> {
    const [one, two] = [await this.operator(), await this.operator()];
    const requested = await this.harness.post('/api/invitations', invitation, one);
    if (requested.status !== 201) return requested;
    return this.harness.post(`/api/invitations/${requested.body['id'] as string}/confirmation`, {}, two);
  }

  operator(): Promise<Person> {
    return this.harness.person({ role: 'operator' });
  }

  /** Somebody confirmed, with the password; a session from the harness. */
  async account(): Promise<Person> {
    const person = await this.harness.person();
    const passwordHash = await argon2id({
      password: PASSWORD,
      salt: randomBytes(16),
      memorySize: 1024,
      iterations: 2,
      parallelism: 1,
      hashLength: 32,
      outputType: 'encoded',
    });
    await this.harness.owner.query('UPDATE account SET password_hash = $2 WHERE id = $1', [person.id, passwordHash]);
    return person;
  }
}
