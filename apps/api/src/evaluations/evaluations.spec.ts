import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { canonicalBytes, sha256, toBase64, type CanonicalObject } from '@segel/encoding';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import {
  CRITERION,
  declare,
  evaluated,
  judged,
  lotToEvaluate,
  REJECTION,
  signed,
  signer,
  signResult,
  type LotToEvaluate,
} from '../../../../test/support/lot-to-evaluate.js';

type Problem = { code: string };
type BidView = { id: string; outcome: string; vendorName: string; offer?: object; findings: { evaluatorId: string }[] };
type Result = {
  bids: { bid_id: string; rank?: number; corrected_total?: string; tie_key?: string; reasons: { code: string }[] }[];
  failure?: string;
  winner?: { bid_id: string; amount: string };
};
type Preview = { completed: boolean; resultSha256: string; result: Result; missing: object[]; committee: string[] };

jest.setTimeout(60_000);

describe('the evaluation of a lot', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '10000' });
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const three = [{ unitPrice: '110.00' }, { unitPrice: '100.10' }, { unitPrice: '105.00' }];
  const codeOf = async (answer: Promise<{ status: number; body: unknown }>): Promise<[number, string]> => {
    const { status, body } = await answer;
    return [status, (body as Problem).code];
  };
  const stateOf = async (lot: LotToEvaluate): Promise<string[]> => {
    const { rows } = await harness.owner.query<{ lot: string; tender: string }>(
      'SELECT l.state AS lot, t.state AS tender FROM lot l JOIN tender t ON t.id = l.tender_id WHERE l.id = $1',
      [lot.lotId],
    );
    return [rows[0]!.lot, rows[0]!.tender];
  };
  const trailOf = async (lot: LotToEvaluate): Promise<string[]> => {
    await harness.published();
    const { rows } = await harness.owner.query<{ type: string }>(
      `SELECT t.type FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
       WHERE t.tender_id = $1 AND t.type <> 'bid.submitted' ORDER BY e.idx`,
      [lot.tenderId],
    );
    return rows.map(({ type }) => type);
  };
  const previewOf = async (lot: LotToEvaluate, i = 0): Promise<Preview> =>
    (await harness.get<Preview>(`${lot.path}/evaluation`, lot.evaluators[i])).body;

  it('is computed from the frozen rows, signed by the majority, and completed in the log', async () => {
    const lot = await lotToEvaluate(harness, three);
    const [high, low, middle] = lot.bids.map(({ id }) => id);
    await judged(harness, lot);
    expect(await stateOf(lot)).toEqual(['evaluating', 'evaluating']);

    const preview = await previewOf(lot);
    expect(preview.result.bids.map(({ bid_id, rank }) => [bid_id, rank])).toEqual([
      [low, 1],
      [middle, 2],
      [high, 3],
    ]);
    expect(preview.result.winner).toMatchObject({ bid_id: low, amount: '300.30' });
    expect(toBase64(sha256(canonicalBytes(preview.result as unknown as CanonicalObject)))).toBe(preview.resultSha256);
    expect(await previewOf(lot, 2)).toEqual(preview);

    expect((await signResult(harness, lot, lot.evaluators[0]!, preview.resultSha256)).body).toMatchObject({
      signed: 1,
      committee: 3,
    });
    await harness.runDueJobs();
    expect((await previewOf(lot)).completed).toBe(false);
    expect((await signResult(harness, lot, lot.evaluators[1]!, preview.resultSha256)).status).toBe(201);
    await harness.runDueJobs();
    const completed = await previewOf(lot);
    expect([completed.completed, completed.resultSha256]).toEqual([true, preview.resultSha256]);
    const trail = await trailOf(lot);
    expect(trail.slice(-3)).toEqual(['evaluation.consensus', 'evaluation.consensus', 'evaluation.completed']);
    expect(trail.filter((type) => type === 'evaluation.score_committed')).toHaveLength(9);
    const last = await signResult(harness, lot, lot.evaluators[2]!, preview.resultSha256);
    expect([last.status, last.body['signed']]).toEqual([201, 3]);
    await harness.runDueJobs();
    expect((await trailOf(lot)).filter((type) => type === 'evaluation.completed')).toHaveLength(1);
    const again = { bidId: low, admitted: true };
    expect(await codeOf(harness.post(`${lot.path}/findings`, again, lot.evaluators[2]))).toEqual([409, 'wrong_state']);
  });

  it('shows nothing to an evaluator before the declaration, and leaves an entry of the attempt', async () => {
    const lot = await lotToEvaluate(harness, three);
    const [first] = lot.evaluators;
    expect(await codeOf(harness.get(`${lot.path}/opened-bids`, first))).toEqual([403, 'conflict_not_declared']);
    expect(await codeOf(harness.get(`${lot.path}/evaluation`, first))).toEqual([403, 'conflict_not_declared']);
    const finding = { bidId: lot.bids[0]!.id, admitted: true };
    expect(await codeOf(harness.post(`${lot.path}/findings`, finding, first))).toEqual([403, 'conflict_not_declared']);
    expect(await trailOf(lot)).toEqual(['refusal.recorded', 'refusal.recorded', 'refusal.recorded']);
    expect(await stateOf(lot)).toEqual(['opened', 'opened']);
  });

  it('takes only a declaration signed by the evaluator’s own registered key', async () => {
    const lot = await lotToEvaluate(harness, three);
    const [first, second] = lot.evaluators;
    const route = `/api/tenders/${lot.tenderId}/conflict-declarations`;
    const kind = 'evaluation.conflict_declared';
    const own = signed(first!, kind, { tender_id: lot.tenderId, account_id: first!.id, conflict: false });
    const others = signed(second!, kind, { tender_id: lot.tenderId, account_id: first!.id, conflict: false });
    expect(await codeOf(harness.post(route, { conflict: true, ...own }, first))).toEqual([422, 'signature_invalid']);
    expect(await codeOf(harness.post(route, { conflict: false, ...others }, first))).toEqual([
      422,
      'key_not_registered',
    ]);
    expect(await codeOf(harness.post(route, { conflict: false, ...own, note: 'x' }, first))).toEqual([
      400,
      'request_malformed',
    ]);
    expect((await harness.post(route, { conflict: false, ...own }, first)).status).toBe(201);
    expect(await codeOf(harness.post(route, { conflict: false, ...own }, first))).toEqual([409, 'wrong_state']);
  });

  it('is closed to who declared a conflict, also when it shows only after the opening, and for good', async () => {
    const lot = await lotToEvaluate(harness, three, { evaluators: 5 });
    const [first, second] = lot.evaluators;
    expect((await declare(harness, lot, first!, true)).status).toBe(201);
    expect(await codeOf(harness.get(`${lot.path}/opened-bids`, first))).toEqual([403, 'conflict_declared']);
    expect(await codeOf(declare(harness, lot, first!, false))).toEqual([409, 'wrong_state']);

    await declare(harness, lot, second!);
    expect((await harness.get(`${lot.path}/opened-bids`, second)).status).toBe(200);
    expect((await declare(harness, lot, second!, true)).status).toBe(201);
    for (const route of ['opened-bids', 'evaluation'])
      expect(await codeOf(harness.get(`${lot.path}/${route}`, second))).toEqual([403, 'conflict_declared']);
    const finding = { bidId: lot.bids[0]!.id, admitted: true };
    expect(await codeOf(harness.post(`${lot.path}/findings`, finding, second))).toEqual([403, 'conflict_declared']);
  });

  it('is for the evaluators of this tender, not for strangers, other evaluators, the preparer or bidders', async () => {
    const lot = await lotToEvaluate(harness, three);
    const elsewhere = await lotToEvaluate(harness, three);
    expect(await codeOf(harness.get(`${lot.path}/opened-bids`))).toEqual([401, 'not_signed_in']);
    for (const by of [elsewhere.evaluators[0], lot.preparer, lot.authority, lot.bids[0]!.user]) {
      for (const route of ['opened-bids', 'evaluation'])
        expect(await codeOf(harness.get(`${lot.path}/${route}`, by))).toEqual([403, 'not_allowed']);
      const finding = { bidId: lot.bids[0]!.id, admitted: true };
      expect(await codeOf(harness.post(`${lot.path}/findings`, finding, by))).toEqual([403, 'not_allowed']);
    }
    await declare(harness, lot, lot.evaluators[0]!);
    const wrongPair = `/api/tenders/${lot.tenderId}/lots/${elsewhere.lotId}/opened-bids`;
    expect(await codeOf(harness.get(wrongPair, lot.evaluators[0]))).toEqual([404, 'not_found']);
  });

  it('rejects one bid at a time, on a criterion of the terms, with evidence and text', async () => {
    const lot = await lotToEvaluate(harness, [...three, { unitPrice: '1.00', outcome: 'undecryptable' }]);
    const [by] = lot.evaluators;
    await declare(harness, lot, by!);
    const bidId = lot.bids[0]!.id;
    const post = (body: object): Promise<[number, string]> =>
      codeOf(harness.post(`${lot.path}/findings`, { bidId, ...body }, by));
    const { criterionId: _c, ...noCriterion } = REJECTION;
    const { evidence: _e, ...noEvidence } = REJECTION;
    const { reason: _r, ...noReason } = REJECTION;
    expect(await post(noCriterion)).toEqual([422, 'rejection_incomplete']);
    expect(await post(noEvidence)).toEqual([422, 'rejection_incomplete']);
    expect(await post(noReason)).toEqual([422, 'rejection_incomplete']);
    expect(await post({ ...REJECTION, evidence: '   ' })).toEqual([422, 'rejection_incomplete']);
    expect(await post({ ...REJECTION, criterionId: 'too-foreign' })).toEqual([422, 'criterion_unknown']);
    expect(await post({ ...REJECTION, admitted: true })).toEqual([400, 'request_malformed']);
    expect(await post({ ...REJECTION, bidId: lot.bids.map(({ id }) => id) })).toEqual([400, 'request_malformed']);
    expect(await post({ ...REJECTION, bidIds: [bidId] })).toEqual([400, 'request_malformed']);
    expect(await codeOf(harness.post(`${lot.path}/findings`, [{ bidId, ...REJECTION }], by))).toEqual([
      400,
      'request_malformed',
    ]);
    expect(await post({ ...REJECTION, bidId: lot.tenderId })).toEqual([404, 'bid_unknown']);
    expect(await post({ ...REJECTION, bidId: lot.bids[3]!.id })).toEqual([409, 'wrong_state']);
    expect(await stateOf(lot)).toEqual(['opened', 'opened']);
    expect((await harness.owner.query('SELECT FROM finding WHERE lot_id = $1', [lot.lotId])).rowCount).toBe(0);

    expect((await harness.post(`${lot.path}/findings`, { bidId, ...REJECTION }, by)).status).toBe(201);
    expect(await post({ admitted: true })).toEqual([409, 'wrong_state']);
  });

  it('shows findings of others on a bid only to who has committed an own one', async () => {
    const lot = await lotToEvaluate(harness, three);
    const [first, second, third] = lot.evaluators;
    for (const by of lot.evaluators) await declare(harness, lot, by);
    const bidId = lot.bids[0]!.id;
    await harness.post(`${lot.path}/findings`, { bidId, ...REJECTION }, first);
    await harness.post(`${lot.path}/findings`, { bidId, admitted: true }, second);
    const seenBy = async (by: typeof first): Promise<string[]> => {
      const { body } = await harness.get<{ items: BidView[] }>(`${lot.path}/opened-bids`, by);
      expect(body.items.map(({ id }) => id)).toEqual(lot.bids.map(({ id }) => id).sort());
      return body.items.flatMap(({ findings }) => findings.map(({ evaluatorId }) => evaluatorId));
    };
    expect(await seenBy(third)).toEqual([]);
    expect((await seenBy(first)).sort()).toEqual([first!.id, second!.id].sort());
    expect(await codeOf(harness.get(`${lot.path}/evaluation`, third))).toEqual([422, 'evaluation_incomplete']);
    const page = await harness.get<{ items: BidView[]; next?: string }>(`${lot.path}/opened-bids?limit=2`, third);
    expect([page.body.items.length, page.body.items[0]!.offer !== undefined]).toEqual([2, true]);
    const rest = await harness.get<{ items: BidView[] }>(
      `${lot.path}/opened-bids?limit=2&after=${page.body.next}`,
      third,
    );
    expect(rest.body.items).toHaveLength(1);
  });

  it('cannot be signed while a finding is missing, with another hash, twice, or by a committee that is too small', async () => {
    const lot = await lotToEvaluate(harness, three);
    const [first, second] = lot.evaluators;
    await declare(harness, lot, first!);
    await declare(harness, lot, second!);
    for (const { id } of lot.bids) await harness.post(`${lot.path}/findings`, { bidId: id, admitted: true }, first);
    const early = await previewOf(lot);
    expect(await codeOf(signResult(harness, lot, first!, early.resultSha256))).toEqual([
      422,
      'evaluators_insufficient',
    ]);
    await declare(harness, lot, lot.evaluators[2]!);
    expect(await codeOf(signResult(harness, lot, first!, early.resultSha256))).toEqual([422, 'evaluation_incomplete']);
    for (const by of lot.evaluators.slice(1))
      for (const { id } of lot.bids) await harness.post(`${lot.path}/findings`, { bidId: id, admitted: true }, by);

    const other = toBase64(sha256(new Uint8Array(1)));
    expect(await codeOf(signResult(harness, lot, first!, other))).toEqual([422, 'evaluation_differs']);
    const forged = signed(first!, 'evaluation.consensus', { lot_id: lot.lotId, sha256: other });
    const { resultSha256 } = await previewOf(lot);
    expect(await codeOf(harness.post(`${lot.path}/evaluation`, { resultSha256, ...forged }, first))).toEqual([
      422,
      'signature_invalid',
    ]);
    expect((await signResult(harness, lot, first!, resultSha256)).status).toBe(201);
    expect(await codeOf(signResult(harness, lot, first!, resultSha256))).toEqual([409, 'wrong_state']);
    await harness.runDueJobs();
    expect((await previewOf(lot)).completed).toBe(false);
  });

  it('is never the preparer’s alone, even where a pack lets the preparer evaluate', async () => {
    const lot = await lotToEvaluate(harness, three, { evaluators: 0, pack: 'id/tender-goods' });
    await harness.grant(lot.preparer, { role: 'evaluator', tenderId: lot.tenderId });
    const alone: LotToEvaluate = { ...lot, evaluators: [lot.preparer] };
    await judged(harness, alone);
    const { resultSha256 } = await previewOf(alone);
    expect(await codeOf(signResult(harness, alone, lot.preparer, resultSha256))).toEqual([
      422,
      'evaluators_insufficient',
    ]);
  });

  it('rejects a bid when most of the committee does, and keeps the reasons', async () => {
    const lot = await lotToEvaluate(harness, three);
    for (const by of lot.evaluators) await declare(harness, lot, by);
    const [high, low] = lot.bids.map(({ id }) => id);
    for (const [i, by] of lot.evaluators.entries()) {
      for (const { id } of lot.bids) {
        const rejects = (id === low && i < 2) || (id === high && i === 0);
        await harness.post(`${lot.path}/findings`, { bidId: id, ...(rejects ? REJECTION : { admitted: true }) }, by);
      }
    }
    const { result } = await previewOf(lot);
    const rejected = result.bids.find(({ bid_id }) => bid_id === low)!;
    expect(rejected.reasons.map(({ code }) => code)).toEqual(['criterion', 'criterion']);
    expect(rejected.reasons[0]).toMatchObject({ criterion_id: CRITERION, evidence: REJECTION.evidence });
    expect(result.bids.find(({ bid_id }) => bid_id === high)!.rank).toBe(2);
    expect(result.winner!.bid_id).toBe(lot.bids[2]!.id);
  });

  it('lets the unit price govern: the arithmetic correction changes the rank', async () => {
    const lot = await lotToEvaluate(harness, [{ unitPrice: '110.00', lineTotal: '200.00' }, { unitPrice: '100.00' }]);
    await judged(harness, lot);
    const { result } = await previewOf(lot);
    expect(result.bids.map(({ bid_id, corrected_total }) => [bid_id, corrected_total])).toEqual([
      [lot.bids[1]!.id, '300.00'],
      [lot.bids[0]!.id, '330.00'],
    ]);
  });

  it('draws between equal prices by the hash of the frozen box', async () => {
    const lot = await lotToEvaluate(harness, [{ unitPrice: '100.00' }, { unitPrice: '100.00' }]);
    await judged(harness, lot);
    const { result } = await previewOf(lot);
    const keys = result.bids.map((bid) => Buffer.from(bid.tie_key!, 'base64'));
    expect(keys).toHaveLength(2);
    expect(Buffer.compare(keys[0]!, keys[1]!)).toBe(-1);
    expect(result.bids.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['lowest_price', 'tie'],
      ['lowest_price', 'tie'],
    ]);
  });

  it('ends the lot when no bid is valid, and tells every bidder why at the same instant', async () => {
    const lot = await lotToEvaluate(harness, [
      { unitPrice: '100.00' },
      { unitPrice: '90.00', outcome: 'undecryptable' },
    ]);
    await evaluated(harness, lot, [lot.bids[0]!.id]);
    expect(await stateOf(lot)).toEqual(['failed', 'failed']);
    expect((await trailOf(lot)).slice(-2)).toEqual(['evaluation.completed', 'tender.failed']);
    const { rows } = await harness.owner.query<{ account_id: string; at: Date; params: { reason: string } }>(
      "SELECT account_id, at, params FROM notification WHERE code = 'tender_failed' AND params->>'lotId' = $1",
      [lot.lotId],
    );
    expect(rows.map(({ account_id }) => account_id).sort()).toEqual(lot.bids.map(({ user }) => user.id).sort());
    expect(new Set(rows.map(({ at }) => at.getTime())).size).toBe(1);
    expect(rows.map(({ params }) => params.reason.length > 10)).toEqual([true, true]);
    expect((await harness.get(`${lot.path}/award`)).body).toMatchObject({ state: 'failed', failure: 'none_valid' });
    const job = { tenderId: lot.tenderId, lotId: lot.lotId };
    await harness.owner.query("SELECT graphile_worker.add_job('evaluation.fail', payload := $1::json)", [
      JSON.stringify(job),
    ]);
    const before = (await trailOf(lot)).length;
    await harness.runDueJobs();
    expect((await trailOf(lot)).length).toBe(before);
  });

  it('does not complete when a late conflict took the majority away', async () => {
    const lot = await lotToEvaluate(harness, three);
    await judged(harness, lot);
    const { resultSha256 } = await previewOf(lot);
    for (const by of lot.evaluators.slice(0, 2)) await signResult(harness, lot, by, resultSha256);
    await declare(harness, lot, lot.evaluators[1]!, true);
    await harness.runDueJobs();
    expect((await previewOf(lot)).completed).toBe(false);
    const fourth = await signer(harness, { role: 'evaluator', tenderId: lot.tenderId });
    await declare(harness, lot, fourth);
    for (const { id } of lot.bids) await harness.post(`${lot.path}/findings`, { bidId: id, admitted: true }, fourth);
    expect((await signResult(harness, lot, fourth, resultSha256)).body).toMatchObject({ signed: 2, committee: 3 });
    await harness.runDueJobs();
    expect((await previewOf(lot)).completed).toBe(true);
  });
});
