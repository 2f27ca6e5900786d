/** Who would like to erase what, and what stops them. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toBase64 } from '@segel/encoding';
import { encodeEntry } from '@segel/evidence';
import { clearLeaf } from '@segel/tlog';
import { randomBytes, createHash } from 'node:crypto';
import pg from 'pg';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit } from '../../../../test/support/sealed-bid.js';
import { entriesDuring } from '../../../../test/support/trail.js';
import { Config } from '../platform/config/config.js';
import { ErasureDatabase } from './erasure-database.js';

jest.setTimeout(120_000);

let harness: Harness;
let operator: Person;
let auditor: Person;
let early: string;
beforeAll(async () => {
  harness = await startHarness();
  operator = await harness.person({ role: 'operator' });
  auditor = await harness.person({ role: 'auditor' });
  early = await deniedEntry(await harness.person());
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const code = (answer: Answer): unknown[] => [answer.status, answer.body['code']];
const request = (entryId: string, as = operator): Promise<Answer> =>
  harness.post('/api/erasures', { entryId, reason: 'recorded_by_mistake' }, as);
const confirm = (id: unknown, as = auditor): Promise<Answer> =>
  harness.post(`/api/erasures/${String(id)}/confirmation`, {}, as);

async function deniedEntry(person: Person): Promise<string> {
  harness.clock.advance(1);
  await harness.get('/api/audit/trail', person);
  await harness.published();
  return newest('access.denied', person.id);
}

async function newest(type: string, actorId: string): Promise<string> {
  const { rows } = await harness.owner.query<{ id: string }>(
    'SELECT id FROM trail WHERE type = $1 AND actor_id = $2 ORDER BY id DESC LIMIT 1',
    [type, actorId],
  );
  return rows[0]!.id;
}

async function commitmentOf(entryId: string): Promise<Buffer> {
  const { rows } = await harness.owner.query<{ commitment: Buffer }>('SELECT commitment FROM trail WHERE id = $1', [
    entryId,
  ]);
  return rows[0]!.commitment;
}

/** A statement as a role of the server, by its own connection. */
async function as(role: string, sql: string, parameters: unknown[] = []): Promise<number | null> {
  const client = new pg.Client({ connectionString: harness.config.settings.DATABASE_URL, options: `-c role=${role}` });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rowCount;
  } finally {
    await client.end();
  }
}

describe('who may not erase', () => {
  it('an operator alone: two operators are not enough, for both run the same machine', async () => {
    const { body } = await request(early);
    expect(code(await confirm(body['id'], operator))).toEqual([403, 'not_allowed']);
    const second = await harness.person({ role: 'operator' });
    expect(code(await confirm(body['id'], second))).toEqual([403, 'not_allowed']);
  });

  it('an auditor alone, an official, a vendor or a stranger', async () => {
    const people = [auditor, await harness.person({ role: 'award_authority' }), await approvedVendor(harness)];
    for (const person of people) expect(code(await request(early, person))).toEqual([403, 'not_allowed']);
    expect(code(await harness.post('/api/erasures', { entryId: early, reason: 'court_order' }))).toEqual([
      401,
      'not_signed_in',
    ]);
  });

  it('the same person twice, even with both roles, by the rule and by the database', async () => {
    const both = await harness.person({ role: 'operator' }, { role: 'auditor' });
    const entryId = await deniedEntry(await harness.person());
    const { body } = await request(entryId, both);
    expect(code(await confirm(body['id'], both))).toEqual([409, 'same_person_twice']);
    const row = `INSERT INTO erasure (request_id, commitment, leaf_sha256, requested_by, confirmed_by, confirmed_at)
      VALUES ($1, $2, $3, $4, $4, now())`;
    const values = [body['id'], await commitmentOf(entryId), randomBytes(32), both.id];
    await expect(as('segel_app', row, values)).rejects.toThrow('erasure_two_people');
  });

  it('somebody of whom the entry tells', async () => {
    const own = await deniedEntry(await harness.person());
    const watcher = await harness.person({ role: 'auditor' });
    await harness.get(`/api/tenders`, watcher);
    const denied = await deniedOf(watcher);
    expect(code(await confirm((await request(denied)).body['id'], watcher))).toEqual([403, 'role_conflict']);
    const clerk = await harness.person({ role: 'operator' });
    expect(code(await request(await deniedOf(clerk), clerk))).toEqual([403, 'role_conflict']);
    expect((await request(own, clerk)).status).toBe(201);
  });

  /** Something only others may do. */
  async function deniedOf(person: Person): Promise<string> {
    await harness.get('/api/readiness', person);
    const id = '019abc00-0000-7000-8000-000000000001';
    await harness.post(`/api/tenders/${id}/conflict-declarations`, {}, person);
    await harness.published();
    return newest('access.denied', person.id);
  }

  it('the worker of a production without the login that may', () => {
    const { settings } = harness.config;
    const production = { ...settings, NODE_ENV: 'production', ERASURE_DATABASE_URL: '' };
    expect(() => new ErasureDatabase(new Config({ ...production, WORKER: 'inline' }))).toThrow('ERASURE_DATABASE_URL');
    expect(() => new ErasureDatabase(new Config({ ...production, WORKER: 'off' }))).not.toThrow();
  });

  it('and a refusal erases nothing and leaves its own entry', async () => {
    const { rowCount } = await harness.owner.query('SELECT FROM erasure');
    const unknown = '019abc00-0000-7000-8000-000000000001';
    const left = await entriesDuring(harness, async () => {
      expect(code(await request(unknown))).toEqual([404, 'not_found']);
      expect(code(await confirm(unknown))).toEqual([404, 'not_found']);
    });
    expect(left).toEqual(['refusal.recorded', 'refusal.recorded']);
    expect((await harness.owner.query('SELECT FROM erasure')).rowCount).toBe(rowCount);
  });
});

