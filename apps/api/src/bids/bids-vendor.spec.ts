/** Bids of a vendor whose standing changes at the same moment. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealFor,
  submitBid,
  uploadParts,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';

jest.setTimeout(120_000);

describe('a vendor that is barred while it submits', () => {
  let harness: Harness;
  let tender: PublishedTender;
  beforeAll(async () => {
    harness = await startHarness();
    tender = await publishTender(harness);
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  /** Two people ask for the same; the second answer bars the vendor. */
  async function barring(vendor: VendorUser): Promise<() => Promise<number>> {
    const [one, two] = [
      await harness.person({ role: 'award_authority' }),
      await harness.person({ role: 'award_authority' }),
    ];
    const untilAt = new Date(harness.clock.now().getTime() + 86_400_000).toISOString();
    const body = { reason: 'It forged its tax certificate in another tender.', untilAt };
    const ask = async (as: typeof one, headers: Record<string, string> = {}): Promise<number> =>
      (await harness.call('POST', `/api/vendors/${vendor.vendorId}/exclusions`, { as, body, headers })).status;
    expect(await ask(one)).toBe(201);
    return () => ask(two, { 'idempotency-key': `bar-${vendor.vendorId}` });
  }

  /** Until some session waits for a lock of this kind. */
  async function waiting(locktype: string): Promise<boolean> {
    for (let i = 0; i < 500; i++) {
      const { rowCount } = await harness.owner.query('SELECT FROM pg_locks WHERE NOT granted AND locktype = $1', [
        locktype,
      ]);
      if ((rowCount ?? 0) > 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  }

  const order = async (vendor: VendorUser): Promise<readonly string[]> => {
    await harness.published();
    const { rows } = await harness.owner.query<{ type: string }>(
      `SELECT t.type FROM trail t JOIN tlog.entry e ON sha256(e.data) = t.leaf_sha256
       WHERE t.subject_id = $1 AND t.type IN ('bid.submitted', 'bid.refused', 'vendor.blacklisted') ORDER BY e.idx`,
      [vendor.id],
    );
    return rows.map(({ type }) => type);
  };

  it('is refused when the entry that bars it has its place already, though it is not committed yet', async () => {
    const vendor = await approvedVendor(harness, 'Acme Paper');
    const bid = await sealFor(harness, tender.tenderId, vendor);
    await uploadParts(harness, tender.tenderId, vendor, bid);
    const bar = await barring(vendor);
    const session: pg.PoolClient = await harness.owner.connect();
    try {
      // The act writes its replay after its entry: there it waits.
      await session.query('BEGIN');
      await session.query('LOCK TABLE replay IN SHARE MODE');
      const barred = bar();
      expect(await waiting('relation')).toBe(true);
      const submitted = submitBid(harness, tender.tenderId, vendor, bid);
      await Promise.race([submitted, waiting('advisory')]);
      await session.query('COMMIT');
      expect(await barred).toBe(201);
      const { status, body } = await submitted;
      expect([status, (body as { readonly code?: string }).code]).toEqual([403, 'vendor_blacklisted']);
    } finally {
      session.release(true);
    }
    expect((await order(vendor))[0]).toBe('vendor.blacklisted');
    expect(await order(vendor)).not.toContain('bid.submitted');
  });

  it('stands in one order with its bid, however they meet', async () => {
    const vendors = await Promise.all([1, 2, 3, 4].map((n) => approvedVendor(harness, `Bolt ${n}`)));
    for (const vendor of vendors) {
      const bid = await sealFor(harness, tender.tenderId, vendor);
      await uploadParts(harness, tender.tenderId, vendor, bid);
      const bar = await barring(vendor);
      const [submitted, barred] = await Promise.all([submitBid(harness, tender.tenderId, vendor, bid), bar()]);
      expect(barred).toBe(201);
      const expected = submitted.status === 201 ? ['bid.submitted', 'vendor.blacklisted'] : ['vendor.blacklisted'];
      expect((await order(vendor)).filter((type) => type !== 'bid.refused')).toEqual(expected);
    }
  });
});
