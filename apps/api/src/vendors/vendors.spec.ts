import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { canonicalBytes, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { objectPath } from '../../../../test/support/opening-day.js';

jest.setTimeout(60_000);

type Page = { items: Record<string, unknown>[]; next?: string };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const code = (answer: Answer): unknown[] => [answer.status, answer.body['code']];
let number = 0;
const company = (): Record<string, unknown> => ({
  name: 'PT Maju',
  country: 'ID',
  identifierScheme: 'ID-NIB',
  identifier: `91200${++number}`,
  address: 'Jalan Merdeka 1, Bandung',
  email: 'office@example.org',
  declared: { owners: [{ name: 'Ani', percent: 60 }] },
});
const register = (person: Person, record = company()): Promise<Answer> => harness.post('/api/vendors', record, person);
const operators = (): Promise<Person[]> =>
  Promise.all([harness.person({ role: 'operator' }), harness.person({ role: 'operator' })]);
const decide = (id: unknown, as: Person, decision: string, reasons?: string[]): Promise<Answer> =>
  harness.post(`/api/vendors/${id as string}/decisions`, { decision, reasons }, as);
const trail = async (type: string): Promise<number> =>
  (await harness.owner.query('SELECT FROM trail WHERE type = $1', [type])).rowCount ?? 0;

describe('a company', () => {
  it('registers, shows its documents, and is approved by two different operators', async () => {
    const ani = await harness.person();
    const record = company();
    const registered = await register(ani, record);
    expect([registered.status, registered.body['state']]).toEqual([201, 'submitted']);
    const id = registered.body['id'];
    expect((await harness.get('/api/me', ani)).body).toMatchObject({ vendorId: id, roles: [{ role: 'vendor' }] });

    const query = 'kind=licence&fileName=NIB%20%231.pdf&mediaType=application/pdf&expiresOn=2028-02-29';
    const pdf = new TextEncoder().encode('%PDF-1.7 a licence');
    const add = (as: Person, bytes: unknown, q = query): Promise<Answer> =>
      harness.call('POST', `/api/vendors/${id as string}/documents?${q}`, { as, body: bytes });
    const added = await add(ani, pdf);
    expect([added.status, added.body['sha256']]).toEqual([201, toBase64(sha256(pdf))]);

    const [one, two] = await operators();
    const seen = await harness.get<Record<string, unknown>>(`/api/vendors/${id as string}`, one);
    expect(seen.body).toMatchObject({
      name: 'PT Maju',
      approvals: 0,
      documents: [{ fileName: 'NIB #1.pdf', expiresOn: '2028-02-29' }],
    });
    const hash = toBase64(sha256(canonicalBytes(seen.body['record'] as CanonicalObject)));
    const { rows } = await harness.owner.query<{ entry_bytes: Buffer }>(
      "SELECT o.entry_bytes FROM trail t JOIN tlog.opening o USING (commitment) WHERE t.type = 'vendor.registered' AND t.actor_id = $1",
      [ani.id],
    );
    expect(rows[0]?.entry_bytes.toString()).toContain(hash);

    const reads = await trail('secret.read');
    const path = `/api/vendors/${id as string}/documents/${added.body['id'] as string}`;
    const bytes = await harness.get(path, one);
    expect([bytes.text, bytes.headers.get('content-type')]).toEqual(['%PDF-1.7 a licence', 'application/pdf']);
    expect((await harness.get(path, ani)).status).toBe(200);
    expect(await trail('secret.read')).toBe(reads + 1);

    expect((await decide(id, one!, 'approve')).body['state']).toBe('submitted');
    expect(code(await decide(id, one!, 'approve'))).toEqual([409, 'same_person_twice']);
    expect((await decide(id, two!, 'approve')).body['state']).toBe('approved');
    expect(code(await decide(id, two!, 'reject', ['changed my mind']))).toEqual([409, 'vendor_already_decided']);
    await harness.runDueJobs();
    expect((await harness.mails()).some((mail) => mail.includes(ani.email) && mail.includes('was approved'))).toBe(
      true,
    );
  });

  it('is registered once, by a person who has no other role', async () => {
    const record = company();
    const person = await harness.person();
    const other = await harness.person();
    const [first, second] = await Promise.all([register(person, record), register(other, record)]);
    expect([first.status, second.status].sort((a, b) => a - b)).toEqual([201, 409]);
    for (const role of ['operator', 'preparer', 'auditor'] as const) {
      expect(code(await register(await harness.person({ role })))).toEqual([403, 'role_conflict']);
    }
    expect(code(await harness.post('/api/vendors', company()))).toEqual([401, 'not_signed_in']);
  });

  it('of one person is one, even when asked twice at once', async () => {
    const person = await harness.person();
    const answers = await Promise.all([register(person), register(person), register(person)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 403, 403]);
  });

  it('is not registered before the address is confirmed', async () => {
    const person = await harness.person();
    await harness.owner.query('UPDATE account SET confirmed_at = NULL WHERE id = $1', [person.id]);
    const refusals = await trail('refusal.recorded');
    expect(code(await register(person))).toEqual([403, 'email_not_confirmed']);
    expect(await trail('refusal.recorded')).toBe(refusals + 1);
  });

  it.each([
    ['an unknown field', { state: 'approved' }],
    ['a country that is none', { country: 'Indonesia' }],
    ['a fraction in the declaration', { declared: { share: 0.5 } }],
    ['null in the declaration', { declared: { owner: null } }],
  ])('is refused with %s', async (_, change) => {
    expect(code(await register(await harness.person(), { ...company(), ...change }))).toEqual([
      400,
      'request_malformed',
    ]);
  });

  it('is rejected with reasons, finally', async () => {
    const person = await harness.person();
    const record = company();
    const id = (await register(person, record)).body['id'];
    const [one, two] = await operators();
    expect(code(await decide(id, one!, 'reject'))).toEqual([422, 'reason_missing']);
    expect((await decide(id, one!, 'reject', ['The licence has expired.'])).body['state']).toBe('rejected');
    expect(code(await decide(id, two!, 'approve'))).toEqual([409, 'vendor_already_decided']);
    const again = await register(await harness.person(), record);
    expect(code(again)).toEqual([409, 'vendor_already_decided']);
    expect(again.body['detail']).toContain('final');
    const view = await harness.get(`/api/vendors/${id as string}`, person);
    expect(view.body).toMatchObject({ state: 'rejected', decisions: [{ reasons: ['The licence has expired.'] }] });
  });

  it('takes documents of its own people, of allowed types, up to 8 MiB', async () => {
    const person = await harness.person();
    const id = (await register(person)).body['id'] as string;
    const add = (as: Person | undefined, body: unknown, mediaType = 'image/png', more = ''): Promise<Answer> =>
      harness.call('POST', `/api/vendors/${id}/documents?kind=x&fileName=a&mediaType=${mediaType}${more}`, {
        as,
        body,
      });
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);
    expect((await add(person, png)).status).toBe(201);
    expect(code(await add(person, png, 'text/html'))).toEqual([400, 'request_malformed']);
    expect(code(await add(person, png, 'application/pdf'))).toEqual([400, 'request_malformed']);
    expect(code(await add(person, png, 'image/png', '&expiresOn=2026-02-30'))).toEqual([400, 'request_malformed']);
    expect(code(await add(person, { not: 'bytes' }))).toEqual([400, 'request_malformed']);
    expect(code(await add(person, new Uint8Array(8 * 1024 * 1024 + 1)))).toEqual([413, 'payload_too_large']);
    const other = await harness.person();
    await register(other);
    expect(code(await add(other, png))).toEqual([404, 'not_found']);
    expect(code(await add(await harness.person({ role: 'operator' }), png))).toEqual([403, 'not_allowed']);
    expect(code(await harness.get(`/api/vendors/${id}`, other))).toEqual([404, 'not_found']);
  });

  it('does not fill the store for ever: what comes after a hundred documents is not kept', async () => {
    const person = await harness.person();
    const id = (await register(person)).body['id'] as string;
    await harness.owner.query(
      `INSERT INTO vendor_document (id, vendor_id, kind, file_name, media_type, sha256, size_bytes, added_at)
       SELECT gen_random_uuid(), $1, 'x', 'a', 'image/png', sha256(''), 9, now() FROM generate_series(1, 100)`,
      [id],
    );
    const body = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 100);
    const route = `/api/vendors/${id}/documents?kind=x&fileName=a&mediaType=image/png`;
    expect(code(await harness.call('POST', route, { as: person, body }))).toEqual([413, 'payload_too_large']);
    const kept = path.join(harness.folder, objectPath(toBase64(sha256(body))));
    await expect(access(kept)).rejects.toThrow('ENOENT');
  });

  it('is listed for operators by state, a page at a time', async () => {
    const [operator] = await operators();
    const page = await harness.get<Page>('/api/vendors?state=submitted&limit=1', operator);
    const next = await harness.get<Page>(`/api/vendors?state=submitted&limit=200&after=${page.body.next}`, operator);
    expect(page.body.items).toHaveLength(1);
    expect(next.body.items.some(({ id }) => id === page.body.items[0]?.['id'])).toBe(false);
    expect(code(await harness.get('/api/vendors', await harness.person({ role: 'preparer' })))).toEqual([
      403,
      'not_allowed',
    ]);
    expect(code(await harness.get('/api/vendors?after=x', operator))).toEqual([400, 'request_malformed']);
    expect(code(await harness.get('/api/vendors?state=approved&x=1', operator))).toEqual([400, 'request_malformed']);
  });
});

