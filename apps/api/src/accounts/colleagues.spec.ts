import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ed25519PublicKey, toBase64 } from '@segel/encoding';
import type { Role } from '@segel/procurement';
import { randomUUID } from 'node:crypto';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { publishTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  submitBid,
  uploadParts,
  withdraw,
} from '../../../../test/support/sealed-bid.js';
import { registerKey } from '../../../../test/support/tender-people.js';
import { RowAudit } from '../audit/row-audit.service.js';
import { AccountsFixture, code, PASSWORD, type Page } from './accounts.fixture.js';

// Argon2 takes its time on purpose, and more so where other tests run.
jest.setTimeout(60_000);

type Colleague = { id: string; name: string; email: string; hasKey: boolean; manages: boolean };
type Company = { readonly id: string; readonly manager: Person };

let harness: Harness;
let fixture: AccountsFixture;
beforeAll(async () => {
  harness = await startHarness();
  fixture = new AccountsFixture(harness);
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

let count = 0;
/** Registered and approved by the front door, so that the audit of the rows has nothing to say about it. */
async function company(approvals = 2): Promise<Company> {
  const manager = await fixture.account();
  const identity = { country: 'ID', identifierScheme: 'ID-NIB', identifier: `812000${++count}`, address: 'Jalan 1' };
  const { body } = await harness.post('/api/vendors', { name: `CV Rekan ${count}`, ...identity }, manager);
  const id = body['id'] as string;
  for (let i = 0; i < approvals; i++)
    await harness.post(`/api/vendors/${id}/decisions`, { decision: 'approve' }, await fixture.operator());
  return { id, manager };
}
const invite = ({ id, manager }: Company, email: string, as = manager): Promise<Answer> =>
  harness.post(`/api/vendors/${id}/colleague-invitations`, { email }, as);
const end = ({ id, manager }: Company, who: Person, as = manager): Promise<Answer> =>
  harness.post(`/api/vendors/${id}/colleagues/${who.id}/removal`, {}, as);
const linkTo = (email: string): Promise<string> => fixture.tokenFor(email, '/akun/undangan');
const accept = (body: object, as?: Person): Promise<Answer> => harness.post('/api/invitations/acceptance', body, as);
const people = async ({ id, manager }: Company, as = manager): Promise<Colleague[]> =>
  (await harness.get<Page<Colleague>>(`/api/vendors/${id}/colleagues`, as)).body.items;
/** Somebody with an account who joined. */
async function colleague(of: Company): Promise<Person> {
  const person = await fixture.account();
  expect((await invite(of, person.email)).status).toBe(201);
  expect((await accept({ token: await linkTo(person.email) })).status).toBe(200);
  return person;
}
/** What the audit of the rows says about links, and about roles and keys of these people. */
async function audited(...of: readonly Person[]): Promise<readonly string[]> {
  await harness.published();
  const { findings } = await harness.app.get(RowAudit).report(false);
  return findings
    .filter(({ table, row }) => table === 'account_token' || of.some(({ id }) => row.includes(id)))
    .filter(({ table }) => ['account_token', 'role_assignment', 'signing_key'].includes(table))
    .map(({ table, row, code: found, columns }) => `${table} ${row} ${found} ${String(columns)}`);
}

describe('a colleague', () => {
  it('with no account comes by the mailed link, acts for the company, and its people are told', async () => {
    const own = await company();
    const invited = await invite(own, 'Citra@Example.org');
    expect([invited.status, invited.body['email']]).toEqual([201, 'citra@example.org']);
    const [mail] = await fixture.mailsTo('citra@example.org');
    expect(mail).toContain(`The company CV Rekan ${count} invites you`);
    expect(mail).toContain('mengundang Anda bertindak');
    const waiting = `/api/vendors/${own.id}/colleague-invitations`;
    expect((await harness.get<Page<object>>(waiting, own.manager)).body.items).toEqual([invited.body]);

    // Lists are in the order of time.
    harness.clock.advance(1);
    const newcomer = { token: await linkTo('citra@example.org'), name: 'Citra', password: PASSWORD, language: 'id' };
    expect((await accept(newcomer)).status).toBe(200);
    expect(code(await accept(newcomer))).toEqual([422, 'token_invalid']);
    expect((await harness.get<Page<object>>(waiting, own.manager)).body.items).toEqual([]);
    const { body } = await fixture.signIn('citra@example.org');
    const citra = { id: body.accountId, email: 'citra@example.org', token: body.token, sessionId: body.sessionId };
    const me = await harness.get('/api/me', citra);
    expect(me.body).toMatchObject({ vendorId: own.id, roles: [{ role: 'vendor', organisationId: own.id }] });
    await registerKey(harness, citra, { vendorId: own.id });
    expect((await people(own, citra)).map(({ name, hasKey, manages }) => [name, hasKey, manages])).toEqual([
      [own.manager.email, false, true],
      ['Citra', true, false],
    ]);
    expect((await fixture.mailsTo(own.manager.email)).join()).toContain('acts for your company now');
    expect(await audited(own.manager, citra)).toEqual([]);
  });

  it('with an account comes with it, and nobody else by the same link', async () => {
    const own = await company();
    const budi = await fixture.account();
    await invite(own, budi.email);
    const token = await linkTo(budi.email);
    expect(code(await accept({ token }, await fixture.account()))).toEqual([403, 'not_allowed']);
    expect((await accept({ token }, budi)).status).toBe(200);
    expect(await people(own)).toHaveLength(2);
    expect(await audited(own.manager, budi)).toEqual([]);
  });

  it('has one company, and none while holding an official’s role anywhere', async () => {
    const [own, other] = [await company(), await company()];
    const home = await harness.organisation('buyer', 'Dinas');
    const officials: readonly Role[] = ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'auditor'];
    const held = await Promise.all(officials.map((role) => harness.person({ role, organisationId: home })));
    const [operator, onTender] = [await fixture.operator(), await fixture.account()];
    const { tenderId } = await publishTender(harness);
    await harness.grant(onTender, { role: 'evaluator', tenderId });
    const elsewhere = await colleague(other);
    for (const person of [...held, operator, onTender, elsewhere]) {
      expect((await invite(own, person.email)).status).toBe(201);
      expect(code(await accept({ token: await linkTo(person.email) }, person))).toEqual([403, 'role_conflict']);
    }
    expect(await people(own)).toHaveLength(1);
    // The other way round: who is of a company takes no official's role.
    await fixture.invite({ email: elsewhere.email, role: 'evaluator', organisationId: home });
    expect(code(await accept({ token: await linkTo(elsewhere.email) }))).toEqual([403, 'role_conflict']);
  });
});

describe('nobody is slipped into a company', () => {
  it('by its other people, by another company or by officials, who do not even see who is in it', async () => {
    const [own, other] = [await company(), await company()];
    const inside = await colleague(own);
    expect(code(await invite(own, 'x@example.org', inside))).toEqual([403, 'not_allowed']);
    expect(code(await invite(own, 'x@example.org', other.manager))).toEqual([404, 'not_found']);
    const home = await harness.organisation('buyer', 'Dinas');
    const officer = await harness.person({ role: 'preparer', organisationId: home });
    for (const outside of [officer, await harness.person({ role: 'auditor' }), await fixture.account()]) {
      expect(code(await invite(own, 'x@example.org', outside))).toEqual([403, 'not_allowed']);
      expect((await harness.get(`/api/vendors/${own.id}/colleagues`, outside)).status).toBe(403);
    }
    expect((await harness.get(`/api/vendors/${own.id}/colleagues`, other.manager)).status).toBe(404);
    expect((await harness.get(`/api/vendors/${own.id}/colleague-invitations`, inside)).status).toBe(403);
    expect(await fixture.mailsTo('x@example.org')).toEqual([]);
  });

  it('by an operator, by no door, not even with the database’s help', async () => {
    const own = await company();
    const operator = await fixture.operator();
    expect(code(await invite(own, 'spy@example.org', operator))).toEqual([403, 'not_allowed']);
    const officials = '/api/invitations';
    const spy = { email: 'spy@example.org', organisationId: own.id };
    expect(code(await harness.post(officials, { ...spy, role: 'vendor' }, operator))).toEqual([
      400,
      'request_malformed',
    ]);
    expect(code(await harness.post(officials, { ...spy, role: 'preparer' }, operator))).toEqual([404, 'not_found']);
    // An invitation of the company's own is neither seen nor confirmed by operators.
    const { id } = (await invite(own, 'rightful@example.org')).body as { id: string };
    expect(code(await harness.post(`${officials}/${id}/confirmation`, {}, operator))).toEqual([404, 'not_found']);
    const seen = await harness.get<Page<{ id: string }>>(`${officials}?limit=200`, operator);
    expect(seen.body.items.filter((one) => one.id === id)).toEqual([]);
    // Whoever has the database cannot write that somebody else invited, nor turn an official's link into a company's.
    const forge = `INSERT INTO account_token (id, purpose, email, role, vendor_id, invited_by, created_at, expires_at, confirmed_at)
      VALUES ($1, 'invite', 'spy@example.org', 'vendor', $2, $3, now(), now() + interval '1 day', now())`;
    await expect(harness.owner.query(forge, [randomUUID(), own.id, operator.id])).rejects.toThrow(
      'account_token_by_manager',
    );
    await expect(harness.owner.query(forge, [randomUUID(), own.id, null])).rejects.toThrow(
      'account_token_into_company',
    );
    const home = await harness.organisation('oversight', 'Inspektorat');
    await fixture.invite({ email: 'auditor@example.org', role: 'auditor', organisationId: home });
    const turn = "UPDATE account_token SET role = 'vendor' WHERE email = 'auditor@example.org'";
    await expect(harness.owner.query(turn)).rejects.toThrow('account_token_into_company');
    expect(await people(own)).toHaveLength(1);
  });

  it('by a link to a wrong address, once who sent it takes it back', async () => {
    const [own, other] = [await company(), await company()];
    const inside = await colleague(own);
    const { id } = (await invite(own, 'wrong@example.org')).body as { id: string };
    const token = await linkTo('wrong@example.org');
    const withdraw = (as: Person, of = own): Promise<Answer> =>
      harness.post(`/api/vendors/${of.id}/colleague-invitations/${id}/withdrawal`, {}, as);
    expect(code(await withdraw(inside))).toEqual([403, 'not_allowed']);
    expect(code(await withdraw(await fixture.operator()))).toEqual([403, 'not_allowed']);
    expect(code(await withdraw(other.manager))).toEqual([404, 'not_found']);
    expect(code(await withdraw(other.manager, other))).toEqual([404, 'not_found']);
    expect((await withdraw(own.manager)).status).toBe(204);
    expect(code(await withdraw(own.manager))).toEqual([404, 'not_found']);
    const wrong = { token, name: 'Wrong', password: PASSWORD, language: 'id' };
    expect(code(await accept(wrong))).toEqual([422, 'token_invalid']);
    expect(await people(own)).toHaveLength(2);
    expect(await audited(own.manager)).toEqual([]);
    // Whoever makes it hold again in the database is found out.
    await harness.owner.query('UPDATE account_token SET used_at = NULL WHERE id = $1', [id]);
    expect((await audited(own.manager)).join()).toMatch(/^account_token .* row_differs used_at$/);
    await harness.owner.query('UPDATE account_token SET used_at = $2 WHERE id = $1', [id, harness.clock.now()]);
  });

  it('while the company is not approved, by a used-up number, or on the word of a revoked manager', async () => {
    const stranger = await company(1);
    expect(code(await invite(stranger, 'anybody@example.org'))).toEqual([403, 'vendor_not_approved']);
    expect(await fixture.mailsTo('anybody@example.org')).toEqual([]);

    const own = await company();
    await Promise.all(Array.from({ length: 49 }, (_, i) => invite(own, `many${i}@example.org`)));
    expect(code(await invite(own, 'more@example.org'))).toEqual([409, 'company_full']);
    const token = await linkTo('many0@example.org');
    for (const operator of [await fixture.operator(), await fixture.operator()])
      await harness.post(`/api/accounts/${own.manager.id}/revocation`, { reason: 'court order' }, operator);
    const late = { token, name: 'Many', password: PASSWORD, language: 'id' };
    expect(code(await accept(late))).toEqual([422, 'token_invalid']);
  });
});

describe('a membership', () => {
  it('is ended by who registered the company, or by oneself, and by nobody else', async () => {
    const [own, other] = [await company(), await company()];
    const [budi, citra] = [await colleague(own), await colleague(own)];
    expect(code(await end(own, citra, budi))).toEqual([403, 'not_allowed']);
    expect(code(await end(own, own.manager, budi))).toEqual([403, 'not_allowed']);
    expect(code(await end(own, own.manager))).toEqual([409, 'wrong_state']);
    expect(code(await end(own, budi, other.manager))).toEqual([404, 'not_found']);
    expect(code(await end(own, other.manager))).toEqual([404, 'not_found']);
    expect(code(await end(own, budi, await fixture.operator()))).toEqual([403, 'not_allowed']);
    expect(await people(own)).toHaveLength(3);

    expect((await end(own, citra, citra)).status).toBe(204);
    expect((await end(own, budi)).status).toBe(204);
    expect(code(await end(own, budi))).toEqual([404, 'not_found']);
    expect((await harness.get('/api/me', budi)).body['vendorId']).toBeUndefined();
    expect((await harness.get(`/api/vendors/${own.id}`, budi)).status).toBe(403);
    expect((await fixture.mailsTo(budi.email)).join()).toMatch(/You act for CV Rekan \d+ no more/);
    expect((await fixture.mailsTo(own.manager.email)).join()).toContain('acts for your company no more');
    expect(await audited(own.manager, budi, citra)).toEqual([]);
    // Whoever brings somebody back in the database is found out.
    await harness.owner.query('UPDATE role_assignment SET revoked_at = NULL WHERE account_id = $1', [budi.id]);
    expect((await audited(budi)).join()).toMatch(/^role_assignment .* row_differs revoked_at$/);
  });

  it('that was ended does not begin again by an older link; by a new one it does', async () => {
    const own = await company();
    const budi = await fixture.account();
    await invite(own, budi.email);
    const first = await linkTo(budi.email);
    await invite(own, budi.email);
    const second = await linkTo(budi.email);
    expect(second).not.toBe(first);
    expect((await accept({ token: first })).status).toBe(200);
    harness.clock.advance(1000);
    expect((await end(own, budi)).status).toBe(204);
    expect(code(await accept({ token: second }))).toEqual([422, 'token_invalid']);
    harness.clock.advance(1000);
    await invite(own, budi.email);
    expect((await accept({ token: await linkTo(budi.email) })).status).toBe(200);
    expect(await audited(own.manager, budi)).toEqual([]);
  });

  it('takes the keys with it: no bid is submitted or withdrawn by them, not by a colleague’s session either', async () => {
    const tender = await publishTender(harness);
    const owner = await approvedVendor(harness, 'PT Kunci');
    const own: Company = { id: owner.vendorId, manager: owner };
    const person = await colleague(own);
    const { secret } = await registerKey(harness, person, { vendorId: own.id });
    const leaver = { ...person, secret, vendorId: own.id, key: toBase64(ed25519PublicKey(secret)) };
    const submitted = await sealAndSubmit(harness, tender, leaver);
    const prepared = await sealFor(harness, tender.tenderId, leaver, { replaces: submitted.bidId });
    await uploadParts(harness, tender.tenderId, leaver, prepared);
    expect((await end(own, leaver)).status).toBe(204);

    expect(code((await submitBid(harness, tender.tenderId, leaver, prepared)) as never)).toEqual([403, 'not_allowed']);
    // The job that revokes the keys has not run: they are of no use all the same.
    const lent = { ...leaver, token: owner.token };
    const refused = async (): Promise<void> => {
      expect(code((await submitBid(harness, tender.tenderId, lent, prepared)) as never)).toEqual([
        422,
        'key_not_registered',
      ]);
      expect(code((await withdraw(harness, tender.tenderId, lent, submitted)) as never)).toEqual([
        422,
        'key_not_registered',
      ]);
    };
    await refused();
    await harness.runDueJobs();
    const keys = await harness.get<Page<{ revokedAt?: string }>>(`/api/keys?accountId=${leaver.id}`);
    expect(keys.body.items[0]?.revokedAt).toBeDefined();
    expect(await fixture.entries('key.vendor.revoked', leaver.id)).toBe(1);
    await refused();
    // The bid itself is the company's, and stays.
    const held = await harness.get(`/api/tenders/${tender.tenderId}/bids/${submitted.bidId}`, owner);
    expect(held.status).toBe(200);
    expect((await withdraw(harness, tender.tenderId, owner, submitted)).status).toBe(201);
    expect(await audited(leaver)).toEqual([]);
  });
});
