import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { AccountMails } from './account-mails.js';
import { AccountsFixture, code, PASSWORD, type Page } from './accounts.fixture.js';
import { Links } from './links.js';

// Argon2 takes its time on purpose, and more so where other tests run.
jest.setTimeout(60_000);

const DAY = 86_400_000;
type Requested = { id: string; state: string; expiresAt: string };
type Row = { id: string; email: string; state: string };

let harness: Harness;
let fixture: AccountsFixture;
let one: Person;
let two: Person;
let organisationId: string;
beforeAll(async () => {
  harness = await startHarness();
  fixture = new AccountsFixture(harness);
  organisationId = await harness.organisation('oversight', 'Inspektorat');
});
beforeEach(async () => {
  [one, two] = [await fixture.operator(), await fixture.operator()];
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const request = (email: string, as: Person = one): Promise<Answer<Requested>> =>
  harness.post<Requested>('/api/invitations', { email, role: 'auditor', organisationId }, as);
const confirm = (id: string, as: Person): Promise<Answer> =>
  harness.post(`/api/invitations/${id}/confirmation`, {}, as);
const accept = (token: string): Promise<Answer> =>
  harness.post('/api/invitations/acceptance', { token, name: 'Joko', password: PASSWORD, language: 'id' });
const listed = async (id: string): Promise<Row | undefined> => {
  const page = await harness.get<Page<Row>>('/api/invitations?limit=200', one);
  return page.body.items.find((row) => row.id === id);
};
/** What only the server can compute: the link of a row. */
const linkOf = (id: string): string => harness.app.get(Links).text({ id, purpose: 'invite' });

describe('an invitation', () => {
  it('that one operator asks for is mailed to nobody, and its link does not hold', async () => {
    const requested = await request('alone@example.org');
    expect([requested.status, requested.body.state]).toEqual([201, 'requested']);
    expect(await fixture.mailsTo('alone@example.org')).toEqual([]);
    expect(code(await accept(linkOf(requested.body.id)))).toEqual([422, 'token_invalid']);
    expect(await listed(requested.body.id)).toEqual({
      id: requested.body.id,
      email: 'alone@example.org',
      role: 'auditor',
      organisationId,
      requestedBy: one.id,
      requestedAt: harness.clock.now().toISOString(),
      expiresAt: requested.body.expiresAt,
      state: 'requested',
    });
  });

  it('is not mailed either when a job asks for the mail of an unconfirmed one', async () => {
    const { id } = (await request('early@example.org')).body;
    expect(await harness.app.get(AccountMails).link(id)).toBeUndefined();
  });

  it('is confirmed by another operator, once; then it is mailed and accepted', async () => {
    const { id } = (await request('joko@example.org')).body;
    const refusals = await fixture.entries('refusal.recorded');
    expect(code(await confirm(id, one))).toEqual([409, 'same_person_twice']);
    expect(await fixture.entries('refusal.recorded')).toBe(refusals + 1);
    expect(await fixture.mailsTo('joko@example.org')).toEqual([]);
    const invited = await fixture.entries('account.invited');
    const confirmed = await confirm(id, two);
    expect([confirmed.status, confirmed.body['state']]).toEqual([200, 'confirmed']);
    expect(await fixture.entries('account.invited')).toBe(invited + 1);
    expect(code(await confirm(id, two))).toEqual([409, 'wrong_state']);
    expect(code(await confirm(id, one))).toEqual([409, 'wrong_state']);
    expect((await listed(id))?.state).toBe('confirmed');
    expect(await fixture.mailsTo('joko@example.org')).toHaveLength(1);
    expect((await accept(await fixture.tokenFor('joko@example.org', '/akun/undangan'))).status).toBe(200);
    expect(await listed(id)).toBeUndefined();
  });

  it('confirmed by two operators at once is mailed once', async () => {
    const { id } = (await request('once@example.org')).body;
    const answers = await Promise.all([confirm(id, two), confirm(id, await fixture.operator())]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await fixture.mailsTo('once@example.org')).toHaveLength(1);
  });

  it('is asked for, confirmed and listed by operators only', async () => {
    const auditor = await harness.person({ role: 'auditor' });
    const { id } = (await request('outside@example.org')).body;
    expect(code(await request('outside@example.org', auditor))).toEqual([403, 'not_allowed']);
    expect(code(await confirm(id, auditor))).toEqual([403, 'not_allowed']);
    expect(code(await harness.get('/api/invitations', auditor))).toEqual([403, 'not_allowed']);
    expect(code(await confirm(auditor.id, two))).toEqual([404, 'not_found']);
    expect((await listed(id))?.state).toBe('requested');
  });

  it('cannot be confirmed after its time, nor when who asked for it was revoked', async () => {
    const late = (await request('late@example.org')).body.id;
    const stolen = (await request('stolen@example.org', two)).body.id;
    const reason = 'the device was stolen';
    expect((await harness.post(`/api/accounts/${two.id}/revocation`, { reason }, one)).status).toBe(200);
    expect(code(await confirm(stolen, one))).toEqual([409, 'wrong_state']);
    harness.clock.advance(14 * DAY);
    const fresh = await fixture.operator();
    expect(code(await confirm(late, fresh))).toEqual([409, 'wrong_state']);
    const page = await harness.get<Page<Row>>('/api/invitations', fresh);
    expect(page.body.items.filter(({ id }) => id === late || id === stolen)).toEqual([]);
  });

  it('is not confirmed by its requester in the database either', async () => {
    const { id } = (await request('database@example.org')).body;
    const self = 'UPDATE account_token SET confirmed_at = now(), confirmed_by = $2 WHERE id = $1';
    await expect(harness.owner.query(self, [id, one.id])).rejects.toThrow('account_token_two_operators');
    await expect(harness.owner.query(self, [id, null])).rejects.toThrow('account_token_two_operators');
    const used = 'UPDATE account_token SET used_at = now() WHERE id = $1';
    await expect(harness.owner.query(used, [id])).rejects.toThrow('account_token_confirmed_before_use');
  });
});
