import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { AccountsFixture, code, PASSWORD, type Page } from './accounts.fixture.js';

// Argon2 takes its time on purpose, and more so where other tests run.
jest.setTimeout(60_000);

let harness: Harness;
let fixture: AccountsFixture;
beforeAll(async () => {
  harness = await startHarness();
  fixture = new AccountsFixture(harness);
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

describe('an account', () => {
  it('is opened, confirmed by mail, and signed in to', async () => {
    expect((await fixture.signUp('Sri@Example.org')).status).toBe(202);
    expect(code(await fixture.signIn('sri@example.org'))).toEqual([403, 'email_not_confirmed']);
    const token = await fixture.tokenFor('sri@example.org', '/en/akun/konfirmasi');
    expect((await harness.post('/api/accounts/confirmation', { token })).status).toBe(204);
    expect(code(await harness.post('/api/accounts/confirmation', { token }))).toEqual([422, 'token_invalid']);
    const signed = await fixture.signIn('SRI@example.org');
    expect(signed.status).toBe(201);
    expect(Date.parse(signed.body.expiresAt) - harness.clock.now().getTime()).toBe(12 * 3_600_000);
    const sri = { id: signed.body.accountId, email: '', token: signed.body.token, sessionId: signed.body.sessionId };
    const me = await harness.get('/api/me', sri);
    expect(me.body).toEqual({ id: sri.id, email: 'sri@example.org', name: 'Sri', language: 'en', roles: [], keys: [] });
    expect(me.text).not.toContain('argon2');
  });

  it('stores passwords as argon2id and no usable token', async () => {
    await fixture.signUp('stored@example.org');
    const token = await fixture.tokenFor('stored@example.org', '/akun/konfirmasi');
    const { rows } = await harness.owner.query("SELECT * FROM account WHERE email = 'stored@example.org'");
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const tokens = await harness.owner.query('SELECT * FROM account_token');
    const jobs = await harness.owner.query('SELECT payload FROM graphile_worker._private_jobs');
    expect(JSON.stringify([tokens.rows, jobs.rows])).not.toContain(token.split('.')[1]);
  });

  it.each([
    ['a short password', { password: 'elevenchars' }, [422, 'password_weak']],
    ['the address as password', { password: 'NEW.person@example.org' }, [422, 'password_weak']],
    ['an unknown field', { role: 'operator' }, [400, 'request_malformed']],
    ['no address', { email: 'nobody' }, [400, 'request_malformed']],
  ])('is refused with %s, and strangers leave no entry', async (_, change, expected) => {
    const before = await fixture.entries();
    const body = { email: 'new.person@example.org', name: 'N', password: PASSWORD, language: 'id', ...change };
    expect(code(await harness.post('/api/accounts', body))).toEqual(expected);
    expect(await fixture.entries()).toBe(before);
  });

  it('cannot be found out: known and unknown addresses get the same answers', async () => {
    const known = await fixture.account();
    const shape = ({ status, text }: Answer<unknown>): unknown => ({ status, text });
    expect(shape(await fixture.signUp(known.email, 'another password'))).toEqual(
      shape(await fixture.signUp('un1@example.org')),
    );
    const reset = (email: string): Promise<Answer> => harness.post('/api/password-resets', { email });
    expect(shape(await reset(known.email))).toEqual(shape(await reset('un2@example.org')));
    const before = await fixture.entries();
    const unknown = shape(await fixture.signIn('un3@example.org', 'wrong password'));
    expect(await fixture.entries()).toBe(before);
    expect(shape(await fixture.signIn(known.email, 'wrong password'))).toEqual(unknown);
    expect(await fixture.entries()).toBe(before + 1);
    expect((await fixture.mailsTo(known.email)).some((mail) => mail.includes('You have an account already'))).toBe(
      true,
    );
    expect((await fixture.signIn(known.email)).status).toBe(201);
  });

  it('answers wrong credentials on a grid of time, whether the address is known or not', async () => {
    for (const email of [(await fixture.account()).email, 'nobody@example.org']) {
      const started = performance.now();
      await fixture.signIn(email, 'wrong password');
      expect(performance.now() - started).toBeGreaterThan(395);
    }
  });

  it('does not let strangers fill a mailbox', async () => {
    const person = await fixture.account();
    for (let i = 0; i < 8; i++) await harness.post('/api/password-resets', { email: person.email });
    expect(await fixture.entries('account.link_sent', person.id)).toBeLessThanOrEqual(5);
    expect((await harness.post('/api/password-resets', { email: person.email })).status).toBe(202);
  });
});

describe('links', () => {
  it('are for one purpose, unforgeable, and expire', async () => {
    await fixture.signUp('links@example.org');
    const token = await fixture.tokenFor('links@example.org', '/akun/konfirmasi');
    const asReset = await harness.post('/api/password-resets/completion', { token, password: PASSWORD });
    expect(code(asReset)).toEqual([422, 'token_invalid']);
    const last = token.at(-1) === 'A' ? 'B' : 'A';
    for (const forged of [`${token.slice(0, -1)}${last}`, `${token}=`, `${token}.x`, token.split('.')[0]!, 'x']) {
      const answer = await harness.post('/api/accounts/confirmation', { token: forged });
      expect(code(answer)).toEqual([422, 'token_invalid']);
    }
    harness.clock.advance(24 * 3_600_000);
    expect(code(await harness.post('/api/accounts/confirmation', { token }))).toEqual([422, 'token_expired']);
  });

  it('of one reset the newest only holds, once, and it ends all sessions', async () => {
    const person = await fixture.account();
    await harness.post('/api/password-resets', { email: person.email });
    const first = await fixture.tokenFor(person.email, '/akun/sandi');
    await harness.post('/api/password-resets', { email: person.email });
    const second = (await fixture.mailsTo(person.email))
      .map((m) => /sandi\?token=([\w.-]+)/.exec(m)?.[1])
      .find((t) => t && t !== first)!;
    const complete = (token: string): Promise<Answer> =>
      harness.post('/api/password-resets/completion', { token, password: 'a wholly new one' });
    expect(code(await complete(first))).toEqual([422, 'token_invalid']);
    const both = await Promise.all([complete(second), complete(second)]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 422]);
    expect(code(await harness.get('/api/me', person))).toEqual([401, 'not_signed_in']);
    expect(code(await fixture.signIn(person.email))).toEqual([401, 'wrong_credentials']);
    expect((await fixture.signIn(person.email, 'a wholly new one')).status).toBe(201);
    expect((await fixture.mailsTo(person.email)).some((mail) => mail.includes('Your password was changed'))).toBe(true);
  });
});

describe('a session', () => {
  it('is listed, and ends at once when it is revoked or after twelve hours', async () => {
    const { id, email } = await fixture.account();
    const { token, sessionId } = (await fixture.signIn(email)).body;
    const person = { id, email, token, sessionId };
    const other = (await fixture.signIn(email)).body;
    const list = await harness.get<Page<{ id: string; current: boolean; ip: string }>>('/api/sessions', person);
    expect(list.body.items.slice(0, 2).map((session) => [session.id, session.current])).toEqual([
      [other.sessionId, false],
      [sessionId, true],
    ]);
    const page = await harness.get<Page<{ id: string }>>('/api/sessions?limit=1', person);
    const rest = await harness.get<Page<{ id: string }>>(`/api/sessions?limit=1&after=${page.body.next}`, person);
    expect([page.body.items[0]?.id, rest.body.items[0]?.id]).toEqual([other.sessionId, sessionId]);
    const revoke = (id: string, as: Person): Promise<Answer> => harness.call('DELETE', `/api/sessions/${id}`, { as });
    const stranger = await fixture.account();
    expect(code(await revoke(other.sessionId, stranger))).toEqual([404, 'not_found']);
    expect((await revoke(other.sessionId, person)).status).toBe(204);
    expect(code(await harness.get('/api/me', { ...person, token: other.token }))).toEqual([401, 'not_signed_in']);
    expect((await harness.get('/api/me', person)).status).toBe(200);
    harness.clock.advance(12 * 3_600_000);
    expect(code(await harness.get('/api/me', person))).toEqual([401, 'not_signed_in']);
  });

  it('is not believed under another key, algorithm or issuer', async () => {
    const person = await fixture.account();
    const claims = { sub: person.id, sid: person.sessionId };
    const secret = Buffer.from(harness.config.settings.TOKEN_SECRET);
    for (const token of [
      jwt.sign(claims, randomBytes(32), { algorithm: 'HS256', issuer: 'segel' }),
      jwt.sign(claims, secret, { algorithm: 'HS512', issuer: 'segel' }),
      jwt.sign(claims, secret, { algorithm: 'HS256', issuer: 'other' }),
      jwt.sign(claims, null, { algorithm: 'none', issuer: 'segel' }),
    ]) {
      expect(code(await harness.get('/api/me', { ...person, token }))).toEqual([401, 'not_signed_in']);
    }
  });

  it('does not begin after ten wrong passwords for fifteen minutes; open ones go on', async () => {
    const person = await fixture.account();
    const wrong = await Promise.all(Array.from({ length: 10 }, () => fixture.signIn(person.email, 'not this one')));
    expect(new Set(wrong.map((answer) => answer.text)).size).toBe(1);
    expect(await fixture.entries('access.denied', person.id)).toBe(10);
    const paused = await fixture.signIn(person.email);
    expect([paused.status, paused.text]).toEqual([401, wrong[0]!.text]);
    expect(await fixture.entries('access.denied', person.id)).toBe(10);
    expect((await harness.get('/api/me', person)).status).toBe(200);
    expect((await fixture.mailsTo(person.email)).some((mail) => mail.includes('Too many wrong passwords'))).toBe(true);
    harness.clock.advance(15 * 60_000);
    expect((await fixture.signIn(person.email)).status).toBe(201);
  });

  it('survives a password change by itself only, and the old password must be known', async () => {
    const person = await fixture.account();
    const other = { ...person, token: (await fixture.signIn(person.email)).body.token };
    const change = (currentPassword: string): Promise<Answer> =>
      harness.call('PUT', '/api/me/password', { as: person, body: { currentPassword, password: 'something else' } });
    expect(code(await change('wrong password'))).toEqual([401, 'wrong_credentials']);
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await harness.get('/api/me', person)).status).toBe(200);
    expect((await harness.get('/api/me', other)).status).toBe(401);
  });

  it('leaves nothing of the password where replays are remembered', async () => {
    const person = await fixture.account();
    const headers = { 'idempotency-key': 'sign-in-once-more' };
    await harness.call('POST', '/api/sessions', { body: { email: person.email, password: PASSWORD }, headers });
    const { rowCount } = await harness.owner.query("SELECT FROM replay WHERE key = 'sign-in-once-more'");
    expect(rowCount).toBe(0);
  });

  it('shows its account what happened to it', async () => {
    const person = await fixture.account();
    await fixture.signIn(person.email, 'wrong password');
    await fixture.signIn(person.email);
    const { body } = await harness.get<Page<Record<string, unknown>>>('/api/security-events', person);
    expect(body.items).toMatchObject([
      { type: 'account.signed_in', byMyself: true },
      { type: 'access.denied', byMyself: false, reason: 'wrong_password' },
    ]);
    expect(code(await harness.get('/api/security-events'))).toEqual([401, 'not_signed_in']);
  });
});
