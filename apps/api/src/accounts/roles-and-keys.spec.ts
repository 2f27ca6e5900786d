import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ed25519PublicKey, signDocument, toBase64, type CanonicalObject, type Signature } from '@segel/encoding';
import { randomBytes } from 'node:crypto';
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

describe('roles', () => {
  it('come by invitation, to a newcomer and to somebody with an account', async () => {
    const operator = await harness.person({ role: 'operator' });
    const buyer = await harness.post('/api/organisations', { kind: 'buyer', name: 'Kota' }, operator);
    const organisationId = buyer.body['id'] as string;
    const invite = (email: string, role: string): Promise<Answer> => fixture.invite({ email, role, organisationId });
    expect((await invite('budi@example.org', 'preparer')).body).toMatchObject({ state: 'confirmed' });
    const token = await fixture.tokenFor('budi@example.org', '/akun/undangan');
    const accept = (body: object, as?: Person): Promise<Answer> =>
      harness.post('/api/invitations/acceptance', body, as);
    expect(code(await accept({ token }))).toEqual([400, 'request_malformed']);
    const newcomer = { token, name: 'Budi', password: PASSWORD, language: 'id' };
    expect((await accept(newcomer)).status).toBe(200);
    expect(code(await accept(newcomer))).toEqual([422, 'token_invalid']);
    const { body } = await fixture.signIn('budi@example.org');
    const budi = { id: body.accountId, email: 'budi@example.org', token: body.token, sessionId: body.sessionId };

    await invite('budi@example.org', 'evaluator');
    const again = await fixture.tokenFor('budi@example.org', '/akun/undangan');
    const stranger = await fixture.account();
    expect(code(await accept({ token: again }, stranger))).toEqual([403, 'not_allowed']);
    expect((await accept({ token: again }, budi)).status).toBe(200);
    const me = await harness.get<{ roles: { role: string }[] }>('/api/me', budi);
    expect(me.body.roles.toSorted((a, b) => a.role.localeCompare(b.role))).toEqual([
      { role: 'evaluator', organisationId },
      { role: 'preparer', organisationId },
    ]);
    const officials = await harness.get<Page<unknown>>('/api/officials?role=evaluator', budi);
    expect(officials.body.items).toEqual([
      { id: budi.id, name: 'Budi', role: 'evaluator', organisationId, organisationName: 'Kota' },
    ]);
    expect(code(await harness.get('/api/officials', stranger))).toEqual([403, 'not_allowed']);
    expect(await fixture.entries('access.denied', stranger.id)).toBe(1);
  });

  it('do not go together with operator, auditor or vendor, nor into the wrong kind of organisation', async () => {
    const oversight = await harness.organisation('oversight', 'Inspektorat');
    const vendor = await fixture.account();
    await harness.grant(vendor, { role: 'vendor', organisationId: oversight });
    const invite = (role: string): Promise<Answer> =>
      fixture.invite({ email: vendor.email, role, organisationId: oversight });
    expect(code(await invite('approver'))).toEqual([403, 'role_conflict']);
    expect(code(await invite('vendor'))).toEqual([400, 'request_malformed']);
    expect((await invite('auditor')).status).toBe(200);
    const token = await fixture.tokenFor(vendor.email, '/akun/undangan');
    const refusals = await fixture.entries('refusal.recorded');
    expect(code(await harness.post('/api/invitations/acceptance', { token }, vendor))).toEqual([403, 'role_conflict']);
    expect(await fixture.entries('refusal.recorded')).toBe(refusals + 1);
  });

  it('give an account somebody else opened to the owner of the mailbox', async () => {
    await fixture.signUp('target@example.org', 'the attackers password');
    const organisationId = await harness.organisation('buyer', 'Kabupaten');
    await fixture.invite({ email: 'target@example.org', role: 'approver', organisationId });
    const token = await fixture.tokenFor('target@example.org', '/akun/undangan');
    expect(code(await harness.post('/api/invitations/acceptance', { token }))).toEqual([400, 'request_malformed']);
    const own = { token, name: 'Target', password: PASSWORD, language: 'id' };
    expect((await harness.post('/api/invitations/acceptance', own)).status).toBe(200);
    expect((await fixture.signIn('target@example.org', 'the attackers password')).status).toBe(401);
    expect((await fixture.signIn('target@example.org')).status).toBe(201);
  });

  it('are given by operators only', async () => {
    const preparer = await harness.person({ role: 'preparer' });
    const body = { kind: 'buyer', name: 'Mine' };
    expect(code(await harness.post('/api/organisations', body, preparer))).toEqual([403, 'not_allowed']);
    expect(code(await harness.post('/api/organisations', body))).toEqual([401, 'not_signed_in']);
    const operator = await harness.person({ role: 'operator' });
    const identified = { ...body, identifierScheme: 'ID-KLPD', identifier: 'K1' };
    expect((await harness.post('/api/organisations', identified, operator)).status).toBe(201);
    expect(code(await harness.post('/api/organisations', identified, operator))).toEqual([409, 'wrong_state']);
    const list = await harness.get<Page<{ identifier?: string }>>('/api/organisations');
    expect(list.body.items.some(({ identifier }) => identifier === 'K1')).toBe(true);
  });
});

