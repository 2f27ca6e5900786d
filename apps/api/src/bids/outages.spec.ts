import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@segel/encoding';
import { rulePack } from '@segel/procurement';
import { randomBytes } from 'node:crypto';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, sealFor, submitBid, uploadParts } from '../../../../test/support/sealed-bid.js';
import { policyOf } from '../../../../test/attacks/powers.js';
import { verifyTender } from '../../../cli/src/verify/index.js';
import { Prober } from '../platform/probe/prober.js';
import { RowAudit } from '../audit/row-audit.service.js';

const { extendHours, atMost } = rulePack('demo/fast').outage!;
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('an outage before the deadline', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ OUTAGE_PROBE_S: '60' }, []);
  });
  afterAll(() => harness.stop());

  /** Probes every minute while time passes, but for the minutes of the outage (from the start). */
  async function pass(ms: number, down: { from: number; to: number } = { from: 0, to: 0 }): Promise<void> {
    for (let at = 0; at < ms; at += MINUTE) {
      const now = harness.clock.now();
      const isDown = at >= down.from * MINUTE && at < down.to * MINUTE;
      // The first half fails, the second half is a worker that is dead.
      const dead = isDown && at >= ((down.from + down.to) / 2) * MINUTE;
      if (!dead)
        await harness.owner.query('INSERT INTO probe (id, at, ok, ms, failed) VALUES ($1, $2, $3, 5, $4)', [
          uuidV7(now.getTime(), randomBytes(10)),
          now,
          !isDown,
          isDown ? ['quorum'] : [],
        ]);
      harness.clock.advance(Math.min(MINUTE, ms - at));
    }
  }

  const view = async ({ tenderId }: PublishedTender): Promise<Record<string, unknown>> =>
    (await harness.get(`/api/tenders/${tenderId}`)).body;
  const report = async ({ tenderId }: PublishedTender): Promise<readonly string[]> => {
    await harness.published();
    const policy = await policyOf(harness);
    const { findings } = await verifyTender({ base: harness.url, tenderId, policy: policy.text });
    return findings
      .filter(({ severity }) => severity === 'error')
      .map(({ check, code }) => `${check}/${code}`)
      .filter((name) => !name.startsWith('attested/') && !name.startsWith('witnessed/'));
  };
  const audit = async (): Promise<readonly string[]> =>
    ((await harness.app.get(RowAudit).look())?.findings ?? [])
      .filter(({ table }) => ['tender', 'outage', 'lot'].includes(table))
      .map(({ table, row, columns }) => `${table} ${row} ${String(columns)}`)
      .filter((line) => line.startsWith('outage') || line.includes('deadline'));

  it('of half an hour and more moves the one deadline; bids count, late ones come in, strangers can compute it', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 3 * HOUR });
    const deadline = Date.parse(tender.terms.deadlineAt);
    const vendor = await approvedVendor(harness, 'Early');
    await sealAndSubmit(harness, tender, vendor);
    await pass(2 * HOUR + 55 * MINUTE, { from: 60, to: 120 });
    await harness.runDueJobs();
    const moved = new Date(deadline + extendHours * HOUR).toISOString();
    expect(await view(tender)).toMatchObject({ deadlineAt: moved, outages: [{ minutes: 60, extendedTo: moved }] });
    expect((await harness.get(`/api/tenders/${tender.tenderId}/kit`)).body['deadlineAt']).toBe(moved);
    const told = await harness.owner.query<{ id: string }>(
      "SELECT account_id AS id FROM notification WHERE code = 'deadline_extended'",
    );
    const people = [vendor, tender.people.preparer, tender.people.approver, ...tender.people.openers];
    expect(told.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(people.map(({ id }) => id)));
    // The old deadline passes, and nothing closes.
    await pass(10 * MINUTE);
    await harness.runDueJobs();
    expect((await view(tender))['state']).toBe('tendering');
    await sealAndSubmit(harness, tender, await approvedVendor(harness, 'Came back'));
    await pass(Date.parse(moved) - harness.clock.now().getTime() + 1000);
    const late = await approvedVendor(harness, 'Late');
    const sealed = await sealFor(harness, tender.tenderId, late);
    await uploadParts(harness, tender.tenderId, late, sealed).catch(() => undefined);
    expect((await submitBid(harness, tender.tenderId, late, sealed)).status).toBe(422);
    await harness.runDueJobs();
    const { body: boxes } = await harness.get<{ deadlineAt: string; count: number }[]>(
      `/api/tenders/${tender.tenderId}/boxes`,
    );
    expect(boxes).toMatchObject([{ deadlineAt: moved, count: 2 }]);
    expect(await report(tender)).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it('publishes its probes by their hash, and those of no other tender', async () => {
    const { rows } = await harness.owner.query<{ tender: string; hex: string }>(
      "SELECT tender_id AS tender, encode(evidence_sha256, 'hex') AS hex FROM outage LIMIT 1",
    );
    const { tender, hex } = rows[0]!;
    const answer = await harness.get<{ probes: unknown[] }>(`/api/tenders/${tender}/outages/${hex}`);
    expect(answer.body.probes.length).toBeGreaterThan(60);
    const missing = await harness.get(`/api/tenders/${tender}/outages/${'00'.repeat(32)}`);
    expect([missing.status, missing.body['code']]).toEqual([404, 'not_found']);
  });

  it('that is short moves nothing; a corrupt official who asks has no route for it', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 3 * HOUR });
    await pass(3 * HOUR, { from: 60, to: 85 });
    for (const route of ['outages', 'outage', 'deadline', 'extension'])
      expect((await harness.post(`/api/tenders/${tender.tenderId}/${route}`, {}, tender.people.preparer)).status).toBe(
        404,
      );
    await harness.runDueJobs();
    expect(await view(tender)).toMatchObject({ deadlineAt: tender.terms.deadlineAt, outages: [] });
    expect((await view(tender))['state']).not.toBe('tendering');
    expect(await report(tender)).toEqual([]);
  });

  it('that lasts moves the deadline only as often as the rules say; the last one is told, and the box closes', async () => {
    const tender = await publishTender(harness, { deadlineInMs: HOUR });
    for (let i = 0; i <= atMost; i++) {
      harness.clock.set(String((await view(tender))['deadlineAt']));
      await harness.runDueJobs();
    }
    const { outages, state } = await view(tender);
    expect((outages as { extendedTo?: string }[]).map(({ extendedTo }) => extendedTo !== undefined)).toEqual([
      ...Array.from({ length: atMost }, () => true),
      false,
    ]);
    expect(state).not.toBe('tendering');
    expect(await report(tender)).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it('is seen by the probe where a bidder would see it', async () => {
    const prober = harness.app.get(Prober);
    expect(await prober.probe(harness.url)).toMatchObject({ ok: true, failed: [] });
    expect(await prober.probe('http://127.0.0.1:9')).toMatchObject({ ok: false, failed: ['public_address'] });
    expect((await harness.get('/api/health/bidding')).body).toEqual({ ok: true, failed: [] });
  });
});
