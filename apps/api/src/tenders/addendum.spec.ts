import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256, uuidV7 } from '@segel/encoding';
import type { TenderTerms } from '@segel/procurement';
import { randomBytes } from 'node:crypto';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import {
  approve,
  expectStatus,
  publishTender,
  registerOpenerKey,
  signAndApprove,
  signDraft,
  submit,
  type PublishedTender,
} from '../../../../test/support/published-tender.js';
import { openerIdentity, registerKey } from '../../../../test/support/tender-people.js';
import { entriesDuring } from '../../../../test/support/trail.js';

const REASON = 'A question showed an error.';
type Prepared = { code: string; version: number; deadlineAt: string; resealRequired: boolean; changes: string[] };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

async function prepare(
  { tenderId, people, terms }: PublishedTender,
  change: Partial<TenderTerms>,
  reason = REASON,
): Promise<Answer<Prepared>> {
  const body = { terms: { ...terms, ...change }, reason };
  return harness.call<Prepared>('PUT', `/api/tenders/${tenderId}/addendum`, { as: people.preparer, body });
}

async function viewOf({ tenderId }: PublishedTender): Promise<Record<string, unknown>> {
  return (await harness.get(`/api/tenders/${tenderId}`)).body;
}

/** A bid as a row: what the notices of an addendum go by. */
async function bidOf(tender: PublishedTender, accountId: string): Promise<void> {
  const newId = (): string => uuidV7(harness.clock.now().getTime(), randomBytes(10));
  const [vendorId, now] = [newId(), harness.clock.now()];
  await harness.owner.query(
    `INSERT INTO vendor (id, name, country, identifier_scheme, identifier, address, record, registered_by, registered_at)
     VALUES ($1, 'Desk Works', 'XX', 'X', $2, 'Street 1', '{}', $3, $4)`,
    [vendorId, vendorId, accountId, now],
  );
  const hash = (): Uint8Array => sha256(randomBytes(8));
  await harness.owner.query(
    `INSERT INTO bid (id, tender_id, lot_id, envelope, offer_id, vendor_id, submitted_by, manifest_sha256, manifest_object,
       ct_root, recipient, size_bytes, notice_sha256, commitment, leaf_sha256, submitted_at)
     VALUES ($1, $2, $3, 'single', $1, $4, $5, $6, $6, $7, 'age1none', 1, $8, $9, $10, $11)`,
    [newId(), tender.tenderId, tender.lotIds[0], vendorId, accountId, hash(), hash(), hash(), hash(), hash(), now],
  );
}