describe('a signing key', () => {
  const secret = (): Uint8Array => new Uint8Array(randomBytes(32));
  const request = (kind: string, document: CanonicalObject, own: Uint8Array): Signature =>
    signDocument(kind, document, own);

  it('is registered by who holds it, once, and revoked', async () => {
    const official = await harness.person({ role: 'preparer' });
    const own = secret();
    const key = toBase64(ed25519PublicKey(own));
    const body = { account_id: official.id, key };
    const registered = await harness.post('/api/keys', request('key.authority.registered', body, own), official);
    expect(registered.status).toBe(201);
    const again = await harness.post('/api/keys', request('key.authority.registered', body, own), official);
    expect(code(again)).toEqual([409, 'key_already_registered']);
    const list = await harness.get<Page<object>>(`/api/keys?accountId=${official.id}`);
    expect(list.body.items).toMatchObject([
      { key, accountId: official.id, entrySha256: registered.body['entrySha256'] },
    ]);
    const revoke = (as: Person): Promise<Answer> =>
      harness.post(`/api/keys/${registered.body['id'] as string}/revocation`, {}, as);
    expect(code(await revoke(await harness.person({ role: 'preparer' })))).toEqual([404, 'not_found']);
    expect((await revoke(official)).status).toBe(204);
    expect(code(await revoke(official))).toEqual([409, 'wrong_state']);
    const after = await harness.get<{ keys: { revokedAt?: string }[] }>('/api/me', official);
    expect(after.body.keys[0]?.revokedAt).toBe(harness.clock.now().toISOString());
  });

  it('is one of at most fifty of a person: nobody fills the log with them', async () => {
    const official = await harness.person({ role: 'preparer' });
    await harness.owner.query(
      `INSERT INTO signing_key (id, account_id, public_key, entry_sha256, leaf_sha256, registered_at)
       SELECT gen_random_uuid(), $1, sha256(($2 || n)::bytea), sha256(''), sha256(''), now() FROM generate_series(1, 50) n`,
      [official.id, official.id],
    );
    const own = secret();
    const body = { account_id: official.id, key: toBase64(ed25519PublicKey(own)) };
    const answer = await harness.post('/api/keys', request('key.authority.registered', body, own), official);
    expect(code(answer)).toEqual([429, 'too_many_requests']);
  });

  it('of a vendor is the vendor’s, and a signature by another key or for another account is refused', async () => {
    const vendorId = await harness.organisation('civil', 'stands for a company');
    const vendor = await harness.person({ role: 'vendor', organisationId: vendorId });
    const own = secret();
    const key = toBase64(ed25519PublicKey(own));
    const body = { account_id: vendor.id, vendor_id: vendorId, key };
    const foreign = request('key.vendor.registered', body, secret()).sig;
    expect(code(await harness.post('/api/keys', { key, sig: foreign }, vendor))).toEqual([422, 'signature_invalid']);
    const elsewhere = request('key.vendor.registered', { ...body, account_id: vendorId }, own);
    expect(code(await harness.post('/api/keys', elsewhere, vendor))).toEqual([422, 'signature_invalid']);
    const official = request('key.authority.registered', { account_id: vendor.id, key }, own);
    expect(code(await harness.post('/api/keys', official, vendor))).toEqual([422, 'signature_invalid']);
    expect((await harness.post('/api/keys', request('key.vendor.registered', body, own), vendor)).status).toBe(201);
    const list = await harness.get<Page<object>>(`/api/keys?vendorId=${vendorId}`);
    expect(list.body.items).toMatchObject([{ key, vendorId }]);
  });

  it('comes with an escrow recipient for auditors only', async () => {
    const own = secret();
    const key = toBase64(ed25519PublicKey(own));
    const escrowRecipient = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
    const give = (person: Person, recipient: string): Promise<Answer> => {
      const body = { account_id: person.id, key, escrow_recipient: recipient };
      return harness.post(
        '/api/keys',
        { ...request('key.authority.registered', body, own), escrowRecipient: recipient },
        person,
      );
    };
    const auditor = await harness.person({ role: 'auditor' });
    expect(code(await give(await harness.person({ role: 'opener' }), escrowRecipient))).toEqual([403, 'not_allowed']);
    expect(code(await give(auditor, 'age1nonsense'))).toEqual([400, 'request_malformed']);
    expect((await give(auditor, escrowRecipient)).status).toBe(201);
    expect(code(await give(await harness.person(), escrowRecipient))).toEqual([403, 'not_allowed']);
  });
});

