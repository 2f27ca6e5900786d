import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toHex } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { blindedCommitment, parseLeaf } from '@segel/tlog';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { publishTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit } from '../../../../test/support/sealed-bid.js';

type Opened = { index: number; data: string; salt?: string; entryBytes?: string };

// Sealing and publishing are real work; on a busy machine they take their time.
jest.setTimeout(60_000);

describe('the audit', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const readings = async (): Promise<number> =>
    (await harness.owner.query("SELECT FROM trail WHERE type = 'secret.read'")).rowCount ?? 0;

  it('opens every leaf of a range for an auditor, and the reading is in the log first', async () => {
    const tender = await publishTender(harness);
    const bid = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await harness.published();
    const before = await readings();
    const answer = await harness.get<Opened[]>('/api/audit/entries?from=0', tender.people.auditor);
    expect(answer.status).toBe(200);
    expect(await readings()).toBe(before + 1);
    const types = answer.body.map(({ data, salt, entryBytes }) => {
      const leaf = parseLeaf(fromBase64(data));
      if (!leaf.blinded) return decodeEntry(leaf.entryBytes).type;
      const bytes = fromBase64(entryBytes!);
      expect(blindedCommitment(fromBase64(salt!), bytes)).toEqual(leaf.commitment);
      return decodeEntry(bytes).type;
    });
    expect(answer.body.map(({ index }) => index)).toEqual(answer.body.map((_, i) => i));
    expect(types[0]).toBe('log.genesis');
    expect(types).toEqual(expect.arrayContaining(['tender.published', 'bid.submitted']));
    const part = await harness.get<Opened[]>('/api/audit/entries?from=1&to=3', tender.people.auditor);
    expect(part.body.map(({ index }) => index)).toEqual([1, 2]);

    const trail = await harness.get<{ items: { type: string; commitment?: string }[]; next?: string }>(
      `/api/audit/trail?tenderId=${tender.tenderId}&type=bid.submitted`,
      tender.people.auditor,
    );
    expect(trail.body.items).toMatchObject([{ type: 'bid.submitted', commitment: bid.submitted.commitment }]);
  });

  it('opens one entry, what is behind one leaf, and those of one tender; each reading is in the log first', async () => {
    const tender = await publishTender(harness);
    const bid = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await harness.published();
    const { auditor } = tender.people;
    type View = Opened & { id: string; type: string; commitment?: string; code?: string };
    const before = await readings();
    const read = (route: string, as: Person = auditor): Promise<Answer<View>> =>
      harness.get<View>(`/api/audit/${route}`, as);
    const behind = await read(`commitments/${toHex(fromBase64(bid.submitted.commitment))}`);
    expect(behind.body).toMatchObject({ type: 'bid.submitted', commitment: bid.submitted.commitment });
    expect(blindedCommitment(fromBase64(behind.body.salt!), fromBase64(behind.body.entryBytes!))).toEqual(
      fromBase64(bid.submitted.commitment),
    );
    expect(parseLeaf(fromBase64(behind.body.data)).blinded).toBe(true);
    expect((await read(`entries/${behind.body.id}`)).body).toEqual(behind.body);
    expect(await readings()).toBe(before + 2);

    const types: string[] = [];
    for (let after = ''; ;) {
      const page = await harness.get<{ items: View[]; next?: string }>(
        `/api/audit/tenders/${tender.tenderId}/entries?limit=5${after}`,
        auditor,
      );
      types.push(...page.body.items.map(({ type }) => type));
      if (page.body.next === undefined) break;
      after = `&after=${page.body.next}`;
    }
    expect(types).toEqual(expect.arrayContaining(['tender.drafted', 'tender.published', 'bid.submitted']));
    expect(await readings()).toBe(before + 2 + Math.ceil(types.length / 5));

    const unknown = '019abc00-0000-7000-8000-000000000001';
    expect((await read(`entries/${unknown}`)).status).toBe(404);
    expect((await read(`commitments/${'0'.repeat(64)}`)).status).toBe(404);
    for (const wrong of [
      'entries/x',
      `commitments/${'A'.repeat(64)}`,
      'tenders/x/entries',
      `tenders/${unknown}/entries?limit=0`,
    ])
      expect((await read(wrong)).status).toBe(400);
    const operator = await harness.person({ role: 'operator' });
    for (const route of [
      `entries/${behind.body.id}`,
      `commitments/${'0'.repeat(64)}`,
      `tenders/${tender.tenderId}/entries`,
    ]) {
      expect((await harness.get(`/api/audit/${route}`)).status).toBe(401);
      expect((await read(route, operator)).status).toBe(403);
    }
  });

  it('reads the trail page by page', async () => {
    const auditor = await harness.person({ role: 'auditor' });
    type Page = { items: { id: string }[]; next?: string };
    const first = (await harness.get<Page>('/api/audit/trail?limit=1', auditor)).body;
    const second = (await harness.get<Page>(`/api/audit/trail?limit=1&after=${first.next}`, auditor)).body;
    expect(first.items).toHaveLength(1);
    expect(second.items[0]!.id > first.items[0]!.id).toBe(true);
  });

  it('finds what one person, one company or one day did, and denied attempts of every kind', async () => {
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness, 'CV 100% Jujur');
    await sealAndSubmit(harness, tender, vendor);
    const { auditor, preparer } = tender.people;
    expect((await harness.get('/api/audit/trail', preparer)).status).toBe(403);
    type Found = { items: { id: string; type: string; actorId: string; actorName?: string }[]; about?: string };
    const trail = async (query: string): Promise<Found> =>
      (await harness.get<Found>(`/api/audit/trail?limit=200&${query}`, auditor)).body;
    const done = await trail(`actorId=${preparer.id}`);
    expect(new Set(done.items.map(({ actorId }) => actorId))).toEqual(new Set([preparer.id]));
    expect(done.about).toBe(done.items[0]!.actorName);
    expect(done.items.map(({ type }) => type)).toEqual(expect.arrayContaining(['tender.drafted', 'access.denied']));
    const company = await trail(`vendorId=${vendor.vendorId}&tenderId=${tender.tenderId}`);
    expect(company.about).toBe('CV 100% Jujur');
    expect(company.items.map(({ type }) => type)).toContain('bid.submitted');
    const denied = await trail(`type=access.denied,refusal.recorded,bid.refused&actorId=${preparer.id}`);
    expect(denied.items.map(({ type }) => type)).toEqual(['access.denied']);

    harness.clock.advance(48 * 3_600_000);
    const from = new Date(harness.clock.now().getTime() - 3_600_000).toISOString();
    expect((await trail(`actorId=${preparer.id}&from=${from}`)).items).toEqual([]);
    expect((await trail(`actorId=${preparer.id}&until=${from}`)).items).toEqual(done.items);
    for (const query of [
      `from=${from}&until=${from}`,
      'from=2026-02-31T00:00:00.000Z',
      'from=today',
      "actorId=x'--",
      'vendorId=1',
      `type=${'a,'.repeat(11)}a`,
    ])
      expect([query, (await harness.get(`/api/audit/trail?${query}`, auditor)).status]).toEqual([query, 400]);
  });

  it('looks for people and companies without their names in an address or in the log', async () => {
    const auditor = await harness.person({ role: 'auditor' });
    const vendor = await approvedVendor(harness, 'PT Kaca_Mata Abadi');
    type Found = { items: { kind: string; id: string; name: string; email?: string; roles: string[] }[] };
    const search = async (words: string, as = auditor): Promise<Answer<Found>> =>
      harness.post<Found>('/api/audit/actor-searches', { words }, as);
    const before = await readings();
    const person = (await search(auditor.email.toUpperCase())).body.items;
    expect(person).toMatchObject([{ kind: 'person', id: auditor.id, email: auditor.email, roles: ['auditor'] }]);
    const company = (await search('kaca_mata')).body.items.filter(({ kind }) => kind === 'company');
    expect(company).toMatchObject([{ id: vendor.vendorId, name: 'PT Kaca_Mata Abadi', roles: [] }]);
    // What is typed is a text, not a pattern.
    for (const words of ['kaca%mata', '%%', '__', '\\\\', "' OR 1=1 --"])
      expect((await search(words)).body.items).toEqual([]);
    expect(await readings()).toBe(before + 7);
    const said = await harness.owner.query<{ bytes: string }>(
      `SELECT convert_from(o.entry_bytes, 'UTF8') AS bytes FROM trail t JOIN tlog.opening o USING (commitment)
       WHERE t.type = 'secret.read' AND t.actor_id = $1`,
      [auditor.id],
    );
    expect(said.rows.filter(({ bytes }) => bytes.includes('kaca') || bytes.includes(auditor.email))).toEqual([]);
    expect((await search('a')).status).toBe(400);
    expect((await search('abc', vendor)).status).toBe(403);
    expect((await harness.post('/api/audit/actor-searches', { words: 'abc' })).status).toBe(401);
  });

  it('is for auditors only, and for ranges of at most a thousand', async () => {
    const [auditor, operator] = [await harness.person({ role: 'auditor' }), await harness.person({ role: 'operator' })];
    const before = await readings();
    for (const route of ['/api/audit/entries?from=0', '/api/audit/trail']) {
      expect((await harness.get(route)).status).toBe(401);
      expect((await harness.get(route, operator)).status).toBe(403);
    }
    for (const query of ['from=0&to=1001', 'from=5&to=4', 'from=x', '', 'from=0&more=1', 'from=-1']) {
      expect((await harness.get(`/api/audit/entries?${query}`, auditor)).status).toBe(400);
    }
    for (const query of ['after=x', 'type=Nope%20', 'tenderId=x', 'limit=201']) {
      expect((await harness.get(`/api/audit/trail?${query}`, auditor)).status).toBe(400);
    }
    expect(await readings()).toBe(before);
  });
});
