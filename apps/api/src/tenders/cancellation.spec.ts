import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Answer, type Harness, type Person } from '../../../../test/support/harness.js';
import { draftTender, expectStatus, publishTender, submit } from '../../../../test/support/published-tender.js';
import { entriesDuring } from '../../../../test/support/trail.js';

type Code = { readonly code: string; readonly state?: string };
const WHY = { reasonCode: 'budget_withdrawn', reason: 'The budget was withdrawn.' };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.verifyLog());
afterAll(() => harness.stop());

const propose = async (tenderId: string, as: Person, body: object = WHY): Promise<Answer<Code>> =>
  harness.post<Code>(`/api/tenders/${tenderId}/cancellation`, body, as);
const confirm = async (tenderId: string, as: Person): Promise<Answer<Code>> =>
  harness.post<Code>(`/api/tenders/${tenderId}/cancellation/confirmation`, {}, as);

describe('the cancellation of a tender', () => {
  it('takes two people and a reason, and is public', async () => {
    const { tenderId, people } = await publishTender(harness);
    const entries = await entriesDuring(harness, async () => {
      expectStatus(await propose(tenderId, people.preparer), 201);
      expect((await harness.get(`/api/tenders/${tenderId}`)).body['state']).toBe('tendering');
      expect(expectStatus(await confirm(tenderId, people.approver), 200)).toEqual({ state: 'cancelled' });
    });
    expect(entries).toEqual(['tender.cancellation_proposed', 'tender.cancelled']);
    const view = await harness.get(`/api/tenders/${tenderId}`);
    expect(view.body).toMatchObject({ state: 'cancelled', lots: [{ state: 'cancelled' }] });
    const notices = await harness.get(`/api/tenders/${tenderId}/notices`);
    expect(notices.body).toMatchObject([{ type: 'tender.published' }, { type: 'tender.cancelled' }]);
  });

  it('happens once', async () => {
    const { tenderId, people } = await publishTender(harness);
    expectStatus(await propose(tenderId, people.preparer), 201);
    expectStatus(await confirm(tenderId, people.approver), 200);
    const entries = await entriesDuring(harness, async () => {
      expect(await confirm(tenderId, people.approver)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
      expect(await propose(tenderId, people.preparer)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
      expect((await submit(harness, tenderId, people.preparer).catch(() => undefined))?.status).toBeUndefined();
    });
    expect(entries).toEqual(['refusal.recorded', 'refusal.recorded']);
  });

  it('is never one person’s alone', async () => {
    const { tenderId, people, buyerId } = await publishTender(harness);
    expect((await confirm(tenderId, people.approver)).body.code).toBe('wrong_state');
    expect((await propose(tenderId, people.approver)).status).toBe(403);
    expect((await propose(tenderId, people.preparer, { ...WHY, reason: 'no' })).body.code).toBe('reason_missing');
    expectStatus(await propose(tenderId, people.preparer), 201);
    expect((await confirm(tenderId, people.preparer)).status).toBe(403);
    await harness.grant(people.preparer, { role: 'approver', organisationId: buyerId, tenderId });
    expect((await confirm(tenderId, people.preparer)).body.code).toBe('same_person_twice');
    expect((await harness.get(`/api/tenders/${tenderId}`)).body['state']).toBe('tendering');
  });

  it('of a draft stays with its team', async () => {
    const { tenderId, people } = await draftTender(harness);
    expectStatus(await propose(tenderId, people.preparer), 201);
    const entries = await entriesDuring(harness, () => confirm(tenderId, people.approver));
    expect(entries).toEqual(['tender.draft_cancelled']);
    expect((await harness.get(`/api/tenders/${tenderId}`)).status).toBe(404);
    expect((await harness.get(`/api/tenders/${tenderId}`, people.preparer)).body['state']).toBe('cancelled');
  });

  it('is not made once an award was announced', async () => {
    const { tenderId, people, lotIds } = await publishTender(harness);
    expectStatus(await propose(tenderId, people.preparer), 201);
    await harness.owner.query("UPDATE lot SET state = 'intended_award' WHERE id = $1", [lotIds[0]]);
    expect((await confirm(tenderId, people.approver)).body.code).toBe('wrong_state');
    expect((await propose(tenderId, people.preparer)).body.code).toBe('wrong_state');
  });
});