describe('the blacklist', () => {
  const reason = 'Forged a bank guarantee in tender 12.';
  const untilAt = '2027-12-01T00:00:00.000Z';

  it('is entered by two people, is public, and ends by reinstatement', async () => {
    const person = await harness.person();
    const id = (await register(person)).body['id'] as string;
    const [one, two] = [
      await harness.person({ role: 'award_authority' }),
      await harness.person({ role: 'award_authority' }),
    ];
    const exclude = (as: Person, change = {}): Promise<Answer> =>
      harness.post(`/api/vendors/${id}/exclusions`, { reason, untilAt, ...change }, as);
    expect(code(await exclude(await harness.person({ role: 'operator' })))).toEqual([403, 'not_allowed']);
    expect(code(await exclude(one, { untilAt: '2026-11-01T00:00:00.000Z' }))).toEqual([400, 'request_malformed']);
    expect(code(await exclude(one, { untilAt: '2027-13-01T00:00:00.000Z' }))).toEqual([400, 'request_malformed']);
    expect(code(await exclude(one, { reason: 'because' }))).toEqual([422, 'reason_missing']);
    expect((await exclude(one)).body['state']).toBe('requested');
    expect((await harness.get<Page>('/api/vendor-exclusions')).body.items).toEqual([]);
    expect(code(await exclude(one))).toEqual([409, 'same_person_twice']);
    expect((await exclude(two, { reason: `${reason} Twice.` })).body['state']).toBe('requested');
    expect((await exclude(two)).body['state']).toBe('in_force');
    expect(code(await exclude(two))).toEqual([409, 'wrong_state']);
    const list = await harness.get<Page>('/api/vendor-exclusions');
    expect(list.body.items).toMatchObject([{ vendorId: id, vendorName: 'PT Maju', reason, untilAt }]);
    const reinstate = (as: Person): Promise<Answer> =>
      harness.post(`/api/vendors/${id}/reinstatement`, { reason: 'The court found otherwise.' }, as);
    expect(code(await reinstate(person))).toEqual([403, 'not_allowed']);
    expect((await reinstate(one)).status).toBe(204);
    expect(code(await reinstate(one))).toEqual([409, 'wrong_state']);
    const after = await harness.get<Page>('/api/vendor-exclusions');
    expect(after.body.items[0]?.['endedAt']).toBe(harness.clock.now().toISOString());
    // The old request is used up: the same reason and date take two people again.
    harness.clock.advance(1000);
    expect((await exclude(two)).body['state']).toBe('requested');
    expect(code(await exclude(two))).toEqual([409, 'same_person_twice']);
    await harness.runDueJobs();
    const mails = (await harness.mails()).filter((mail) => mail.includes(person.email));
    expect(mails.filter((mail) => /was barred|admitted again/.test(mail))).toHaveLength(2);
  });
});

