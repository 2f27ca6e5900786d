import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Harness, type Person } from '../../../../test/support/harness.js';
import { declare, evaluated, judged, lotToEvaluate, signer } from '../../../../test/support/lot-to-evaluate.js';

type Duty = {
  id: string;
  conflict?: boolean;
  lots: { bids: number; found: number; signed: boolean; completed: boolean }[];
};
type Committee = { minimum: number; complete: boolean; members: { accountId: string; conflict?: boolean }[] };

jest.setTimeout(60_000);

describe('the committee of a tender', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '10000' });
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const two = [
    { unitPrice: '110.00' },
    { unitPrice: '100.10' },
    { unitPrice: '1.00', outcome: 'undecryptable' as const },
  ];
  const dutiesOf = async (person: Person): Promise<Duty[]> =>
    (await harness.get<{ items: Duty[] }>('/api/evaluations', person)).body.items;

  it('is told what waits for each, and nothing of the bids before the declaration', async () => {
    const lot = await lotToEvaluate(harness, two);
    const [first, second] = lot.evaluators;
    expect(await dutiesOf(first!)).toEqual([
      { id: lot.tenderId, title: 'School furniture', state: 'opened', lots: [] },
    ]);
    await declare(harness, lot, second!, true);
    expect(await dutiesOf(second!)).toMatchObject([{ conflict: true, lots: [] }]);
    await declare(harness, lot, first!);
    expect(await dutiesOf(first!)).toMatchObject([
      { conflict: false, lots: [{ bids: 2, found: 0, signed: false, completed: false }] },
    ]);
  });

  it('sees what was judged and signed', async () => {
    const lot = await lotToEvaluate(harness, two);
    await judged(harness, lot);
    expect((await dutiesOf(lot.evaluators[2]!))[0]!.lots).toMatchObject([{ bids: 2, found: 2, signed: false }]);
    const other = await lotToEvaluate(harness, two);
    await evaluated(harness, other);
    expect((await dutiesOf(other.evaluators[0]!))[0]!.lots).toMatchObject([{ signed: true, completed: true }]);
    expect((await dutiesOf(other.evaluators[2]!))[0]!.lots).toMatchObject([{ signed: false, completed: true }]);
  });

  it('is named to its members and the award authority, and to nobody else', async () => {
    const lot = await lotToEvaluate(harness, two);
    const route = `/api/tenders/${lot.tenderId}/committee`;
    const read = async (by: Person): Promise<Committee> => (await harness.get<Committee>(route, by)).body;
    const [first, second, third] = lot.evaluators;
    for (const by of [first!, second!]) await declare(harness, lot, by);
    expect(await read(first!)).toMatchObject({ minimum: 3, complete: false });
    await declare(harness, lot, third!);
    const all = await read(lot.authority);
    expect([all.complete, all.members.map(({ conflict }) => conflict)]).toEqual([true, [false, false, false]]);
    await declare(harness, lot, third!, true);
    expect((await read(first!)).members).toHaveLength(3);
    expect(await read(third!)).toMatchObject({ complete: false, members: [{ accountId: third!.id, conflict: true }] });
    for (const stranger of [lot.preparer, lot.bids[0]!.user, await signer(harness, { role: 'evaluator' })])
      expect((await harness.get(route, stranger)).status).toBe(403);
    expect((await harness.get(route)).status).toBe(401);
    expect((await harness.get('/api/evaluations', lot.preparer)).status).toBe(403);
  });
});
