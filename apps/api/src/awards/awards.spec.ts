import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import {
  evaluated,
  judged,
  lotToEvaluate,
  signed,
  signer,
  type LotToEvaluate,
  type Signer,
} from '../../../../test/support/lot-to-evaluate.js';

type Body = { standstill_end: string; vendor_id: string; amount: string; result_sha256: string };
type View = {
  state: string;
  body?: Body;
  decisionBody?: object;
  award?: Record<string, string>;
  result?: { bids: { rank?: number }[] };
  signatures?: object[];
  standing?: object;
  committee?: string[];
};

const DAY_MS = 86_400_000;

jest.setTimeout(60_000);

describe('the award of a lot', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '10000' });
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const three = [{ unitPrice: '110.00' }, { unitPrice: '100.10' }, { unitPrice: '105.00' }];
  const codeOf = async (answer: Promise<Answer>): Promise<[number, unknown]> => {
    const { status, body } = await answer;
    return [status, body['code']];
  };
  const read = async (lot: LotToEvaluate, by?: Signer): Promise<View> =>
    (await harness.get<View>(`${lot.path}/award`, by)).body;
  const intend = async (lot: LotToEvaluate, by = lot.authority, change: Partial<Body> = {}): Promise<Answer> => {
    const body = { ...(await read(lot, lot.authority)).body!, ...change };
    const signature = signed(by, 'award.intended', body);
    return harness.post(`${lot.path}/award`, { standstillEndAt: body.standstill_end, ...signature }, by);
  };
  const decide = async (lot: LotToEvaluate, by = lot.authority): Promise<Answer> => {
    const { decisionBody } = await read(lot, lot.authority);
    return harness.post(`${lot.path}/award/decision`, signed(by, 'award.decided', decisionBody ?? {}), by);
  };
  const endStandstill = async (lot: LotToEvaluate): Promise<void> => {
    harness.clock.set((await read(lot)).award!['standstillEndAt']!);
    await harness.runDueJobs();
  };
  const typesOf = async (lot: LotToEvaluate): Promise<string[]> => {
    await harness.published();
    const { rows } = await harness.owner.query<{ type: string }>(
      `SELECT t.type FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
       WHERE t.tender_id = $1 AND t.type LIKE ANY ('{award.%,refusal.%,access.%}') ORDER BY e.idx`,
      [lot.tenderId],
    );
    return rows.map(({ type }) => type);
  };

  it('is announced to all, stands still, and is decided after the standstill', async () => {
    const lot = await lotToEvaluate(harness, three);
    const resultSha256 = await evaluated(harness, lot);
    const draft = await read(lot, lot.authority);
    expect(draft.body).toMatchObject({
      lot_id: lot.lotId,
      vendor_id: lot.bids[1]!.vendorId,
      amount: '300.30',
      currency: 'EUR',
      result_sha256: resultSha256,
    });
    expect((await intend(lot)).body).toMatchObject({ state: 'standstill' });

    const announced = await read(lot);
    expect(announced.award).toMatchObject({ bidId: lot.bids[1]!.id, amount: '300.30', currency: 'EUR' });
    expect(announced.award!['standstillEndAt']).toBe(draft.body!.standstill_end);
    expect(announced.result!.bids.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(announced.signatures).toHaveLength(2);
    expect([announced.body, announced.decisionBody]).toEqual([undefined, undefined]);

    expect(await codeOf(decide(lot))).toEqual([422, 'standstill_running']);
    harness.clock.set(new Date(Date.parse(draft.body!.standstill_end) - 1));
    await harness.runDueJobs();
    expect(await codeOf(decide(lot))).toEqual([422, 'standstill_running']);
    harness.clock.advance(1);
    expect(await codeOf(decide(lot))).toEqual([422, 'standstill_running']);
    await harness.runDueJobs();
    expect((await decide(lot)).body).toMatchObject({ state: 'awarded' });
    const decided = await read(lot);
    expect([decided.state, decided.award!['decidedAt']]).toEqual(['awarded', harness.clock.now().toISOString()]);
    expect((await typesOf(lot)).filter((type) => type.startsWith('award.'))).toEqual([
      'award.intended',
      'award.standstill_ended',
      'award.decided',
    ]);
    const { rows } = await harness.owner.query<{ state: string }>('SELECT state FROM tender WHERE id = $1', [
      lot.tenderId,
    ]);
    expect(rows[0]!.state).toBe('awarded');
    expect(await codeOf(decide(lot))).toEqual([409, 'wrong_state']);
  });

  it('tells every bidder rank and reason at the same instant', async () => {
    const lot = await lotToEvaluate(harness, [...three, { unitPrice: '1.00', outcome: 'undecryptable' }]);
    const colleague = await harness.person({ role: 'vendor', organisationId: lot.bids[0]!.vendorId });
    await evaluated(harness, lot);
    await intend(lot);
    const { rows } = await harness.owner.query<{ account_id: string; at: Date; params: Record<string, string> }>(
      "SELECT account_id, at, params FROM notification WHERE code = 'award_intended' AND params->>'lotId' = $1",
      [lot.lotId],
    );
    expect(new Set(rows.map(({ at }) => at.getTime()))).toEqual(new Set([harness.clock.now().getTime()]));
    const rankOf = Object.fromEntries(rows.map(({ account_id, params }) => [account_id, params['rank']]));
    const [third, first, second, unopened] = lot.bids.map(({ user }) => user.id);
    expect(rankOf).toEqual({
      [third!]: '3',
      [colleague.id]: '3',
      [first!]: '1',
      [second!]: '2',
      [unopened!]: '-',
    });
    expect(rows.every(({ params }) => params['reason']!.length > 10 && params['title'] === 'School furniture')).toBe(
      true,
    );
  });

  it('is neither drafted nor announced before the evaluation is completed', async () => {
    const lot = await lotToEvaluate(harness, three);
    await judged(harness, lot);
    expect(await codeOf(harness.get(`${lot.path}/award`, lot.authority))).toEqual([422, 'evaluation_incomplete']);
    const end = new Date(harness.clock.now().getTime() + 11 * DAY_MS).toISOString();
    const signature = signed(lot.authority, 'award.intended', { lot_id: lot.lotId });
    expect(
      await codeOf(harness.post(`${lot.path}/award`, { standstillEndAt: end, ...signature }, lot.authority)),
    ).toEqual([422, 'evaluation_incomplete']);
    expect(await codeOf(decide(lot))).toEqual([409, 'wrong_state']);
    expect(await typesOf(lot)).toEqual(['refusal.recorded', 'refusal.recorded']);
  });

  it('is nobody’s to see before the announcement but the award authority’s', async () => {
    const lot = await lotToEvaluate(harness, three);
    await evaluated(harness, lot);
    for (const by of [undefined, lot.evaluators[0], lot.preparer, lot.bids[0]!.user])
      expect(await codeOf(harness.get(`${lot.path}/award`, by))).toEqual([404, 'not_found']);
    expect((await harness.get(`${lot.path}/award`, lot.authority)).status).toBe(200);
  });

  it('is not an evaluator’s to make, nor a former one’s, nor another tender’s authority’s', async () => {
    const lot = await lotToEvaluate(harness, three);
    const elsewhere = await lotToEvaluate(harness, three);
    await evaluated(harness, lot);
    const [first, second] = lot.evaluators;
    expect(await codeOf(intend(lot, first))).toEqual([403, 'not_allowed']);
    expect(await codeOf(intend(lot, elsewhere.authority))).toEqual([403, 'not_allowed']);
    expect(await codeOf(decide(lot, first))).toEqual([403, 'not_allowed']);
    await harness.grant(first!, { role: 'award_authority', tenderId: lot.tenderId });
    expect(await codeOf(intend(lot, first))).toEqual([403, 'role_conflict']);
    await harness.owner.query(
      "UPDATE role_assignment SET revoked_at = now() WHERE account_id = $1 AND role = 'evaluator'",
      [second!.id],
    );
    await harness.grant(second!, { role: 'award_authority', tenderId: lot.tenderId });
    expect(await codeOf(intend(lot, second))).toEqual([403, 'role_conflict']);
    expect((await intend(lot)).status).toBe(201);
    await endStandstill(lot);
    expect(await codeOf(decide(lot, first))).toEqual([403, 'role_conflict']);
    expect((await read(lot)).state).toBe('standstill');
  });

  it('is signed over exactly the draft, by a registered key, with an end that is not too early or late', async () => {
    const lot = await lotToEvaluate(harness, three);
    await evaluated(harness, lot);
    const { body } = await read(lot, lot.authority);
    expect(await codeOf(intend(lot, lot.authority, { amount: '1.00' }))).toEqual([422, 'signature_invalid']);
    const end = Date.parse(body!.standstill_end);
    for (const shift of [-1, 5 * DAY_MS]) {
      const change = { standstill_end: new Date(end + shift).toISOString() };
      expect(await codeOf(intend(lot, lot.authority, change))).toEqual([422, 'standstill_end_wrong']);
    }
    const wrongInstant = { standstillEndAt: '2026-13-01T00:00:00.000Z', ...signed(lot.authority, 'x', {}) };
    expect(await codeOf(harness.post(`${lot.path}/award`, wrongInstant, lot.authority))).toEqual([
      400,
      'request_malformed',
    ]);
    const stranger = await signer(harness);
    const foreign = { standstillEndAt: body!.standstill_end, ...signed(stranger, 'award.intended', body) };
    expect(await codeOf(harness.post(`${lot.path}/award`, foreign, lot.authority))).toEqual([
      422,
      'key_not_registered',
    ]);
    const bulk = { ...foreign, lots: [lot.lotId] };
    expect(await codeOf(harness.post(`${lot.path}/award`, bulk, lot.authority))).toEqual([400, 'request_malformed']);
    expect((await harness.owner.query('SELECT FROM award WHERE lot_id = $1', [lot.lotId])).rowCount).toBe(0);
    expect(
      (await harness.owner.query("SELECT FROM trail WHERE type = 'award.intended' AND tender_id = $1", [lot.tenderId]))
        .rowCount,
    ).toBe(0);
  });

  it('is announced once and decided once', async () => {
    const lot = await lotToEvaluate(harness, three);
    await evaluated(harness, lot);
    const { body } = await read(lot, lot.authority);
    const request = { standstillEndAt: body!.standstill_end, ...signed(lot.authority, 'award.intended', body) };
    const both = await Promise.all([1, 2].map(() => harness.post(`${lot.path}/award`, request, lot.authority)));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
    await endStandstill(lot);
    const decisions = await Promise.all([decide(lot), decide(lot)]);
    expect(new Set(decisions.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect((await typesOf(lot)).filter((type) => type.startsWith('award.'))).toHaveLength(3);
  });

  it('is not given to a vendor that was barred in between', async () => {
    const lot = await lotToEvaluate(harness, three);
    await evaluated(harness, lot);
    await intend(lot);
    await endStandstill(lot);
    const until = new Date(harness.clock.now().getTime() + DAY_MS);
    await harness.owner.query(
      'INSERT INTO vendor_exclusion (id, vendor_id, reason, excluded_by, from_at, until_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)',
      [lot.bids[1]!.vendorId, 'False documents.', lot.authority.id, harness.clock.now(), until],
    );
    expect(await codeOf(decide(lot))).toEqual([403, 'vendor_blacklisted']);
    expect((await read(lot)).state).toBe('standstill');
    // The authority is told beforehand; what only it weighs is for nobody else.
    const standing = { approved: true, excludedUntil: until.toISOString() };
    const told = await read(lot, lot.authority);
    expect(told.standing).toMatchObject(standing);
    expect(new Set(told.committee)).toEqual(new Set(lot.evaluators.map(({ id }) => id)));
    for (const other of [undefined, lot.evaluators[0]]) {
      const seen = await read(lot, other);
      expect([seen.standing, seen.committee]).toEqual([undefined, undefined]);
    }
  });

  it('runs under a demonstration’s short days too', async () => {
    const lot = await lotToEvaluate(harness, three, { pack: 'demo/fast' });
    await evaluated(harness, lot);
    const { body } = await read(lot, lot.authority);
    harness.clock.advance(900);
    const request = { standstillEndAt: body!.standstill_end, ...signed(lot.authority, 'award.intended', body) };
    expect((await harness.post(`${lot.path}/award`, request, lot.authority)).status).toBe(201);
    await endStandstill(lot);
    expect((await decide(lot)).status).toBe(201);
  });
});
