import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toBase64, toHex } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { blindedCommitment, parseLeaf } from '@segel/tlog';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';

type Own = {
  id: string;
  type: string;
  commitment: string;
  index: number;
  salt?: string;
  entryBytes?: string;
  erased: boolean;
};
type Page<T> = { items: T[]; next?: string };
type View = { id: string; state: string; type?: string; commitment?: string; leafSha256?: string; code?: string };
type Opened = { index: number; data: string; salt?: string; entryBytes?: string; erased?: boolean; erasedBy?: string };

jest.setTimeout(60_000);

let harness: Harness;
let operator: Person;
let auditor: Person;
beforeAll(async () => {
  harness = await startHarness();
  operator = await harness.person({ role: 'operator' });
  auditor = await harness.person({ role: 'auditor' });
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const code = (answer: Answer<{ code?: string }>): unknown[] => [answer.status, answer.body.code];
const request = (entryId: string, as = operator, reason = 'subject_request'): Promise<Answer<View>> =>
  harness.post<View>('/api/erasures', { entryId, reason }, as);
/** Ids of one instant have no order; the lists are in the order of ids. */
const later = (): void => harness.clock.advance(1);
const confirm = (id: string, as = auditor): Promise<Answer<View>> =>
  harness.post<View>(`/api/erasures/${id}/confirmation`, {}, as);

/** Somebody who was denied something, and the entry that says so. */
async function denied(): Promise<{ person: Person; entry: Own }> {
  later();
  const person = await harness.person();
  expect((await harness.get('/api/audit/trail', person)).status).toBe(403);
  await harness.published();
  const { body } = await harness.get<Page<Own>>('/api/entries?type=access.denied', person);
  return { person, entry: body.items[0]! };
}

/** The clear entry of a leaf, as anybody reads it in the log. */
async function clearEntry(leafSha256: string): Promise<ReturnType<typeof decodeEntry>> {
  const { rows } = await harness.owner.query<{ data: Buffer }>('SELECT data FROM tlog.entry WHERE sha256(data) = $1', [
    fromBase64(leafSha256),
  ]);
  const leaf = parseLeaf(rows[0]!.data);
  if (leaf.blinded) throw new Error('the leaf is blinded');
  return decodeEntry(leaf.entryBytes);
}

describe('the erasure of an entry', () => {
  it('is asked for by an operator, confirmed by an auditor, said in clear, and then carried out', async () => {
    const { person, entry } = await denied();
    const before = (await harness.get<Opened[]>(`/api/audit/entries?from=${entry.index}`, auditor)).body[0]!;
    expect(toHex(blindedCommitment(fromBase64(entry.salt!), fromBase64(entry.entryBytes!)))).toBe(
      toHex(fromBase64(entry.commitment)),
    );

    const requested = await request(entry.id);
    expect([requested.status, requested.body]).toEqual([
      201,
      expect.objectContaining({ state: 'requested', type: 'access.denied', commitment: entry.commitment }),
    ]);
    const confirmed = await confirm(requested.body.id);
    expect([confirmed.status, confirmed.body.state]).toEqual([200, 'confirmed']);
    await harness.published();
    expect(await clearEntry(confirmed.body.leafSha256!)).toMatchObject({
      type: 'opening.erased',
      actor: { kind: 'person', id: auditor.id },
      body: {
        commitment: entry.commitment,
        type: 'access.denied',
        reason: 'subject_request',
        requested_by: operator.id,
      },
    });

    await harness.runDueJobs();
    const { body } = await harness.get<Page<View>>('/api/erasures', operator);
    expect(body.items[0]).toMatchObject({ id: requested.body.id, state: 'erased' });
    const own = (await harness.get<Own>(`/api/entries/${entry.id}`, person)).body;
    expect([own.erased, own.salt, own.entryBytes]).toEqual([true, undefined, undefined]);
    expect(code(await harness.get(`/api/entries/${entry.id}/receipt`, person))).toEqual([410, 'entry_erased']);
    const after = (await harness.get<Opened[]>(`/api/audit/entries?from=${entry.index}`, auditor)).body[0]!;
    expect(after).toEqual({ index: entry.index, data: before.data, erased: true, erasedBy: confirmed.body.leafSha256 });
    const mails = await harness.owner.query<{ code: string }>(
      'SELECT code FROM notification WHERE account_id = $1 ORDER BY code',
      [person.id],
    );
    expect(mails.rows.map((row) => row.code)).toEqual(['erasure_confirmed', 'erasure_requested']);
  });

  it('leaves the opening where it is until the log says that it is erased', async () => {
    const { entry } = await denied();
    const { id } = (await request(entry.id)).body;
    await confirm(id);
    await harness.published();
    const openings = async (): Promise<number | null> =>
      (await harness.owner.query('SELECT FROM tlog.opening WHERE commitment = $1', [fromBase64(entry.commitment)]))
        .rowCount;
    expect(await openings()).toBe(1);
    await harness.runDueJobs();
    expect(await openings()).toBe(0);
    // A job runs at least once: again, nothing happens.
    await harness.owner.query(
      "SELECT graphile_worker.add_job('erasure.carry_out', json_build_object('requestId', $1::text))",
      [id],
    );
    await harness.runDueJobs();
    expect(await openings()).toBe(0);
  });

  it('happens once: neither asked for twice, nor confirmed twice, nor asked for again', async () => {
    const { entry } = await denied();
    const { id } = (await request(entry.id)).body;
    expect(code(await request(entry.id))).toEqual([409, 'wrong_state']);
    const both = await Promise.all([confirm(id), confirm(id, await harness.person({ role: 'auditor' }))]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(code(await confirm(id))).toEqual([409, 'wrong_state']);
    expect(code(await request(entry.id))).toEqual([410, 'entry_erased']);
    const said = await harness.owner.query("SELECT FROM trail WHERE type = 'opening.erased'");
    await harness.published();
    await harness.runDueJobs();
    expect((await harness.owner.query("SELECT FROM trail WHERE type = 'opening.erased'")).rowCount).toBe(said.rowCount);
  });

  it('answers a repeated request with what the first one did', async () => {
    const { entry } = await denied();
    const headers = { 'idempotency-key': `erase-${entry.id}` };
    const body = { entryId: entry.id, reason: 'court_order' };
    const send = (): Promise<Answer<View>> =>
      harness.call<View>('POST', '/api/erasures', { as: operator, body, headers });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status, second.body.id]).toEqual([201, 201, first.body.id]);
  });

  it('ends when an auditor declines it, and may then be asked for again', async () => {
    const { entry } = await denied();
    const { id } = (await request(entry.id)).body;
    const decline = (note: string, as = auditor): Promise<Answer<View>> =>
      harness.post<View>(`/api/erasures/${id}/decline`, { note }, as);
    expect(code(await decline('too short'))).toEqual([422, 'reason_missing']);
    expect(code(await decline('It is evidence in a case.', operator))).toEqual([403, 'not_allowed']);
    expect((await decline('It is evidence in a case.')).body).toMatchObject({ state: 'declined' });
    expect(code(await confirm(id))).toEqual([409, 'wrong_state']);
    expect((await request(entry.id)).status).toBe(201);
  });

  it('expires after thirty days, and ends with the account of who asked', async () => {
    const one = await denied();
    const { id } = (await request(one.entry.id)).body;
    harness.clock.advance(30 * 86_400_000 + 1);
    expect(code(await confirm(id))).toEqual([409, 'wrong_state']);
    const former = await harness.person({ role: 'operator' });
    const two = await denied();
    const asked = await request(two.entry.id, former);
    await harness.owner.query('UPDATE account SET revoked_at = $2 WHERE id = $1', [former.id, harness.clock.now()]);
    expect(code(await confirm(asked.body.id))).toEqual([409, 'wrong_state']);
    expect((await request(two.entry.id)).status).toBe(201);
  });

  it('lists the requests page by page, to operators and auditors', async () => {
    const first = (await harness.get<Page<View>>('/api/erasures?limit=1', auditor)).body;
    const second = (await harness.get<Page<View>>(`/api/erasures?limit=1&after=${first.next}`, auditor)).body;
    expect(second.items[0]!.id < first.items[0]!.id).toBe(true);
    for (const query of ['limit=0', 'limit=201', 'after=x', 'more=1'])
      expect((await harness.get(`/api/erasures?${query}`, operator)).status).toBe(400);
    expect((await harness.get('/api/erasures', await harness.person({ role: 'approver' }))).status).toBe(403);
  });
});

describe('the erasure of an account', () => {
  const erase = async (accountId: string): Promise<Answer<View>> => {
    const asked = await harness.post<View>('/api/erasures', { accountId, reason: 'subject_request' }, operator);
    return asked.status === 201 ? confirm(asked.body.id) : asked;
  };
  const revoke = (accountId: string): Promise<unknown> =>
    harness.owner.query('UPDATE account SET revoked_at = $2 WHERE id = $1', [accountId, harness.clock.now()]);

  it('takes name, address and traces of somebody who has left, and leaves the row', async () => {
    const { person } = await denied();
    expect(code(await erase(person.id))).toEqual([409, 'wrong_state']);
    await revoke(person.id);
    await harness.owner.query(
      "INSERT INTO notification (id, account_id, code, params, at) VALUES (gen_random_uuid(), $1, 'account_revoked', $2, now())",
      [person.id, { reason: 'Ana Example left the company' }],
    );
    await harness.owner.query(
      `INSERT INTO account_token (id, purpose, email, created_at, expires_at) VALUES (gen_random_uuid(), 'invite', $1, now(), now())`,
      [person.email],
    );
    later();
    const confirmed = await erase(person.id);
    expect(confirmed.body.state).toBe('confirmed');
    await harness.published();
    await harness.runDueJobs();
    const { rows } = await harness.owner.query<Record<string, string>>(
      `SELECT a.email, a.name, a.password_hash, s.ip, s.user_agent FROM account a JOIN session s ON s.account_id = a.id
       WHERE a.id = $1`,
      [person.id],
    );
    expect(rows).toEqual([
      {
        email: `erased-${person.id}@account.invalid`,
        name: '(erased)',
        password_hash: 'erased',
        ip: '',
        user_agent: '',
      },
    ]);
    const left = await harness.owner.query(
      `SELECT FROM account_token WHERE email = $1 UNION ALL SELECT FROM notification WHERE params::text LIKE '%Ana%'`,
      [person.email],
    );
    expect(left.rowCount).toBe(0);
    expect(await clearEntry(confirmed.body.leafSha256!)).toMatchObject({
      type: 'account.erased',
      body: { account_id: person.id, reason: 'subject_request', requested_by: operator.id },
    });
    expect(code(await erase(person.id))).toEqual([410, 'entry_erased']);
    const { body } = await harness.get<Page<View>>('/api/erasures', operator);
    expect(body.items[0]).toMatchObject({ state: 'erased' });
  });

  it('waits while its person answers for what was signed or decided', async () => {
    const official = await harness.person({ role: 'evaluator' });
    await revoke(official.id);
    expect(code(await erase(official.id))).toEqual([422, 'entry_kept']);
  });

  it('is of one thing, and for a reason of the list', async () => {
    const { person, entry } = await denied();
    for (const body of [
      { reason: 'subject_request' },
      { entryId: entry.id, accountId: person.id, reason: 'subject_request' },
      { entryId: entry.id, reason: `${person.email} asked for it` },
      { entryId: toBase64(new Uint8Array(32)), reason: 'subject_request' },
    ])
      expect(code(await harness.post('/api/erasures', body, operator))).toEqual([400, 'request_malformed']);
  });
});
