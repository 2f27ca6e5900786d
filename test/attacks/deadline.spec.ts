/** Attacks on the deadline, under a witness that is somebody else's: it has a clock of its own. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyReceipt } from '@segel/tlog';
import { mayRelease, openShares, type ReleaseSet } from '@segel/acts';
import type { Harness } from '../support/harness.js';
import { attestBox, closeBoxes, releaseRoute, releaseShares, sendRelease, sharesOf } from '../support/opening-day.js';
import type { BoxAnswer } from '../support/opening-day.js';
import { publishTender, type PublishedTender } from '../support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from '../support/sealed-bid.js';
import { startWithForeignWitness, type WitnessedHarness } from './foreign-witness.js';
import { policyOf, publicLog, refusalOf, tamper, tenderErrors } from './powers.js';

describe('the deadline', () => {
  let scene: WitnessedHarness;
  let harness: Harness;
  let tender: PublishedTender;
  let deadlineMs: number;
  beforeEach(async () => {
    scene = await startWithForeignWitness();
    ({ harness } = scene);
    tender = await publishTender(harness);
    deadlineMs = Date.parse(tender.terms.deadlineAt);
    await sealAndSubmit(harness, tender, await approvedVendor(harness, 'Honest'));
  });
  afterEach(() => scene.end());

  /** Both clocks, the server's and the witness's. */
  function setClocks(ms: number): void {
    scene.witness.clock.set(new Date(ms));
    harness.clock.set(new Date(ms));
  }

  it('operator backdates a late bid: its index and the witnesses’ time tell, to openers and to the verifier', async () => {
    scene.witness.clock.set(new Date(deadlineMs + 1000));
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    await harness.published();
    expect(await askOpener(box)).toBe('would release 1');

    // The operator opens the tender once more and turns the server's clock back: the server itself takes the bid.
    const reopen = (state: string): Promise<void> =>
      tamper(
        harness,
        `WITH moved AS (UPDATE lot SET state = '${state}' WHERE tender_id = $1) UPDATE tender SET state = '${state}' WHERE id = $1`,
        [tender.tenderId],
      );
    await reopen('tendering');
    harness.clock.set(new Date(deadlineMs - 5000));
    const crony = await approvedVendor(harness, 'Crony');
    const late = await sealAndSubmit(harness, tender, crony);
    expect(Date.parse(late.submitted.submittedAt)).toBeLessThan(deadlineMs);
    await reopen('closed');
    await tamper(harness, 'INSERT INTO box_bid (box_id, bid_id) VALUES ($1, $2)', [box.id, late.bidId]);
    await tamper(harness, 'UPDATE box SET count = count + 1 WHERE id = $1', [box.id]);
    setClocks(deadlineMs + 10_000);

    const receipt = await receiptOf(crony, late.bidId);
    expect(receipt.index).toBeGreaterThanOrEqual(box.cutSize);
    expect(receipt.quorumTime! * 1000).toBeGreaterThanOrEqual(deadlineMs);
    // An honest opener's client has the set from the log, and releases nothing.
    expect(await askOpener(box)).toBe('set_differs');
    // Openers who are in it release all the same; then everybody can see it.
    await releaseShares(harness, tender, box, [0, 1, 3, 4]);
    await harness.published();
    expect(await tenderErrors(harness, tender.tenderId)).toEqual(
      expect.arrayContaining(['bids/bid_after_cut', 'box/box_count', 'box/set_root']),
    );
  });

  /** What the first opener's client decides. */
  async function askOpener(box: BoxAnswer): Promise<string> {
    const { tenderId, people, openerIdentities } = tender;
    const opener = people.openers[0]!;
    const set = await harness.get<ReleaseSet>(releaseRoute(tender, box, 'release-set'), opener);
    const refusal = await refusalOf(async () => {
      const log = await publicLog(harness);
      const question = { log, tenderId, lotId: box.lotId, envelope: 'single', now: harness.clock.now() } as const;
      const permission = await mayRelease(question);
      const { identity } = openerIdentities[0]!;
      const keys = { signingSecret: opener.secret, openerIdentities: [{ tenderId, identity }] };
      openShares(set.body, permission, { keys, openerId: opener.id, logOrigin: log.checkpoint.origin });
    });
    return refusal === 'agreed' ? `would release ${set.body.bids.length}` : refusal;
  }

  async function receiptOf(vendor: VendorUser, bidId: string): Promise<ReturnType<typeof verifyReceipt>> {
    const route = `/api/tenders/${tender.tenderId}/bids/${bidId}/receipt?waitMs=10000`;
    return verifyReceipt((await harness.get(route, vendor)).text, await policyOf(harness));
  }

  it('witness outage at deadline: no bid is lost or voided, the verifier says what is missing, and people decide', async () => {
    await harness.published();
    await scene.witness.goAway();
    const vendor = await approvedVendor(harness, 'Last minute');
    const last = await sealAndSubmit(harness, tender, vendor);
    const receipt = `/api/tenders/${tender.tenderId}/bids/${last.bidId}/receipt?waitMs=200`;
    expect([(await harness.get(receipt, vendor)).status, last.submitted.promise.signatures.length]).toEqual([404, 1]);
    const before = (await harness.get('/log/checkpoint')).text;
    setClocks(deadlineMs + 1000);
    await harness.runDueJobs();
    expect((await harness.get('/log/checkpoint')).text).toBe(before);

    setClocks(deadlineMs + 600_000);
    await scene.witness.comeBack();
    await harness.published();
    const { body } = await harness.get<BoxAnswer[]>(`/api/tenders/${tender.tenderId}/boxes`);
    const [box] = body as [BoxAnswer];
    expect(box.count).toBe(2);
    expect((await receiptOf(vendor, last.bidId)).index).toBeLessThan(box.cutSize);
    const { rows } = await harness.owner.query('SELECT state FROM lot WHERE tender_id = $1', [tender.tenderId]);
    expect(rows).toEqual([{ state: 'closed' }]);
    expect(await tenderErrors(harness, tender.tenderId)).toContain('witnessed/unwitnessed_in_time');
    // Nothing opens by itself meanwhile: the bids stay sealed in their box.
    await attestBox(harness, tender, box);
    const release = await sendRelease(harness, tender, box, 0, await sharesOf(harness, tender, box, 0));
    expect([release.status, release.body.code]).toEqual([422, 'box_not_witnessed']);
  });
});
