import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toBase64 } from '@segel/encoding';
import { answerReadiness } from '@segel/sealing';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import { expectStatus, publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';

type Challenge = { readonly id: string; readonly tenderId: string; readonly wrap: string };
type Standing = {
  readonly openerId: string;
  readonly group: string;
  readonly askedAt?: string;
  readonly provedAt?: string;
};

jest.setTimeout(60_000);

describe('readiness of openers', () => {
  let harness: Harness;
  let tender: PublishedTender;
  beforeAll(async () => {
    harness = await startHarness();
    tender = await publishTender(harness);
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const challengesOf = async (opener: number): Promise<readonly Challenge[]> =>
    expectStatus(await harness.get<readonly Challenge[]>('/api/readiness', tender.people.openers[opener]!), 200);

  const answerOf = (opener: number, { wrap }: Challenge): string => {
    const { openerId, suite, identity } = tender.openerIdentities[opener]!;
    return toBase64(answerReadiness(suite, identity, { tenderId: tender.tenderId, openerId }, fromBase64(wrap)));
  };

  const prove = async (opener: number, id: string, answer: string): Promise<Answer<{ code?: string }>> =>
    harness.post(`/api/readiness/${id}/proof`, { answer }, tender.people.openers[opener]!);

  const entries = async (stage: string): Promise<number> => {
    const { rows } = await harness.owner.query<{ body: { stage: string } }>(
      `SELECT convert_from(o.entry_bytes, 'UTF8')::jsonb->'body' AS body FROM trail t JOIN tlog.opening o ON o.commitment = t.commitment
       WHERE t.type = 'opening.readiness'`,
    );
    return rows.filter(({ body }) => body.stage === stage).length;
  };

  it('asks every opener the notice names when the preparer says so', async () => {
    const asked = await harness.post<Standing[]>(
      `/api/tenders/${tender.tenderId}/readiness`,
      {},
      tender.people.preparer,
    );
    expect(asked.status).toBe(201);
    expect(asked.body.map(({ openerId }) => openerId)).toEqual(tender.people.openers.map(({ id }) => id));
    expect(asked.body.every(({ askedAt, provedAt }) => askedAt !== undefined && provedAt === undefined)).toBe(true);
    expect(await entries('asked')).toBe(6);
    const { rows } = await harness.owner.query("SELECT FROM notification WHERE code = 'readiness_requested'");
    expect(rows.length).toBe(6);
  });

  it('shows each opener its own challenge, and takes only the answer of its key', async () => {
    const [challenge] = await challengesOf(0);
    expect(challenge?.tenderId).toBe(tender.tenderId);
    const [other] = await challengesOf(1);
    expect(other!.id).not.toBe(challenge!.id);

    const wrong = await prove(0, challenge!.id, answerOf(1, other!));
    expect([wrong.status, wrong.body.code]).toEqual([422, 'readiness_wrong']);
    expect(await entries('failed')).toBe(1);
    const foreign = await prove(1, challenge!.id, answerOf(0, challenge!));
    expect([foreign.status, foreign.body.code]).toEqual([422, 'readiness_unknown']);

    expect((await prove(0, challenge!.id, answerOf(0, challenge!))).status).toBe(204);
    expect(await entries('proved')).toBe(1);
    expect(await challengesOf(0)).toEqual([]);
    const again = await prove(0, challenge!.id, answerOf(0, challenge!));
    expect(again.body.code).toBe('readiness_unknown');
  });

  it('tells the team who has proved and who has not', async () => {
    const route = `/api/tenders/${tender.tenderId}/readiness`;
    const { body } = await harness.get<Standing[]>(route, tender.people.approver);
    expect(body.map(({ provedAt }) => provedAt !== undefined)).toEqual([true, false, false, false, false, false]);
    expect(body.map(({ group }) => group)).toEqual(['buyer', 'buyer', 'buyer', 'audit', 'audit', 'audit']);
    const stranger = await harness.person({ role: 'preparer' });
    expect((await harness.get(route, stranger)).status).toBe(403);
    expect((await harness.get(route)).status).toBe(401);
    expect((await harness.post(route, {}, tender.people.approver)).status).toBe(403);
    expect((await harness.get('/api/readiness', tender.people.preparer)).status).toBe(403);
  });

  it('never lets the challenge answer itself: the log has its hash before anybody has the challenge', async () => {
    const { rows } = await harness.owner.query<{ before: boolean }>(
      `SELECT bool_and(t.at <= c.asked_at) AS before FROM readiness_challenge c
       JOIN trail t ON t.type = 'opening.readiness' AND t.subject_id = c.opener_id AND t.at = c.asked_at`,
    );
    expect(rows[0]?.before).toBe(true);
    const [challenge] = await challengesOf(2);
    expect((await prove(2, challenge!.id, toBase64(new Uint8Array(32)))).body.code).toBe('readiness_wrong');
    expect((await prove(2, challenge!.id, 'AAAA')).status).toBe(400);
  });

  it('asks again by the clock, once however often the job runs', async () => {
    // Two days and one day of the pack before the deadline: a day of `demo/fast` lasts two seconds.
    const later = await publishTender(harness);
    const count = async (): Promise<number> => {
      const sql = 'SELECT FROM readiness_challenge WHERE tender_id = $1';
      return (await harness.owner.query(sql, [later.tenderId])).rowCount ?? 0;
    };
    expect(await count()).toBe(0);
    harness.clock.advance(16_500);
    await harness.runDueJobs();
    expect(await count()).toBe(6);
    await harness.owner.query("SELECT graphile_worker.add_job('opening.readiness', $1, run_at := $2)", [
      JSON.stringify({ tenderId: later.tenderId }),
      harness.clock.now(),
    ]);
    await harness.runDueJobs();
    expect(await count()).toBe(6);
    harness.clock.advance(2000);
    await harness.runDueJobs();
    expect(await count()).toBe(12);
  });
});