describe('revocation of an account', () => {
  const reason = 'left the organisation';

  it('ends the sessions of an official at once, and the keys', async () => {
    const operator = await harness.person({ role: 'operator' });
    const official = await harness.person({ role: 'approver' });
    const own = new Uint8Array(randomBytes(32));
    const body = { account_id: official.id, key: toBase64(ed25519PublicKey(own)) };
    await harness.post('/api/keys', signDocument('key.authority.registered', body, own), official);
    const revoke = (as: Person): Promise<Answer> =>
      harness.post(`/api/accounts/${official.id}/revocation`, { reason }, as);
    expect(code(await revoke(official))).toEqual([403, 'not_allowed']);
    expect((await revoke(operator)).body).toEqual({ state: 'revoked' });
    expect(code(await harness.get('/api/me', official))).toEqual([401, 'not_signed_in']);
    expect(code(await revoke(operator))).toEqual([409, 'wrong_state']);
    await harness.runDueJobs();
    const keys = await harness.get<Page<{ revokedAt?: string }>>(`/api/keys?accountId=${official.id}`);
    expect(keys.body.items[0]?.revokedAt).toBeDefined();
    expect(await fixture.entries('key.authority.revoked', official.id)).toBe(1);
  });

  it('takes two operators for a vendor’s person, who is told', async () => {
    const [one, two] = [await harness.person({ role: 'operator' }), await harness.person({ role: 'operator' })];
    const vendor = await harness.person({ role: 'vendor', organisationId: await harness.organisation('civil', 'V') });
    const revoke = (as: Person): Promise<Answer> =>
      harness.post(`/api/accounts/${vendor.id}/revocation`, { reason }, as);
    expect((await revoke(one)).body).toEqual({ state: 'requested' });
    expect((await harness.get('/api/me', vendor)).status).toBe(200);
    expect((await fixture.mailsTo(vendor.email)).some((mail) => mail.includes('was requested'))).toBe(true);
    expect(code(await revoke(one))).toEqual([409, 'same_person_twice']);
    expect((await revoke(two)).body).toEqual({ state: 'revoked' });
    expect((await harness.get('/api/me', vendor)).status).toBe(401);
  });
});
