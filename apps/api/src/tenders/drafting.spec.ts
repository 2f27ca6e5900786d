import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256, signDocument, toBase64, utf8 } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { readFileSync } from 'node:fs';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import {
  draftTender,
  exampleTerms,
  expectStatus,
  registerOpenerKey,
  type DraftedTender,
} from '../../../../test/support/published-tender.js';
import { openerIdentity, publicKeyOf, registerKey, tenderPeople } from '../../../../test/support/tender-people.js';
import { entriesDuring } from '../../../../test/support/trail.js';

type Code = { readonly code: string; readonly errors?: readonly string[] };
const file = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../test/data/ocds/${name}`, import.meta.url), 'utf8'));

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

describe('a draft', () => {
  let drafted: DraftedTender;
  beforeAll(async () => {
    drafted = await draftTender(harness);
  });
  const change = async (terms: unknown, version = 1): Promise<{ status: number; body: Code & { version?: number } }> =>
    harness.call('PUT', `/api/tenders/${drafted.tenderId}/terms`, {
      as: drafted.people.preparer,
      body: { version, terms },
    });

  it('is read by its team, and does not exist for anybody else', async () => {
    const { tenderId, people } = drafted;
    const stranger = await harness.person({ role: 'preparer', organisationId: drafted.buyerId });
    for (const route of ['', '/terms/1', '/opener-keys', '/notices']) {
      expect((await harness.get(`/api/tenders/${tenderId}${route}`)).status).toBe(404);
      expect((await harness.get(`/api/tenders/${tenderId}${route}`, stranger)).status).toBe(404);
      expect((await harness.get(`/api/tenders/${tenderId}${route}`, people.evaluators[0])).status).toBe(200);
    }
    expect((await harness.get(`/api/tenders/${tenderId}/notice-draft`, stranger)).status).toBe(403);
    const ids = async (route: string, as = people.approver): Promise<string[]> =>
      (await harness.get<{ items: { id: string }[] }>(route, as)).body.items.map(({ id }) => id);
    expect(await ids('/api/tenders')).not.toContain(tenderId);
    expect(await ids('/api/tenders?mine=true')).toEqual([tenderId]);
    expect((await harness.get('/api/tenders/not-an-id')).status).toBe(400);
  });

  it('shows its team who they are and what is missing', async () => {
    const view = await harness.get(`/api/tenders/${drafted.tenderId}`, drafted.people.preparer);
    expect(view.body).toMatchObject({
      state: 'draft',
      version: 1,
      openersReady: 6,
      findings: [],
      terms: drafted.terms,
      rulePack: { id: 'demo/fast', demonstration: true },
    });
    expect((view.body['team'] as object[]).length).toBe(12);
  });

  it('refuses members nobody knows, wherever they stand', async () => {
    const { terms } = drafted;
    const [documentSlot, , priceSlot] = terms.slots;
    const strange: readonly unknown[] = [
      { ...terms, secret: 1 },
      { ...terms, buyer: { ...terms.buyer, phone: '1' } },
      { ...terms, lots: [{ ...terms.lots[0], state: 'awarded' }] },
      { ...terms, items: [{ ...terms.items[0], price: '1' }] },
      { ...terms, groups: [{ ...terms.groups[0], key: 'x' }] },
      { ...terms, slots: [{ ...documentSlot, itemId: terms.items[0]!.id }] },
      { ...terms, slots: [{ ...priceSlot, maxBytes: 5 }] },
      { ...terms, slots: [{ ...priceSlot, kind: 'score' }] },
      { ...terms, maxBidBytes: 1.5 },
      { ...terms, lots: [{ ...terms.lots[0], id: 'ffffffff-ffff-4fff-8fff-ffffffffffff' }] },
      { ...terms, description: 'with \u0000 in it' },
    ];
    for (const body of strange) expect((await change(body)).status).toBe(400);
    const { body } = await harness.get<{ version: number }>(
      `/api/tenders/${drafted.tenderId}`,
      drafted.people.preparer,
    );
    expect(body.version).toBe(1);
  });

  it('refuses another buyer, an unknown rule pack, a file that was never stored', async () => {
    const { terms } = drafted;
    const document = {
      id: drafted.lotIds[0]!,
      kind: 'biddingDocuments',
      title: 'Plan',
      fileName: 'plan.pdf',
      mediaType: 'application/pdf',
      sha256: toBase64(sha256(utf8('x'))),
      sizeBytes: 1,
    };
    const codes = [];
    for (const wrong of [
      { buyer: { ...terms.buyer, name: 'City of Elsewhere' } },
      { rulePackId: 'none/such' },
      { documents: [document] },
      { source: { ocid: 'ocds-213czf-1' } },
    ])
      codes.push((await change({ ...terms, ...wrong })).body.code);
    expect(codes).toEqual(['terms_invalid', 'rule_pack_unknown', 'terms_invalid', 'terms_invalid']);
  });

  it('changes version by version, never over what somebody else wrote', async () => {
    const terms: TenderTerms = { ...drafted.terms, description: 'Desks, chairs and shelves.' };
    expect((await change(terms)).body).toMatchObject({ version: 2 });
    const entries = await entriesDuring(harness, async () => {
      expect(await change(terms)).toMatchObject({ status: 409, body: { code: 'terms_changed' } });
    });
    expect(entries).toEqual(['refusal.recorded']);
    const { preparer, approver } = drafted.people;
    const first = await harness.get(`/api/tenders/${drafted.tenderId}/terms/1`, preparer);
    expect(first.text).toContain('Desks and chairs');
    const body = { version: 2, terms };
    const denied = await harness.call('PUT', `/api/tenders/${drafted.tenderId}/terms`, { as: approver, body });
    expect(denied.status).toBe(403);
  });

  it('is made only by a preparer of the buyer', async () => {
    const { terms, buyerId, people } = drafted;
    const elsewhere = await harness.organisation('buyer', 'City of Elsewhere');
    const other = await harness.person({ role: 'preparer', organisationId: elsewhere });
    const entries = await entriesDuring(harness, async () => {
      expect((await harness.post('/api/tenders', { buyerId, terms }, other)).status).toBe(403);
      expect((await harness.post('/api/tenders', { buyerId, terms }, people.approver)).status).toBe(403);
      expect((await harness.post('/api/tenders', { buyerId, terms })).status).toBe(401);
    });
    expect(entries).toEqual(['access.denied', 'refusal.recorded']);
  });
});

describe('the team', () => {
  it('keeps duties apart, whoever asks', async () => {
    const { tenderId, people, buyerId } = await draftTender(harness);
    const { preparer, approver, openers, auditor } = people;
    const add = async (accountId: string, role: string): Promise<string> => {
      const answer = await harness.post<Code>(`/api/tenders/${tenderId}/team`, { accountId, role }, preparer);
      return answer.status === 201 ? 'added' : answer.body.code;
    };
    await harness.grant(preparer, { role: 'approver', organisationId: buyerId });
    await harness.grant(approver, { role: 'opener', organisationId: buyerId });
    await harness.grant(openers[0]!, { role: 'approver', organisationId: buyerId });
    await harness.grant(auditor, { role: 'evaluator', organisationId: buyerId });
    expect(await add(preparer.id, 'approver')).toBe('role_conflict');
    expect(await add(approver.id, 'opener')).toBe('role_conflict');
    expect(await add(openers[0]!.id, 'approver')).toBe('role_conflict');
    expect(await add(auditor.id, 'evaluator')).toBe('role_conflict');
    expect(await add(openers[1]!.id, 'evaluator')).toBe('not_allowed');
    expect(await add(openers[1]!.id, 'auditor')).toBe('request_malformed');
  });

  it('never makes the author of the terms their approver, not even after a change of seats', async () => {
    const { tenderId, people, buyerId } = await draftTender(harness);
    const second = await harness.person({ role: 'preparer', organisationId: buyerId });
    await harness.grant(people.preparer, { role: 'approver', organisationId: buyerId });
    const team = `/api/tenders/${tenderId}/team`;
    const seat = { accountId: people.preparer.id, role: 'preparer' };
    expect((await harness.post(`${team}/removal`, seat, people.preparer)).body).toMatchObject({ code: 'wrong_state' });
    expectStatus(await harness.post(team, { accountId: second.id, role: 'preparer' }, people.preparer), 201);
    expectStatus(await harness.post(`${team}/removal`, seat, second), 200);
    const back = await harness.post<Code>(team, { ...seat, role: 'approver' }, second);
    expect([back.status, back.body.code]).toEqual([403, 'role_conflict']);
    expect((await harness.post(team, { accountId: second.id, role: 'opener' }, people.preparer)).status).toBe(403);
  });
});

describe("openers' keys", () => {
  it('are registered by the opener alone, under the own registered key', async () => {
    const { tenderId, people, openerIdentities } = await draftTender(harness);
    const [opener, other] = [people.openers[0]!, people.openers[1]!];
    const fresh = openerIdentity('x1', opener.id);
    const route = `/api/tenders/${tenderId}/opener-keys`;
    const body = (key: string): Parameters<typeof signDocument>[1] => ({
      tender_id: tenderId,
      opener_id: opener.id,
      suite: 'x1',
      recipient: fresh.recipient,
      key,
    });
    const send = async (signer: typeof opener, key: string, extra: object = {}): Promise<string> => {
      const { sig } = signDocument('key.opener.registered', body(key), signer.secret);
      const sent = { suite: 'x1', recipient: fresh.recipient, key, sig, ...extra };
      return (await harness.post<Code>(route, sent, opener)).body.code;
    };
    const unregistered = { ...opener, secret: new Uint8Array(32).fill(7) };
    expect(await send(other, publicKeyOf(other))).toBe('key_not_registered');
    expect(await send(other, publicKeyOf(opener))).toBe('signature_invalid');
    expect(await send(unregistered, publicKeyOf(unregistered))).toBe('key_not_registered');
    expect(await send(opener, publicKeyOf(opener), { recipient: 'age1notakey' })).toBe('request_malformed');
    expect(await send(opener, publicKeyOf(opener), { suite: 'pq1' })).toBe('opener_groups_invalid');
    const copied = { ...openerIdentities[1]!, openerId: opener.id };
    expect((await registerOpenerKey(harness, tenderId, opener, copied)).body).toMatchObject({
      code: 'key_already_registered',
    });
    const stranger = await registerKey(harness, await harness.person({ role: 'opener', organisationId: tenderId }));
    expect((await registerOpenerKey(harness, tenderId, stranger, fresh)).status).toBe(403);
  });

  it('may be replaced in a draft; the newest counts', async () => {
    const { tenderId, people, openerIdentities } = await draftTender(harness);
    const opener = people.openers[0]!;
    const fresh = openerIdentity('x1', opener.id);
    expectStatus(await registerOpenerKey(harness, tenderId, opener, fresh), 201);
    const keys = await harness.get<{ openerId: string; recipient: string }[]>(
      `/api/tenders/${tenderId}/opener-keys`,
      people.preparer,
    );
    expect(keys.body.length).toBe(6);
    expect(keys.body.find(({ openerId }) => openerId === opener.id)?.recipient).toBe(fresh.recipient);
    expect(keys.text).not.toContain(openerIdentities[0]!.recipient);
  });
});

describe('documents', () => {
  const pdf = utf8('%PDF-1.7 plan');
  const query = 'kind=biddingDocuments&title=Plan&fileName=plan%20%C3%BC.pdf&mediaType=application/pdf';

  it('are stored, then named by the terms, and are public once those are published', async () => {
    const { tenderId, terms, people } = await draftTender(harness);
    const route = `/api/tenders/${tenderId}/documents`;
    const stored = await harness.call<TenderTerms['documents'][number]>('POST', `${route}?${query}`, {
      as: people.preparer,
      body: pdf,
    });
    expect(expectStatus(stored, 201)).toMatchObject({
      fileName: 'plan ü.pdf',
      sha256: toBase64(sha256(pdf)),
      sizeBytes: 13,
    });
    const body = { version: 1, terms: { ...terms, documents: [stored.body] } };
    expectStatus(await harness.call('PUT', `/api/tenders/${tenderId}/terms`, { as: people.preparer, body }), 200);
    const read = await harness.get(`${route}/${stored.body.id}`, people.approver);
    expect([read.status, read.text, read.headers.get('content-type')]).toEqual([
      200,
      '%PDF-1.7 plan',
      'application/pdf',
    ]);
    expect(read.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''plan%20%C3%BC.pdf");
    expect((await harness.get(`${route}/${stored.body.id}`)).status).toBe(404);
  });

  it('are refused when they are too large, empty, or not what they say', async () => {
    const { tenderId, people } = await draftTender(harness);
    const send = async (body: unknown, about = query, as = people.preparer): Promise<number> =>
      (await harness.call('POST', `/api/tenders/${tenderId}/documents?${about}`, { as, body })).status;
    expect(await send(new Uint8Array(8 * 2 ** 20 + 1).fill(37))).toBe(413);
    expect(await send(utf8('<html>'))).toBe(400);
    expect(await send(new Uint8Array())).toBe(400);
    expect(await send({ file: 'x' })).toBe(400);
    expect(await send(utf8('<html>'), query.replace('application/pdf', 'text/html'))).toBe(400);
    expect(await send(pdf, `${query}&owner=me`)).toBe(400);
    expect(await send(pdf, query, people.openers[0])).toBe(403);
  });
});

describe('the import of a release package', () => {
  it('makes a draft with new dates and says what it changed', async () => {
    const buyerId = await harness.organisation('buyer', 'School Board');
    const people = await tenderPeople(harness, buyerId, await harness.organisation('oversight', 'Court of Audit'));
    const now = harness.clock.now().getTime();
    const input = {
      package: file('two-lots-school-meals.json'),
      buyerId,
      rulePackId: 'demo/fast',
      suite: 'x1',
      enquiryEndAt: new Date(now + 10_000).toISOString(),
      deadlineAt: new Date(now + 20_000).toISOString(),
      groups: exampleTerms(harness, { id: buyerId, name: 'School Board' }, people).groups,
    };
    type Imported = { id: string; ocid: string; notes: string[]; bids: object[] };
    const imported = expectStatus(await harness.post<Imported>('/api/tenders/imports', input, people.preparer), 201);
    expect(imported.notes.length).toBeGreaterThan(0);
    const view = await harness.get<{ terms: TenderTerms; findings: { severity: string }[] }>(
      `/api/tenders/${imported.id}`,
      people.preparer,
    );
    expect(view.body.terms.lots.length).toBe(2);
    expect(view.body.terms).toMatchObject({ buyer: { id: buyerId }, deadlineAt: input.deadlineAt });
    expect(view.body.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const again = expectStatus(await harness.post<Imported>('/api/tenders/imports', input, people.preparer), 201);
    expect(again.ocid).toBe(`${imported.ocid}-${again.id}`);
    expect(imported.ocid).toBe((view.body.terms.source as { ocid: string }).ocid);
  });

  it('refuses what is not a release package, by the place', async () => {
    const buyerId = await harness.organisation('buyer', 'Water Board');
    const preparer = await harness.person({ role: 'preparer', organisationId: buyerId });
    const at = new Date(harness.clock.now().getTime() + 20_000).toISOString();
    const input = { buyerId, rulePackId: 'demo/fast', suite: 'x1', enquiryEndAt: at, deadlineAt: at };
    const answer = await harness.post<Code>('/api/tenders/imports', { ...input, package: { releases: 5 } }, preparer);
    expect([answer.status, answer.body.code]).toEqual([400, 'request_malformed']);
    const none = await harness.post<Code>('/api/tenders/imports', { ...input, package: 'text' }, preparer);
    expect(none.status).toBe(400);
  });
});

describe('rule packs', () => {
  it('are listed with the hash of their document', async () => {
    const packs = await harness.get<{ id: string; sha256: string; document: object }[]>('/api/rule-packs');
    expect(packs.body.map(({ id }) => id)).toContain('demo/fast');
    const [pack] = packs.body;
    expect(pack!.document).toMatchObject({ id: pack!.id, evaluation: 'lowest_price' });
  });
});
