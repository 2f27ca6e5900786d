import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { draftTender, expectStatus, publishTender, submit } from '../../../../test/support/published-tender.js';

type Waiting = { readonly items: readonly { readonly tenderId: string; readonly kind: string }[] };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

describe('what waits for a second person', () => {
  it('is told to the approver of the tender, until it is decided', async () => {
    const { tenderId, people } = await draftTender(harness);
    const waiting = async (): Promise<Waiting> => (await harness.get<Waiting>('/api/approvals', people.approver)).body;
    const state = async () => (await harness.get(`/api/tenders/${tenderId}/approval`, people.preparer)).body;
    expect((await waiting()).items).toEqual([]);
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    expect((await waiting()).items).toMatchObject([{ tenderId, kind: 'publication' }]);
    expect(await state()).toMatchObject({ version: 1, submission: { preparerId: people.preparer.id } });
    const sendBack = { version: 1, decision: 'return', reason: 'The estimate is missing.' };
    expectStatus(await harness.post(`/api/tenders/${tenderId}/approval`, sendBack, people.approver), 200);
    expect((await waiting()).items).toEqual([]);
    const returned = await state();
    expect(returned).toMatchObject({ returned: { version: 1, reason: 'The estimate is missing.' } });
    expect(returned).not.toHaveProperty('submission');
    const proposal = { reasonCode: 'budget_withdrawn', reason: 'The budget was withdrawn.' };
    expectStatus(await harness.post(`/api/tenders/${tenderId}/cancellation`, proposal, people.preparer), 201);
    expect((await waiting()).items).toMatchObject([{ tenderId, kind: 'cancellation' }]);
    expect(await state()).toMatchObject({ cancellation: { ...proposal, proposedBy: people.preparer.id } });
    const confirmed = await harness.post(`/api/tenders/${tenderId}/cancellation/confirmation`, {}, people.approver);
    expectStatus(confirmed, 200);
    expect((await waiting()).items).toEqual([]);
    expect(await state()).not.toHaveProperty('cancellation');
  });

  it('is nobody else’s business', async () => {
    const { tenderId, people } = await draftTender(harness);
    expectStatus(await submit(harness, tenderId, people.preparer), 200);
    const stranger = await harness.person({ role: 'approver' });
    expect((await harness.get<Waiting>('/api/approvals', stranger)).body.items).toEqual([]);
    expect((await harness.get('/api/approvals', people.preparer)).status).toBe(403);
    expect((await harness.get(`/api/tenders/${tenderId}/approval`, stranger)).status).toBe(403);
    expect((await harness.get(`/api/tenders/${tenderId}/approval`)).status).toBe(401);
  });

  it('is not overwritten by somebody who has not seen the newest addendum', async () => {
    const { tenderId, terms, people } = await publishTender(harness);
    const prepare = async (version: number, description: string) => {
      const changed = { terms: { ...terms, description }, reason: 'The description was unclear.', version };
      return harness.call('PUT', `/api/tenders/${tenderId}/addendum`, { body: changed, as: people.preparer });
    };
    expect((await prepare(1, 'One.')).status).toBe(200);
    expect(await prepare(1, 'Two.')).toMatchObject({ status: 409, body: { code: 'terms_changed' } });
    expect((await prepare(2, 'Two.')).status).toBe(200);
  });
});
