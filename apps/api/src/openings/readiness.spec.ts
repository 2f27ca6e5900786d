import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toBase64 } from '@segel/encoding';
import { answerReadiness } from '@segel/sealing';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import { entryBodies } from '../../../../test/support/opening-day.js';
import { expectStatus, publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';

type Challenge = { readonly id: string; readonly tenderId: string; readonly wrap: string };
type Standing = {
  readonly openerId: string;
  readonly group: string;
  readonly askedAt?: string;
  readonly provedAt?: string;
  readonly state: string;
  readonly k: number;
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
    expect(body.map(({ state }) => state)).toEqual(['ready', 'asked', 'asked', 'asked', 'asked', 'asked']);
    expect(body.map(({ k }) => k)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(body.map(({ group }) => group)).toEqual(['buyer', 'buyer', 'buyer', 'audit', 'audit', 'audit']);
    const stranger = await harness.person({ role: 'preparer' });
    expect((await harness.get(route, stranger)).status).toBe(403);
    expect((await harness.get(route)).status).toBe(401);
    expect((await harness.post(route, {}, tender.people.evaluators[0])).status).toBe(403);
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

  it('lets an opener ask for a drill of its own key, at any time', async () => {
    const drilled = await publishTender(harness);
    const [opener] = drilled.people.openers;
    const route = `/api/tenders/${drilled.tenderId}/readiness`;
    const asked = expectStatus(await harness.post<Standing[]>(route, {}, opener), 201);
    expect(asked.map(({ state }) => state)).toEqual(['asked', ...Array<string>(5).fill('not_asked')]);
    expectStatus(await harness.post<Standing[]>(route, {}, drilled.people.approver), 201);
    expect((await harness.post(route, {}, tender.people.openers[0])).status).toBe(403);
  });

  describe('of openers who let a challenge lie', () => {
    let late: PublishedTender;
    const noticesTo = async (accountId: string): Promise<readonly string[]> => {
      const { rows } = await harness.owner.query<{ code: string }>(
        "SELECT code FROM notification WHERE account_id = $1 AND params->>'tenderId' = $2 ORDER BY id",
        [accountId, late.tenderId],
      );
      return rows
        .map(({ code }) => code)
        .filter((code) => code.startsWith('readiness'))
        .sort();
    };
    const warnings = async (): Promise<number> => {
      const { rowCount } = await harness.owner.query(
        'SELECT FROM readiness_warning w JOIN readiness_challenge c ON c.id = w.challenge_id WHERE c.tender_id = $1',
        [late.tenderId],
      );
      expect(
        (await entryBodies(harness, late.tenderId, 'opening.readiness')).filter(({ stage }) => stage === 'missing')
          .length,
      ).toBe(rowCount);
      return rowCount ?? 0;
    };
    const proveOwn = async (opener: number): Promise<void> => {
      const person = late.people.openers[opener]!;
      const { suite, identity } = late.openerIdentities[opener]!;
      const open = expectStatus(await harness.get<readonly Challenge[]>('/api/readiness', person), 200);
      const { id, tenderId, wrap } = open.find((one) => one.tenderId === late.tenderId)!;
      const answer = answerReadiness(suite, identity, { tenderId, openerId: person.id }, fromBase64(wrap));
      expect((await harness.post(`/api/readiness/${id}/proof`, { answer: toBase64(answer) }, person)).status).toBe(204);
    };

    it('warns them and the officers a day before, and raises the alarm when too few of a group are left', async () => {
      late = await publishTender(harness);
      // Two days of two seconds before the deadline everybody is asked.
      harness.clock.advance(16_500);
      await harness.runDueJobs();
      for (const opener of [0, 1, 3]) await proveOwn(opener);
      harness.clock.advance(2000);
      await harness.runDueJobs();
      const { people } = late;
      const [asked, overdue] = ['readiness_requested', 'readiness_overdue'];
      expect(await noticesTo(people.openers[0]!.id)).toEqual([asked, asked]);
      expect(await noticesTo(people.openers[2]!.id)).toEqual([overdue, asked, asked]);
      // The buyer's group lacks one of three and needs two; of the other only one of three is ready.
      const told = ['readiness_alarm', 'readiness_alarm', 'readiness_missing'];
      expect(await noticesTo(people.preparer.id)).toEqual(told);
      expect(await noticesTo(people.approver.id)).toEqual(told);
      expect(await warnings()).toBe(3);
    });

    it('warns once of each challenge, and looks a last time half a day before', async () => {
      for (const opener of [0, 1, 2, 3, 4]) await proveOwn(opener);
      harness.clock.advance(1000);
      await harness.runDueJobs();
      await harness.owner.query("SELECT graphile_worker.add_job('opening.readiness_check', $1, run_at := $2)", [
        JSON.stringify({ tenderId: late.tenderId }),
        harness.clock.now(),
      ]);
      await harness.runDueJobs();
      expect(await warnings()).toBe(4);
      const told = ['readiness_alarm', 'readiness_alarm', 'readiness_missing', 'readiness_missing'];
      expect(await noticesTo(late.people.preparer.id)).toEqual(told);
      expect((await noticesTo(late.people.openers[5]!.id)).filter((code) => code === 'readiness_overdue').length).toBe(
        2,
      );
    });
  });
});
