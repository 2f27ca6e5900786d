import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64 } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { blindedCommitment, parsePolicy, verifyReceipt } from '@segel/tlog';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { attestBox, closeBoxes, releaseShares } from '../../../../test/support/opening-day.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, withdraw, type VendorUser } from '../../../../test/support/sealed-bid.js';

type Own = {
  id: string;
  type: string;
  byMyself: boolean;
  public: boolean;
  erased: boolean;
  leafSha256: string;
  commitment?: string;
  index?: number;
  salt?: string;
  entryBytes?: string;
};
type Page = { items: Own[]; next?: string };

jest.setTimeout(120_000);

let harness: Harness;
let tender: PublishedTender;
let acme: VendorUser;
let bolt: VendorUser;
beforeAll(async () => {
  harness = await startHarness();
  tender = await publishTender(harness, { deadlineInMs: 60_000 });
  acme = await approvedVendor(harness, 'Acme Paper');
  bolt = await approvedVendor(harness, 'Bolt Desks');
  harness.clock.advance(1);
  await sealAndSubmit(harness, tender, acme);
  harness.clock.advance(1);
  await sealAndSubmit(harness, tender, bolt);
  await harness.published();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const own = async (as: Person, query = ''): Promise<readonly Own[]> => {
  const answer = await harness.get<Page>(`/api/entries${query}`, as);
  expect(answer.status).toBe(200);
  return answer.body.items;
};
const typesOf = (entries: readonly Own[]): readonly string[] => [...new Set(entries.map(({ type }) => type))].sort();
/** Somebody else of the vendor. */
const colleague = (vendor: VendorUser): Promise<Person> =>
  harness.person({ role: 'vendor', organisationId: vendor.vendorId });
const leave = (person: Person): Promise<unknown> =>
  harness.owner.query('UPDATE role_assignment SET revoked_at = $2 WHERE account_id = $1', [
    person.id,
    harness.clock.now(),
  ]);

describe('one’s own entries', () => {
  it('come at once, with an opening that the leaf is committed to, and a receipt that holds', async () => {
    const [bid] = await own(acme, '?type=bid.submitted');
    expect(bid).toMatchObject({ byMyself: true, public: false, erased: false });
    const bytes = fromBase64(bid!.entryBytes!);
    expect(blindedCommitment(fromBase64(bid!.salt!), bytes)).toEqual(fromBase64(bid!.commitment!));
    expect(decodeEntry(bytes)).toMatchObject({ type: 'bid.submitted', tenderId: tender.tenderId });
    const receipt = await harness.get(`/api/entries/${bid!.id}/receipt?waitMs=1000`, acme);
    expect(receipt.headers.get('content-type')).toContain('text/plain');
    const policy = parsePolicy(await readFile(path.join(harness.folder, 'policy'), 'utf8'));
    expect(verifyReceipt(receipt.text, policy).index).toBe(bid!.index);
    expect((await harness.get<Own>(`/api/entries/${bid!.id}`, acme)).body).toEqual(bid);
  });

  it('are clear ones too, which everybody may read', async () => {
    const [key] = await own(acme, '?type=key.vendor.registered');
    expect([key!.public, key!.salt, decodeEntry(fromBase64(key!.entryBytes!)).type]).toEqual([
      true,
      undefined,
      'key.vendor.registered',
    ]);
  });

  it('can be asked for by type, by family, by tender and page by page', async () => {
    expect(typesOf(await own(acme, `?tenderId=${tender.tenderId}`))).toEqual(['bid.submitted', 'bid.upload_announced']);
    expect(typesOf(await own(acme, '?type=key.*'))).toEqual(['key.vendor.registered']);
    expect(await own(acme, '?type=ke.*')).toEqual([]);
    expect(await own(acme, '?type=bid')).toEqual([]);
    const all = await own(tender.people.preparer);
    expect(all.length).toBeGreaterThan(3);
    const paged: Own[] = [];
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const query: string = next === undefined ? '?limit=2' : `?limit=2&after=${next}`;
      const { body } = await harness.get<Page>(`/api/entries${query}`, tender.people.preparer);
      paged.push(...body.items);
      next = body.next;
    }
    expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'after=x', 'type=B%25', 'type=*', 'tenderId=1', 'more=1'])
      expect((await harness.get(`/api/entries?${query}`, acme)).status).toBe(400);
  });

  it('tell of security events on the own account: denied access, a role given by somebody else', async () => {
    const person = await harness.person();
    await harness.get('/api/audit/trail', person);
    const [denied] = await own(person, '?type=access.*');
    expect(decodeEntry(fromBase64(denied!.entryBytes!)).body).toMatchObject({ reason: 'role' });
    const evaluator = tender.people.evaluators[0]!;
    const [granted] = await own(evaluator, '?type=role.*');
    expect(granted).toMatchObject({ type: 'role.granted', byMyself: false });
  });
});

