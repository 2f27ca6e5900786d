/** What a lawful erasure excuses in the audit of the rows, and what somebody who writes SQL would like it to. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { toBase64 } from '@segel/encoding';
import { encodeEntry, ENTRY_TYPES, isKept, type EntryTypeName } from '@segel/evidence';
import { clearLeaf } from '@segel/tlog';
import type { JobHelpers } from 'graphile-worker';
import { createHash } from 'node:crypto';
import { startHarness, type Harness, type Person } from '../../../../test/support/harness.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ERASABLE_WRITES } from './row-audit-erased.js';
import type { RowFinding } from './row-audit-rows.js';
import { RowAudit } from './row-audit.service.js';

jest.setTimeout(120_000);

type Trail = { readonly id: string; readonly at: Date; readonly commitment: Buffer };
type Answered = { readonly id: string };

let harness: Harness;
let operator: Person;
let auditor: Person;
beforeAll(async () => {
  harness = await startHarness({}, []);
  operator = await harness.person({ role: 'operator' });
  auditor = await harness.person({ role: 'auditor' });
});
afterAll(() => harness.stop());

/** As a superuser past every trigger. */
async function tamper(sql: string, values: unknown[]): Promise<void> {
  const client = await harness.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query("SET LOCAL session_replication_role = 'replica'");
    await client.query(sql, values);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function newest(type: string, actorId: string): Promise<Trail> {
  const { rows } = await harness.owner.query<Trail>(
    'SELECT id, at, commitment FROM trail WHERE type = $1 AND actor_id = $2 ORDER BY id DESC LIMIT 1',
    [type, actorId],
  );
  return rows[0]!;
}

async function erase(entryId: string): Promise<void> {
  harness.clock.advance(600_000);
  const { id } = (await harness.post<Answered>('/api/erasures', { entryId, reason: 'subject_request' }, operator)).body;
  expect((await harness.post(`/api/erasures/${id}/confirmation`, {}, auditor)).status).toBe(200);
  await harness.published();
  await harness.runDueJobs();
}

/** An entry of `access.denied`, lawfully erased. */
async function erasedDenial(): Promise<Trail> {
  harness.clock.advance(600_000);
  const person = await harness.person();
  await harness.get('/api/audit/trail', person);
  await harness.published();
  const entry = await newest('access.denied', person.id);
  await erase(entry.id);
  return entry;
}

/** A person's sign-in in the log, with its session, lawfully erased. */
async function erasedSignIn(): Promise<{ readonly entry: Trail; readonly sessionId: string; readonly person: Person }> {
  harness.clock.advance(600_000);
  const email = `ana${harness.clock.now().getTime()}@example.org`;
  const password = 'correct horse battery staple 42';
  await harness.post('/api/accounts', { email, name: 'Ana', password, language: 'en' });
  await tamper('UPDATE account SET confirmed_at = created_at WHERE email = $1', [email]);
  harness.clock.advance(600_000);
  const answer = await harness.post('/api/sessions', { email, password });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  await harness.published();
  const { rows } = await harness.owner.query<{ id: string; account_id: string }>(
    'SELECT s.id, s.account_id FROM session s JOIN account a ON a.id = s.account_id WHERE a.email = $1',
    [email],
  );
  const { id: sessionId, account_id: id } = rows[0]!;
  const { rows: trail } = await harness.owner.query<Trail>(
    "SELECT id, at, commitment FROM trail WHERE type = 'account.signed_in' AND subject_id = $1",
    [id],
  );
  await erase(trail[0]!.id);
  return { entry: trail[0]!, sessionId, person: { id, email, token: '', sessionId } };
}

async function findings(table: string): Promise<readonly RowFinding[]> {
  const report = await harness.app.get(RowAudit).report(false);
  return report.findings.filter((finding) => finding.table === table);
}

const insertSession = async (id: string, accountId: string, at: Date): Promise<void> =>
  tamper(
    `INSERT INTO session (id, account_id, created_at, expires_at, ip, user_agent)
     VALUES ($1, $2, $3, $3::timestamptz + interval '12 hours', '', '')`,
    [id, accountId, at],
  );

describe('a lawful erasure', () => {
  it('has its writes on the list for every type that may be erased, and for no other', () => {
    const names = (Object.keys(ENTRY_TYPES) as EntryTypeName[]).filter(
      (type) => ENTRY_TYPES[type].form === 'blinded' && !isKept(type),
    );
    expect(Object.keys(ERASABLE_WRITES).toSorted()).toEqual(names.toSorted());
  });

  it('names columns of instants that the tables have', async () => {
    const listed = Object.values(ERASABLE_WRITES).flatMap(({ adds = [], sets = [], setsSeveral = [] }) => [
      ...adds.flat(),
      ...sets,
      ...setsSeveral,
    ]);
    const { rows } = await harness.owner.query<{ name: string }>(
      "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE data_type = 'timestamp with time zone'",
    );
    const known = rows.map(({ name }) => name);
    expect(listed.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is no finding, and hides no role that somebody dates to its instant', async () => {
    const { at, id } = await erasedDenial();
    expect((await findings('trail')).concat(await findings('tlog.opening'))).toEqual([]);
    await tamper(
      "INSERT INTO role_assignment (id, account_id, role, granted_at, granted_by) VALUES ($1, $2, 'auditor', $3, 'x')",
      [id, operator.id, at],
    );
    const named = await findings('role_assignment');
    const dated = named.filter(({ row }) => row.includes(id));
    expect(dated.map(({ code }) => code)).toEqual(['row_unrecorded']);
  });

  it('excuses one session of an erased sign-in, and no second one of the same instant', async () => {
    const { entry, sessionId, person } = await erasedSignIn();
    const named = async (): Promise<number> => {
      const rows = (await findings('session')).map(({ row }) => row);
      return rows.filter((row) => row.includes(sessionId) || row.includes(entry.id)).length;
    };
    expect(await named()).toBe(0);
    await insertSession(entry.id, person.id, entry.at);
    expect(await named()).toBe(1);
  });

  it('is a finding when its row in the trail was given another time, leaf or type', async () => {
    const { id, at } = await erasedDenial();
    for (const [column, value, back] of [
      ['at', new Date(at.getTime() - 3_600_000), at],
      ['at', new Date(at.getTime() + 1000), at],
      ['type', 'account.signed_in', 'access.denied'],
    ] as const) {
      await tamper(`UPDATE trail SET ${column} = $2 WHERE id = $1`, [id, value]);
      expect((await findings('trail')).map(({ columns }) => columns)).toEqual([[column]]);
      await tamper(`UPDATE trail SET ${column} = $2 WHERE id = $1`, [id, back]);
    }
    expect(await findings('trail')).toEqual([]);
  });

  it('is a finding when time and id were both moved away from the place in the log', async () => {
    const { id, at } = await erasedDenial();
    const moved = at.getTime() - 86_400_000;
    const hex = moved.toString(16).padStart(12, '0');
    const other = `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
    await tamper('UPDATE trail SET id = $2, at = $3 WHERE id = $1', [id, other, new Date(moved)]);
    expect((await findings('trail')).map(({ columns }) => columns)).toEqual([['at']]);
    await tamper('UPDATE trail SET id = $1, at = $3 WHERE id = $2', [id, other, at]);
  });
});

describe('an erasure that two people signed under a false name', () => {
  it('is a finding, and excuses nothing, when the entry is kept', async () => {
    harness.clock.advance(600_000);
    await harness.get('/api/audit/trail', auditor);
    await harness.published();
    const { commitment, id } = await newest('secret.read', auditor.id);
    harness.clock.advance(600_000);
    const body = {
      commitment: toBase64(new Uint8Array(commitment)),
      type: 'access.denied',
      reason: 'court_order',
      requested_by: operator.id,
    };
    const actor = { kind: 'person', id: auditor.id } as const;
    const entryId = harness.clock.newId();
    const data = clearLeaf(encodeEntry({ type: 'opening.erased', id: entryId, at: harness.clock.now(), actor, body }));
    await tamper('INSERT INTO tlog.entry (idx, data) SELECT max(idx) + 1, $1 FROM tlog.entry', [data]);
    await tamper('DELETE FROM tlog.opening WHERE commitment = $1', [commitment]);
    const named = (await findings('trail')).map(({ row, columns }) => [row, columns]);
    expect(named).toContainEqual([`id=${id}`, ['type']]);
    expect(await findings('tlog.opening')).toEqual([
      expect.objectContaining({ code: 'row_missing', row: `commitment=${body.commitment}` }),
    ]);
    // A row that a bid's entry recorded is named whatever the trail says.
    await tamper("UPDATE trail SET type = 'access.denied' WHERE id = $1", [id]);
    expect(await findings('tlog.opening')).toEqual([]);
    const leaf = createHash('sha256').update('x').digest();
    await tamper(
      'INSERT INTO bid_withdrawal (bid_id, commitment, leaf_sha256, withdrawn_at) VALUES ($1, $2, $3, now())',
      [id, commitment, leaf],
    );
    expect((await findings('tlog.opening')).map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('a row of bid_withdrawal needs it'),
    ]);
  });
});

describe('the audit of a server at work', () => {
  it('looks at a log however much chaff it has', async () => {
    await tamper('UPDATE tlog.tree SET size = 100001', []); // More than the two days of chaff that ended it once.
    const report = await harness.app.get(RowAudit).look();
    expect(report?.findings.some(({ table }) => table === 'tlog.tree')).toBe(true);
  });

  it('looks every night: the job plans the next one, once', async () => {
    harness.clock.set('2027-01-10T18:00:00.000Z');
    const task = harness.app.get(Jobs).tasks['audit.rows']!;
    for (const _time of [1, 2]) await task({}, {} as JobHelpers);
    const { rows } = await harness.owner.query<{ run_at: Date }>(
      "SELECT run_at FROM graphile_worker.jobs WHERE task_identifier = 'audit.rows'",
    );
    expect(rows.map(({ run_at: at }) => at.toISOString())).toEqual(['2027-01-11T18:00:00.000Z']);
  });
});