describe('what stays', () => {
  let tender: PublishedTender;
  let bid: string;
  let asked: unknown;
  beforeAll(async () => {
    asked = (await request(await deniedEntry(await harness.person()))).body['id'];
    tender = await publishTender(harness, { deadlineInMs: 60_000 });
    const vendor = await approvedVendor(harness);
    await sealAndSubmit(harness, tender, vendor);
    await harness.published();
    bid = await newest('bid.submitted', vendor.id);
  });

  it('a bid, before and after its award, for ten years', async () => {
    expect(code(await request(bid))).toEqual([422, 'entry_kept']);
    await harness.owner.query("UPDATE tender SET state = 'awarded' WHERE id = $1", [tender.tenderId]);
    expect(code(await request(bid))).toEqual([422, 'entry_kept']);
    await harness.owner.query("UPDATE tender SET state = 'tendering' WHERE id = $1", [tender.tenderId]);
  });

  it('who read secrets, who was given a role, and what is clear', async () => {
    await harness.get('/api/audit/trail', auditor);
    const secret = await newest('secret.read', auditor.id);
    expect(code(await request(secret))).toEqual([422, 'entry_kept']);
    const clear = await newest('key.authority.registered', tender.people.preparer.id);
    expect(code(await request(clear))).toEqual([422, 'entry_kept']);
  });

  it('what belongs to an open tender, and everything of its period, until auditors have opened it', async () => {
    const { approver } = tender.people;
    const again = { version: 1, decision: 'return', reason: 'It was published already.' };
    await harness.post(`/api/tenders/${tender.tenderId}/approval`, again, approver);
    expect(code(await request(await newest('refusal.recorded', approver.id)))).toEqual([409, 'entry_needed']);
    const within = await deniedEntry(await harness.person());
    expect(code(await request(within))).toEqual([409, 'entry_needed']);
    // Between the request and the confirmation the ground may be gone: everything is looked at again.
    const state = (to: string): Promise<unknown> =>
      harness.owner.query('UPDATE lot SET state = $2 WHERE tender_id = $1', [tender.tenderId, to]);
    await state('cancelled');
    const { body } = await request(within);
    await state('tendering');
    expect(code(await confirm(body['id']))).toEqual([409, 'entry_needed']);
  });

  it('but what is over may go: the evidence shows the leaf as erased, to whom it would have shown the entry', async () => {
    const { approver, auditor: watcher } = tender.people;
    const refused = await newest('refusal.recorded', approver.id);
    const state = async (to: string): Promise<void> => {
      await harness.owner.query('UPDATE lot SET state = $2 WHERE tender_id = $1', [tender.tenderId, to]);
      await harness.owner.query('UPDATE tender SET state = $2 WHERE id = $1', [tender.tenderId, to]);
    };
    await state('cancelled');
    const confirmed = await confirm((await request(refused)).body['id']);
    expect(confirmed.status).toBe(200);
    await harness.published();
    await harness.runDueJobs();
    const route = `/api/tenders/${tender.tenderId}/evidence`;
    type Evidence = { entries: { type: string; index: number; erased?: boolean; erasedBy?: string; salt?: string }[] };
    const erased = (await harness.get<Evidence>(route, watcher)).body.entries.filter((entry) => entry.erased === true);
    expect(erased).toEqual([
      {
        index: expect.any(Number),
        leafSha256: expect.any(String),
        type: 'refusal.recorded',
        erased: true,
        erasedBy: confirmed.body['leafSha256'],
      },
    ]);
    expect((await harness.get<Evidence>(route)).body.entries.filter((entry) => entry.erased === true)).toEqual([]);
    await state('tendering');
  });

  it('but not what was there before the tender', async () => {
    expect((await confirm(asked)).status).toBe(200);
    await harness.published();
    await harness.runDueJobs();
  });

  it('for the server’s own role: it deletes no opening', async () => {
    const commitment = await commitmentOf(bid);
    for (const role of ['segel_app', 'segel_sequencer'])
      await expect(as(role, 'DELETE FROM tlog.opening WHERE commitment = $1', [commitment])).rejects.toThrow(
        'permission denied',
      );
    for (const role of ['segel_app', 'segel_sequencer'])
      await expect(as(role, 'SELECT erase_account($1)', [operator.id])).rejects.toThrow('permission denied');
  });

  it('for the erasing role and the owner, as long as no entry says that it is erased', async () => {
    for (const entryId of [bid, await deniedEntry(await harness.person())]) {
      const commitment = await commitmentOf(entryId);
      const sql = 'DELETE FROM tlog.opening WHERE commitment = $1';
      await expect(as('segel_erasure', sql, [commitment])).rejects.toThrow('no entry in the log says');
      await expect(harness.owner.query(sql, [commitment])).rejects.toThrow('no entry in the log says');
    }
    await expect(as('segel_erasure', 'SELECT erase_account($1)', [operator.id])).rejects.toThrow('no entry in the log');
    await expect(as('segel_erasure', "UPDATE account SET name = ''")).rejects.toThrow('permission denied');
    await expect(as('segel_erasure', 'SELECT FROM trail')).rejects.toThrow('permission denied');
  });

  it('under a false name: the database compares the type with the opening, and keeps bids whoever signed', async () => {
    const commitment = await commitmentOf(bid);
    for (const [type, why] of [
      ['access.denied', 'no entry in the log says'],
      ['bid.submitted', 'kept for ten years'],
    ] as const) {
      const client = await harness.owner.connect();
      try {
        // As the owner who writes what he likes, in a transaction that does not stay.
        await client.query('BEGIN');
        await forge(client, commitment, type);
        const deleted = client.query('DELETE FROM tlog.opening WHERE commitment = $1', [commitment]);
        await expect(deleted).rejects.toThrow(why);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    }
  });

  /** An `opening.erased` in the log, and the row that points to it, by somebody who controls the database. */
  async function forge(client: pg.PoolClient, commitment: Buffer, type: string): Promise<void> {
    const id = '019abc00-0000-7000-8000-0000000000ff';
    const body = {
      commitment: toBase64(commitment),
      type,
      reason: 'court_order',
      requested_by: operator.id,
    };
    const actor = { kind: 'person', id: auditor.id } as const;
    const data = clearLeaf(encodeEntry({ type: 'opening.erased', id, at: harness.clock.now(), actor, body }));
    const leaf = createHash('sha256').update(data).digest();
    await client.query('INSERT INTO tlog.entry (idx, data) SELECT max(idx) + 1, $1 FROM tlog.entry', [data]);
    await client.query(
      "INSERT INTO erasure_request (id, entry_id, reason, requested_by, requested_at) VALUES ($1, $2, 'court_order', $3, now())",
      [id, bid, operator.id],
    );
    await client.query(
      'INSERT INTO erasure (request_id, commitment, leaf_sha256, requested_by, confirmed_by, confirmed_at) VALUES ($1, $2, $3, $4, $5, now())',
      [id, commitment, leaf, operator.id, auditor.id],
    );
    expect(fromBase64(body.commitment)).toEqual(new Uint8Array(commitment));
  }
});
