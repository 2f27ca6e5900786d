import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { toBase64 } from '@segel/encoding';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  submitBid,
  uploadParts,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';
import { withBrokenWraps, withStrayShare } from '../../../../test/support/dishonest-bids.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  minutesOf,
  objectPath,
  openedRows,
  outcomesOf,
  releaseShares,
  sendRelease,
  sharesOf,
  type BoxAnswer,
} from '../../../../test/support/opening-day.js';

jest.setTimeout(60_000);

describe('an opening in which something goes wrong', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  it('takes no release of a box that no quorum saw in time', async () => {
    const tender = await publishTender(harness);
    await sealAndSubmit(harness, tender, await approvedVendor(harness));
    const [box] = (await closeBoxes(harness, tender, 125_000)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    const made = await sharesOf(harness, tender, box, 0);
    const answer = await sendRelease(harness, tender, box, 0, made);
    expect([answer.status, answer.body.code]).toEqual([422, 'box_not_witnessed']);
  });

  it('rejects a dishonest dealing among good bids, by a quorum that never saw the stray share', async () => {
    const tender = await publishTender(harness);
    const good = await sealAndSubmit(harness, tender, await approvedVendor(harness, 'Honest'));
    const crook = await approvedVendor(harness, 'Crook');
    const bid = withStrayShare(await sealFor(harness, tender.tenderId, crook), crook);
    await uploadParts(harness, tender.tenderId, crook, bid);
    expect((await submitBid(harness, tender.tenderId, crook, bid)).status).toBe(201);
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    await releaseShares(harness, tender, box, [0, 1, 4, 5]);
    expect(await outcomesOf(harness, tender)).toEqual({ [good.bidId]: 'opened', [bid.bidId]: 'invalid_dealing' });
    expect(await entryBodies(harness, tender.tenderId, 'opening.completed')).toMatchObject([
      { opened: 1, rejected: 1 },
    ]);
  });

  it('waits for stored bytes that are missing, opens the others meanwhile, and goes on when they are back', async () => {
    const tender = await publishTender(harness);
    const kept = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    const lost = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    const part = path.join(harness.folder, objectPath(lost.parts[0]!));
    await rename(part, `${part}.gone`);
    await expect(releaseShares(harness, tender, box, [0, 2, 3, 5])).rejects.toThrow('wait for their bytes');
    expect(await openedRows(harness, box)).toBe(1);
    expect((await minutesOf(harness, tender)).status).toBe(409);
    await rename(`${part}.gone`, part);
    await harness.owner.query("SELECT graphile_worker.add_job('opening.combine', $1, run_at := $2)", [
      JSON.stringify({ boxId: box.id }),
      harness.clock.now(),
    ]);
    await harness.runDueJobs();
    expect(await outcomesOf(harness, tender)).toEqual({ [kept.bidId]: 'opened', [lost.bidId]: 'opened' });
  });

  it('opens a bid by the seed of its vendor when an opener says the wrap was broken', async () => {
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const bid = await sealAndSubmit(harness, tender, vendor);
    const other = await approvedVendor(harness);
    const second = await sealAndSubmit(harness, tender, other);
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    const made = await sharesOf(harness, tender, box, 0);
    const shares = made.shares.map((share) =>
      share.bidId === bid.bidId ? { bidId: share.bidId, x: share.x, complaint: 'undecryptable' } : share,
    );
    const unsigned = await sendRelease(harness, tender, box, 0, { ...made, shares: [] });
    expect(unsigned.status).toBe(422);
    expect((await sendRelease(harness, tender, box, 0, { ...made, shares })).status).toBe(201);
    // Its vendor, and nobody else, is told at once: it alone can answer the complaint.
    const told = await harness.owner.query("SELECT account_id FROM notification WHERE code = 'seed_requested'");
    expect(told.rows).toEqual([{ account_id: vendor.id }]);
    await releaseShares(harness, tender, box, [1, 3, 4]);
    expect(await openedRows(harness, box)).toBe(0);

    const disclose = async (by: VendorUser, bidId: string, seed: Uint8Array): Promise<unknown[]> => {
      const route = `/api/tenders/${tender.tenderId}/bids/${bidId}/seed`;
      const { status, body } = await harness.post<{ code?: string }>(route, { seed: toBase64(seed) }, by);
      return [status, body.code];
    };
    expect(await disclose(other, bid.bidId, bid.seed)).toEqual([403, 'not_allowed']);
    expect(await disclose(other, second.bidId, second.seed)).toEqual([409, 'wrong_state']);
    expect(await disclose(vendor, bid.bidId, second.seed)).toEqual([422, 'share_invalid']);
    expect(await disclose(vendor, bid.bidId, bid.seed)).toEqual([204, undefined]);
    await harness.runDueJobs();
    expect(await outcomesOf(harness, tender)).toEqual({ [bid.bidId]: 'opened', [second.bidId]: 'opened' });
    expect(await entryBodies(harness, tender.tenderId, 'opening.seed_disclosed')).toMatchObject([
      { reason: 'complaint' },
    ]);
  });

  it('goes on without a bid whose wraps are broken and whose vendor stays silent', async () => {
    const tender = await publishTender(harness);
    const good = await sealAndSubmit(harness, tender, await approvedVendor(harness));
    const silent = await approvedVendor(harness);
    const bid = withBrokenWraps(await sealFor(harness, tender.tenderId, silent), silent);
    await uploadParts(harness, tender.tenderId, silent, bid);
    expect((await submitBid(harness, tender.tenderId, silent, bid)).status).toBe(201);
    const [box] = (await closeBoxes(harness, tender)) as [BoxAnswer];
    await attestBox(harness, tender, box);
    await releaseShares(harness, tender, box, [0, 1, 2, 3, 4]);
    expect(await openedRows(harness, box)).toBe(0);
    const released = await entryBodies(harness, tender.tenderId, 'opening.share_released');
    expect(released.map(({ complaints }) => (complaints as string[] | undefined)?.length ?? 0)).toEqual([
      1, 1, 1, 0, 0,
    ]);
    // Two days for the openers and two for the vendors: a day of `demo/fast` lasts two seconds.
    harness.clock.advance(8000);
    await harness.runDueJobs();
    expect(await outcomesOf(harness, tender)).toEqual({ [good.bidId]: 'opened', [bid.bidId]: 'openers_failed' });
  });
});
