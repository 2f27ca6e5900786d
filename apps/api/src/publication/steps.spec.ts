import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Harness, type Person } from '../../../../test/support/harness.js';
import { attestBox, closeBoxes, releaseShares } from '../../../../test/support/opening-day.js';
import { draftTender, publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit } from '../../../../test/support/sealed-bid.js';

jest.setTimeout(180_000);

type Step = { id: string; type: string; state?: string; actor: string; actorId?: string; index: number };
type StepPage = { items: Step[]; next?: number; previous?: number };

describe('the steps of a tender', () => {
  let harness: Harness;
  let tender: PublishedTender;
  const steps = async (query = '', as?: Person): Promise<StepPage> =>
    (await harness.get<StepPage>(`/api/tenders/${tender.tenderId}/steps?limit=200${query}`, as)).body;
  const types = ({ items }: StepPage): readonly string[] => items.map(({ type }) => type);

  beforeAll(async () => {
    harness = await startHarness();
    tender = await publishTender(harness);
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  it('tell strangers of no bid before the opening, and auditors of all, which is logged', async () => {
    await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await harness.published();
    const told = await steps();
    expect(types(told)).toEqual(
      expect.arrayContaining(['tender.drafted', 'tender.published', 'key.opener.registered']),
    );
    expect(types(told).filter((type) => type.startsWith('bid.'))).toEqual([]);
    expect(told.items.every(({ actorId }) => actorId === undefined)).toBe(true);
    expect(told.items.find(({ type }) => type === 'tender.drafted')!.state).toBe('draft');
    expect(told.items.at(-1)!.state).toBe('tendering');

    const { auditor, preparer } = tender.people;
    // Nor an auditor who does not ask for it.
    expect(types(await steps('', auditor))).not.toContain('bid.submitted');
    const all = await steps('&everything=true', auditor);
    expect(types(all)).toContain('bid.submitted');
    expect(all.items.find(({ type }) => type === 'tender.drafted')!.actorId).toBe(preparer.id);
    const read = await harness.owner.query("SELECT FROM trail WHERE type = 'secret.read' AND actor_id = $1", [
      auditor.id,
    ]);
    expect(read.rowCount).toBe(1);
    for (const as of [preparer, undefined]) {
      const answer = await harness.get(`/api/tenders/${tender.tenderId}/steps?everything=true`, as);
      expect(answer.status).toBe(403);
    }
  });

  it('tell after the opening which bids were in the box, and the state after each step as the tender had it', async () => {
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    await harness.published();
    const told = await steps();
    expect(types(told)).toEqual(expect.arrayContaining(['bid.submitted', 'box.closed', 'box.attested', 'bid.opened']));
    const after = (type: string): string | undefined => told.items.find((one) => one.type === type)!.state;
    expect(['box.closing', 'box.closed', 'opening.completed'].map(after)).toEqual(['closing', 'closed', 'opened']);
    const row = await harness.owner.query<{ state: string }>('SELECT state FROM tender WHERE id = $1', [
      tender.tenderId,
    ]);
    expect(told.items.at(-1)!.state).toBe(row.rows[0]!.state);
  });

  it('are walked forth and back without a gap or a repeat', async () => {
    const whole = await steps();
    const page = async (query: string): Promise<StepPage> =>
      (await harness.get<StepPage>(`/api/tenders/${tender.tenderId}/steps?limit=3${query}`)).body;
    const forth: Step[] = [];
    let at = await page('');
    expect(at.previous).toBeUndefined();
    for (; at.next !== undefined; at = await page(`&after=${at.next}`)) forth.push(...at.items);
    forth.push(...at.items);
    expect(forth).toEqual(whole.items);
    const back: Step[] = [...at.items];
    while (at.previous !== undefined) {
      at = await page(`&before=${at.previous}`);
      back.unshift(...at.items);
    }
    expect(back).toEqual(whole.items);
  });

  it('are not told of a draft, and malformed pages are refused', async () => {
    const draft = await draftTender(harness);
    const { auditor } = draft.people;
    expect((await harness.get(`/api/tenders/${draft.tenderId}/steps`)).status).toBe(404);
    expect((await harness.get(`/api/tenders/${draft.tenderId}/steps?everything=true`, auditor)).status).toBe(200);
    for (const query of ['after=x', 'limit=0', 'everything=yes', 'after=1&before=2'])
      expect((await harness.get(`/api/tenders/${tender.tenderId}/steps?${query}`)).status).toBe(400);
  });
});
