import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { Bootstrap } from './bootstrap.js';

jest.setTimeout(60_000);

describe('the first operators', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ BOOTSTRAP_OPERATORS: 'one@example.org,two@example.org' });
  });
  afterAll(() => harness.stop());

  it('are invited once, however often and in however many processes the server starts', async () => {
    const bootstrap = harness.app.get(Bootstrap);
    await Promise.all([bootstrap.onApplicationBootstrap(), bootstrap.onApplicationBootstrap()]);
    const invited = await harness.owner.query<{ email: string }>('SELECT email FROM account_token ORDER BY email');
    expect(invited.rows.map(({ email }) => email)).toEqual(['one@example.org', 'two@example.org']);
    expect((await harness.owner.query("SELECT FROM organisation WHERE kind = 'operator'")).rowCount).toBe(1);
    await harness.verifyLog();
  });

  it('accept, sign in, and are not invited again', async () => {
    await harness.runDueJobs();
    const mail = (await harness.mails()).find((text) => text.includes('To: one@example.org'))!.replace(/=\r?\n/g, '');
    const token = /token=(?:3D)?([\w.-]+)/.exec(mail)![1];
    const person = { token, name: 'One', password: 'correct horse battery', language: 'id' };
    expect((await harness.post('/api/invitations/acceptance', person)).status).toBe(200);
    const credentials = { email: 'one@example.org', password: person.password };
    const signed = await harness.post<{ token: string }>('/api/sessions', credentials);
    const operator = { id: '', email: '', sessionId: '', token: signed.body.token };
    const me = await harness.get<{ roles: { role: string }[] }>('/api/me', operator);
    expect(me.body.roles.map(({ role }) => role)).toEqual(['operator']);
    await harness.app.get(Bootstrap).onApplicationBootstrap();
    expect((await harness.owner.query('SELECT FROM account_token')).rowCount).toBe(2);
    await harness.verifyLog();
  });
});