describe('an addendum', () => {
  it('takes two people and then restates the notice; until then the old terms hold', async () => {
    const tender = await publishTender(harness);
    const { tenderId, noticeSha256 } = tender;
    const vendor = await harness.person({ role: 'vendor', organisationId: tenderId });
    await bidOf(tender, vendor.id);
    const prepared = expectStatus(await prepare(tender, { description: 'Desks only.' }), 200);
    expect(prepared).toMatchObject({ version: 2, resealRequired: false, changes: ['description'] });
    expect(await viewOf(tender)).toMatchObject({ version: 1, noticeSha256, terms: tender.terms });
    expect((await harness.get(`/api/tenders/${tenderId}/terms/2`)).status).toBe(404);

    const entries = await entriesDuring(harness, () => signAndApprove(harness, tender));
    expect(entries).toEqual(['tender.addendum', 'tender.submitted']);
    const view = await viewOf(tender);
    expect(view).toMatchObject({ version: 2, state: 'tendering', terms: { description: 'Desks only.' } });
    expect(view['noticeSha256']).not.toBe(noticeSha256);
    const notices = await harness.get(`/api/tenders/${tenderId}/notices`);
    expect(notices.body).toMatchObject([
      { type: 'tender.published' },
      { type: 'tender.addendum', version: 2, body: { reason: REASON, reseal_required: false, version: 2 } },
    ]);
    const { rows } = await harness.owner.query<{ code: string; account_id: string; params: object }>(
      "SELECT code, account_id, params FROM notification WHERE code = 'bid_invalidated'",
    );
    expect(rows).toMatchObject([{ account_id: vendor.id, params: { tenderId, resealRequired: 'false' } }]);
  });

  it('near the deadline moves it and the close with it', async () => {
    const tender = await publishTender(harness);
    harness.clock.advance(19_000);
    const prepared = expectStatus(await prepare(tender, { description: 'Desks only.' }), 200);
    // One day of two seconds by the rule, one more for the approver.
    expect(prepared.deadlineAt).toBe(new Date(harness.clock.now().getTime() + 4000).toISOString());
    await signAndApprove(harness, tender);
    expect(await viewOf(tender)).toMatchObject({ deadlineAt: prepared.deadlineAt });
    const { rows } = await harness.owner.query<{ run_at: Date }>(
      'SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1',
      [`close:${tender.tenderId}`],
    );
    expect(rows.map(({ run_at: at }) => at.toISOString())).toEqual([prepared.deadlineAt]);
  });

  it('is prepared anew when the approver takes too long', async () => {
    const tender = await publishTender(harness);
    harness.clock.advance(17_000);
    const prepared = expectStatus(await prepare(tender, { description: 'Desks only.' }), 200);
    expectStatus(await submit(harness, tender.tenderId, tender.people.preparer), 200);
    harness.clock.advance(2500);
    expect((await approve(harness, tender.tenderId, tender.people.approver)).body).toMatchObject({
      code: 'period_too_short',
      params: { deadlineAt: new Date(Date.parse(prepared.deadlineAt) + 1000).toISOString() },
    });
  });

  it('never moves a deadline earlier, and is not made after it', async () => {
    const tender = await publishTender(harness);
    const earlier = new Date(Date.parse(tender.terms.deadlineAt) - 5000).toISOString();
    const entries = await entriesDuring(harness, async () => {
      expect((await prepare(tender, { deadlineAt: earlier })).body.code).toBe('deadline_not_later');
    });
    expect(entries).toEqual(['refusal.recorded']);
    expectStatus(await prepare(tender, { description: 'Desks only.' }), 200);
    expectStatus(await submit(harness, tender.tenderId, tender.people.preparer), 200);
    harness.clock.advance(21_000);
    expect((await prepare(tender, { description: 'Too late.' })).body.code).toBe('deadline_passed');
    expect((await approve(harness, tender.tenderId, tender.people.approver)).body).toMatchObject({
      code: 'deadline_passed',
    });
  });

  it('needs a reason and a change, and leaves buyer, suite and rule pack', async () => {
    const tender = await publishTender(harness);
    const { openers } = tender.people;
    expect((await prepare(tender, { description: 'Desks only.' }, 'why')).body.code).toBe('reason_missing');
    expect((await prepare(tender, {})).body.code).toBe('terms_invalid');
    expect((await prepare(tender, { suite: 'pq1' })).body.code).toBe('terms_invalid');
    expect((await prepare(tender, { rulePackId: 'generic/open' })).status).toBe(422);
    const unknown = { terms: { ...tender.terms, unknown: 1 }, reason: REASON };
    const route = `/api/tenders/${tender.tenderId}/addendum`;
    const [preparer, opener] = [tender.people.preparer, openers[0]!];
    expect((await harness.call('PUT', route, { as: preparer, body: unknown })).status).toBe(400);
    expect((await harness.call('PUT', route, { as: opener, body: unknown })).status).toBe(403);
  });

  it('replaces an opener who lost the key by another person; every bid is sealed again', async () => {
    const tender = await publishTender(harness);
    const { tenderId, people, buyerId } = tender;
    const lost = people.openers[0]!;
    const successor = await registerKey(harness, await harness.person({ role: 'opener', organisationId: buyerId }));
    const seat = { accountId: successor.id, role: 'opener' };
    expectStatus(await harness.post(`/api/tenders/${tenderId}/team`, seat, people.preparer), 201);
    expectStatus(await registerOpenerKey(harness, tenderId, successor, openerIdentity('x1', successor.id)), 201);
    const groups = tender.terms.groups.map((group) => ({
      ...group,
      openerIds: group.openerIds.map((id) => (id === lost.id ? successor.id : id)),
    }));
    expect(expectStatus(await prepare(tender, { groups }), 200).resealRequired).toBe(true);
    await signAndApprove(harness, tender);
    expect(await viewOf(tender)).toMatchObject({ resealRequiredSince: 2 });
    const keys = await harness.get<{ openerId: string }[]>(`/api/tenders/${tenderId}/opener-keys`);
    expect(keys.body.map(({ openerId }) => openerId)).toContain(successor.id);
    expect(keys.body.map(({ openerId }) => openerId)).not.toContain(lost.id);
  });

  it('adds and drops lots; a dropped lot is cancelled and does not return', async () => {
    const tender = await publishTender(harness);
    const [first] = tender.terms.lots;
    const lotId = uuidV7(harness.clock.now().getTime(), randomBytes(10));
    const move = (terms: TenderTerms, id: string): Partial<TenderTerms> => ({
      lots: [{ ...first!, id }],
      items: terms.items.map((item) => ({ ...item, lotId: id })),
      slots: terms.slots.map((slot) => (slot.lotId === undefined ? slot : { ...slot, lotId: id })),
    });
    expectStatus(await prepare(tender, move(tender.terms, lotId)), 200);
    await signAndApprove(harness, tender);
    expect((await viewOf(tender))['lots']).toEqual(
      [
        { id: first!.id, state: 'cancelled' },
        { id: lotId, state: 'tendering' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expectStatus(await prepare(tender, { description: 'Back to the first lot.' }), 200);
    expectStatus(await submit(harness, tender.tenderId, tender.people.preparer), 200);
    expect((await approve(harness, tender.tenderId, tender.people.approver)).body).toMatchObject({
      code: 'terms_invalid',
    });
  });

  it('sent back or superseded is not approved any more', async () => {
    const tender = await publishTender(harness);
    const { tenderId, people } = tender;
    expectStatus(await prepare(tender, { description: 'Desks only.' }), 200);
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const first = await signDraft(harness, tenderId, people.approver);
    expectStatus(await prepare(tender, { description: 'Chairs only.' }), 200);
    const decide = async (body: object): Promise<string> =>
      (await harness.post<{ code: string }>(`/api/tenders/${tenderId}/approval`, body, people.approver)).body.code;
    expect(await decide({ version: 2, decision: 'approve', ...first.signature })).toBe('wrong_state');
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    expect(await decide({ version: 2, decision: 'approve', ...first.signature })).toBe('terms_changed');
    await decide({ version: 3, decision: 'return', reason: 'The chairs are too low.' });
    expect((await approve(harness, tenderId, people.approver)).body).toMatchObject({ code: 'wrong_state' });
    expect(await viewOf(tender)).toMatchObject({ version: 1, state: 'tendering' });
  });
});