describe('a draft', () => {
  it('is saved over, belongs to its writer, and is empty when the registration was sent', async () => {
    const [dewi, other] = [await harness.person(), await harness.person()];
    const save = (record: unknown, as = dewi): Promise<Answer> =>
      harness.call('PUT', '/api/vendor-draft', { as, body: { record } });
    expect(code(await harness.get('/api/vendor-draft', dewi))).toEqual([404, 'not_found']);
    expect((await save({ name: 'PT Ma' })).status).toBe(200);
    harness.clock.advance(5_000);
    expect((await save({ name: 'PT Maju', owners: 'Ani' })).status).toBe(200);
    expect((await harness.get('/api/vendor-draft', dewi)).body).toMatchObject({
      record: { name: 'PT Maju', owners: 'Ani' },
    });
    expect(code(await harness.get('/api/vendor-draft', other))).toEqual([404, 'not_found']);
    expect(await trail('vendor.draft_saved')).toBe(2);

    expect((await register(dewi)).status).toBe(201);
    expect((await harness.get('/api/vendor-draft', dewi)).body['record']).toEqual({});
    expect(code(await save({ name: 'again' }))).toEqual([409, 'wrong_state']);
  });

  it('is refused when it is too long, no plain document, or of an official', async () => {
    const dewi = await harness.person();
    const save = (record: unknown, as = dewi): Promise<Answer> =>
      harness.call('PUT', '/api/vendor-draft', { as, body: { record } });
    expect(code(await save({ long: 'x'.repeat(17_000) }))).toEqual([413, 'payload_too_large']);
    for (const record of [{ a: null }, { a: 0.5 }, [], 'text', undefined])
      expect((await save(record)).status).toBe(400);
    const official = await harness.person({ role: 'operator' });
    expect(code(await save({ name: 'x' }, official))).toEqual([403, 'role_conflict']);
  });
});