describe('the entries of others', () => {
  const unseen = async (id: string, as: Person): Promise<unknown> => {
    const answers = [await harness.get(`/api/entries/${id}`, as), await harness.get(`/api/entries/${id}/receipt`, as)];
    return answers.map(({ status, text }) => [status, text]);
  };

  it('answer like entries that do not exist: to strangers, rivals, officials, operators and auditors', async () => {
    const [bid] = await own(acme, '?type=bid.submitted');
    const unknown = '019abc00-0000-7000-8000-000000000001';
    const { preparer, evaluators, openers, auditor } = tender.people;
    const operator = await harness.person({ role: 'operator' });
    for (const reader of [bolt, preparer, evaluators[0]!, openers[0]!, auditor, operator, await harness.person()]) {
      expect(await unseen(bid!.id, reader)).toEqual(await unseen(unknown, reader));
      expect(
        typesOf(await own(reader, `?tenderId=${tender.tenderId}`)).filter((type) => type.startsWith('bid.')),
      ).toEqual(reader === bolt ? ['bid.submitted', 'bid.upload_announced'] : []);
    }
    for (const route of ['/api/entries', `/api/entries/${bid!.id}`, `/api/entries/${bid!.id}/receipt`])
      expect((await harness.get(route)).status).toBe(401);
    expect((await harness.get('/api/entries/x', acme)).status).toBe(400);
  });

  it('of a company are its users’, also what a colleague sent', async () => {
    const sent = await own(acme, '?type=bid.submitted');
    expect((await own(await colleague(acme), '?type=bid.submitted')).map(({ id }) => id)).toEqual(
      sent.map(({ id }) => id),
    );
    const personal = await own(acme, '?type=key.*');
    expect(await own(await colleague(acme), '?type=key.*')).toEqual([]);
    expect(personal).toHaveLength(1);
  });

  it('are not taken along by who leaves the company, nor to the next one', async () => {
    const vendor = await approvedVendor(harness, 'Cold Feet');
    const sealed = await sealAndSubmit(harness, tender, vendor);
    await withdraw(harness, tender.tenderId, vendor, sealed);
    expect(typesOf(await own(vendor, '?type=bid.*'))).toEqual([
      'bid.submitted',
      'bid.upload_announced',
      'bid.withdrawn',
    ]);
    const stays = await colleague(vendor);
    const [bid] = await own(vendor, '?type=bid.submitted');
    await leave(vendor);
    expect(await own(vendor, '?type=bid.*')).toEqual([]);
    expect((await harness.get(`/api/entries/${bid!.id}`, vendor)).status).toBe(404);
    expect(typesOf(await own(stays, '?type=bid.*'))).toEqual([
      'bid.submitted',
      'bid.upload_announced',
      'bid.withdrawn',
    ]);
    await harness.grant(vendor, { role: 'vendor', organisationId: bolt.vendorId });
    expect((await own(bolt, '?type=bid.*')).map(({ id }) => id)).not.toContain(bid!.id);
    expect((await own(vendor, '?type=bid.*')).map(({ id }) => id)).not.toContain(bid!.id);
  });

  it('of a registration are the company’s', async () => {
    const person = await harness.person();
    const applied = await apply(person);
    const vendorId = applied.body['id'] as string;
    expect(typesOf(await own(person, '?type=vendor.*'))).toEqual(['vendor.registered']);
    const other = await harness.person({ role: 'vendor', organisationId: vendorId });
    expect(typesOf(await own(other, '?type=vendor.*'))).toEqual(['vendor.registered']);
    expect(await own(acme, '?type=vendor.*')).toEqual([]);
    await leave(person);
    expect(await own(person, '?type=vendor.*')).toEqual([]);
  });

  /** Registers a company over HTTP. */
  async function apply(person: Person): Promise<Answer> {
    const body = {
      name: 'Dawn Works',
      country: 'ID',
      identifierScheme: 'ID-NIB',
      identifier: '1234567890123',
      address: 'Jalan Contoh 1',
    };
    const answer = await harness.post('/api/vendors', body, person);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer;
  }
});

describe('what is public by now', () => {
  it('says so of a bid from the opening on, and of one that was withdrawn never', async () => {
    const [box] = await closeBoxes(harness, tender);
    expect((await own(acme, '?type=bid.submitted'))[0]!.public).toBe(false);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    await harness.published();
    expect((await own(acme, '?type=bid.*')).map(({ type, public: shown }) => `${type} ${shown}`).sort()).toEqual([
      'bid.opened true',
      'bid.submitted true',
      'bid.upload_announced false',
    ]);
    const { evaluators, openers } = tender.people;
    expect((await own(openers[0]!, '?type=opening.*')).every((entry) => entry.public)).toBe(true);
    expect(await own(evaluators[0]!, '?type=bid.*')).toEqual([]);
  });
});

describe('between two intervals of the public log', () => {
  it('tells nobody a place or a size from which the number of entries could be counted', async () => {
    const quiet = await startHarness({ HEARTBEAT_MS: '8000' });
    try {
      const person = await quiet.person();
      await untilNewInterval(quiet);
      await quiet.get('/api/audit/trail', person);
      await sequenced(quiet, person);
      const list = async (): Promise<Own> => (await quiet.get<Page>('/api/entries', person)).body.items[0]!;
      const early = await list();
      expect([early.type, early.index, early.entryBytes === undefined]).toEqual(['access.denied', undefined, false]);
      const receipt = (waitMs: number): Promise<Answer> =>
        quiet.get(`/api/entries/${early.id}/receipt?waitMs=${waitMs}`, person);
      expect((await receipt(0)).body).toMatchObject({ code: 'not_found', params: { pending: true } });
      const policy = parsePolicy(await readFile(path.join(quiet.folder, 'policy'), 'utf8'));
      const { index, size } = verifyReceipt((await receipt(30_000)).text, policy);
      expect([size % 8, (await list()).index]).toEqual([0, index]);
    } finally {
      await quiet.stop();
    }
  });

  const sizes = async (one: Harness): Promise<number> =>
    (await one.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM tlog.public_checkpoint')).rows[0]!.n;
  async function untilNewInterval(one: Harness): Promise<void> {
    for (const before = await sizes(one); (await sizes(one)) === before;)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  /** Its leaf has a place, and a quorum has cosigned it. */
  async function sequenced(one: Harness, person: Person): Promise<void> {
    for (;;) {
      const { rowCount } = await one.owner.query(
        `SELECT FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
         WHERE t.actor_id = $1 AND e.idx < (SELECT max(size) FROM tlog.published)`,
        [person.id],
      );
      if (rowCount === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});
