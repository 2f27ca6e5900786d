import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RowAudit } from '../apps/api/src/audit/row-audit.service.js';
import { startHarness, type Harness } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { publishTender } from './support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  submitBid,
  uploadParts,
  type SealedBid,
} from './support/sealed-bid.js';
import { tamper, tenderErrors } from './attacks/powers.js';

jest.setTimeout(120_000);

/** Tables about bids; the vendors of these tests are put into the database past the server, and the audit says so. */
const TABLES = /^(bid|bid_part|bid_delivery|bid_void|box|box_bid|opened_bid|opening)$/;

describe('bids that are committed before their sealed files come', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  const audited = async (): Promise<readonly string[]> => {
    const { findings } = await harness.app.get(RowAudit).report(true);
    return findings.filter(({ table }) => TABLES.test(table)).map(({ table, code }) => `${table} ${code}`);
  };

  it('leave evidence that strangers and auditors find complete, and an erased delivery is named', async () => {
    const tender = await publishTender(harness, { terms: { precommit: { graceMinutes: 1 } } });
    const [whole, delivering, silent] = [
      await approvedVendor(harness),
      await approvedVendor(harness),
      await approvedVendor(harness),
    ];
    const commit = async (vendor: typeof whole): Promise<SealedBid> => {
      const sealed = await sealFor(harness, tender.tenderId, vendor, { precommit: true });
      expect((await submitBid(harness, tender.tenderId, vendor, sealed)).status).toBe(201);
      return sealed;
    };
    await sealAndSubmit(harness, tender, whole);
    const delivered = await commit(delivering);
    await commit(silent);
    await uploadParts(harness, tender.tenderId, delivering, delivered);
    const route = `/api/tenders/${tender.tenderId}/bids/${delivered.bidId}/delivery`;
    expect((await harness.post(route, {}, delivering)).status).toBe(200);
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    expect(await audited()).toEqual([]);
    harness.clock.advance(60_000);
    await harness.runDueJobs();
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);

    expect(await tenderErrors(harness, tender.tenderId)).toEqual([]);
    expect(await audited()).toEqual([]);
    await tamper(harness, 'DELETE FROM bid_delivery WHERE bid_id = $1', [delivered.bidId]);
    expect(await audited()).toContain('bid_delivery row_missing');
  });
});
