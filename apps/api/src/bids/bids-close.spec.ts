import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, sha256, signDocument, toBase64 } from '@segel/encoding';
import { leafHash, setRoot, sortedSet, treeRoot } from '@segel/tlog';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender, signAndApprove, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  submitBid,
  uploadParts,
  withdraw,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';
import { Jobs } from '../platform/jobs/jobs.js';

type BoxAnswer = {
  id: string;
  lotId: string;
  cutSize: number;
  count: number;
  setRoot: string;
  leafSha256: string;
  index?: number;
  attestations: { key: string }[];
};

// Sealing and publishing are real work; on a busy machine they take their time.
jest.setTimeout(60_000);

describe('the box', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;

  beforeAll(async () => {
    harness = await startHarness();
  });
  beforeEach(async () => {
    tender = await publishTender(harness);
    vendor = await approvedVendor(harness);
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const passDeadline = (): void => harness.clock.set(tender.terms.deadlineAt);
  const runJob = async (name: 'box.close' | 'box.freeze'): Promise<void> =>
    harness.app.get(Jobs).tasks[name]!({ tenderId: tender.tenderId }, undefined as never) as Promise<void>;
  const boxes = async (): Promise<BoxAnswer[]> =>
    (await harness.get<BoxAnswer[]>(`/api/tenders/${tender.tenderId}/boxes`)).body;
  const states = async (): Promise<unknown[]> => {
    const { rows } = await harness.owner.query<{ tender: string; lot: string }>(
      'SELECT t.state AS tender, l.state AS lot FROM tender t JOIN lot l ON l.tender_id = t.id WHERE t.id = $1',
      [tender.tenderId],
    );
    return [rows[0]?.tender, rows[0]?.lot];
  };
  const entries = async (): Promise<string[]> => {
    const { rows } = await harness.owner.query<{ type: string }>(
      "SELECT type FROM trail WHERE tender_id = $1 AND (type LIKE 'box.%' OR type = 'tender.failed') ORDER BY at, id",
      [tender.tenderId],
    );
    return rows.map(({ type }) => type).sort();
  };
  const lifeOf = async (as: VendorUser, bidId: string): Promise<unknown> =>
    (await harness.get(`/api/tenders/${tender.tenderId}/bids/${bidId}`, as)).body['state'];

  it('holds exactly the standing bids, under a root everybody can check', async () => {
    const replaced = await sealAndSubmit(harness, tender, vendor);
    const standing = await sealAndSubmit(harness, tender, vendor, { replaces: replaced.bidId });
    const [second, third] = [await approvedVendor(harness), await approvedVendor(harness)];
    const other = await sealAndSubmit(harness, tender, second);
    const withdrawn = await sealAndSubmit(harness, tender, third);
    await withdraw(harness, tender.tenderId, third, withdrawn);
    expect(await boxes()).toEqual([]);
    passDeadline();
    await harness.runDueJobs();
    await harness.published();

    const [box] = await boxes();
    expect(box).toMatchObject({ count: 2, lotId: tender.lotIds[0], attestations: [] });
    const commitments = [standing, other].map(({ submitted }) => fromBase64(submitted.commitment));
    expect(box!.setRoot).toBe(toBase64(treeRoot(sortedSet(commitments).map(leafHash))));
    expect(box!.setRoot).toBe(toBase64(setRoot([...commitments].reverse())));
    expect(box!.index).toBeGreaterThanOrEqual(box!.cutSize);
    expect(await states()).toEqual(['closed', 'closed']);
    expect(await entries()).toEqual(['box.closed', 'box.closing']);
    expect(await lifeOf(vendor, replaced.bidId)).toBe('replaced');
    expect(await lifeOf(vendor, standing.bidId)).toBe('in_box');
    expect(await lifeOf(third, withdrawn.bidId)).toBe('withdrawn');
  });

  it('tells the vendors in it, the auditors and the openers, and nobody how many there are', async () => {
    await sealAndSubmit(harness, tender, vendor);
    passDeadline();
    await harness.runDueJobs();
    const { rows } = await harness.owner.query<{ account_id: string; code: string; params: object }>(
      "SELECT account_id, code, params FROM notification WHERE params->>'tenderId' = $1",
      [tender.tenderId],
    );
    const told = (code: string): string[] => rows.filter((row) => row.code === code).map((row) => row.account_id);
    expect(told('bid_in_box')).toEqual([vendor.id]);
    expect(told('attestation_requested')).toContain(tender.people.auditor.id);
    expect(told('release_requested').sort()).toEqual(tender.people.openers.map(({ id }) => id).sort());
    const box = rows.filter(({ code }) => ['bid_in_box', 'release_requested'].includes(code));
    expect(new Set(box.flatMap(({ params }) => Object.keys(params)))).toEqual(
      new Set(['tenderId', 'title', 'lotId', 'boxId']),
    );
  });

  it('stays open when its job comes before the deadline', async () => {
    await sealAndSubmit(harness, tender, vendor);
    await runJob('box.close');
    await runJob('box.freeze');
    expect(await states()).toEqual(['tendering', 'tendering']);
    expect(await entries()).toEqual([]);
  });

  it('closes once, however often and wherever its jobs are interrupted and run again', async () => {
    await sealAndSubmit(harness, tender, vendor);
    passDeadline();
    await Promise.all([runJob('box.close'), runJob('box.close')]);
    expect(await states()).toEqual(['closing', 'closing']);
    await Promise.all([runJob('box.freeze'), runJob('box.freeze')]);
    await runJob('box.close');
    await runJob('box.freeze');
    await harness.runDueJobs();
    expect(await entries()).toEqual(['box.closed', 'box.closing']);
    expect(await boxes()).toHaveLength(1);
  });

  it('that is empty says so with the hash of nothing, and its lot fails', async () => {
    passDeadline();
    await harness.runDueJobs();
    await runJob('box.freeze');
    expect((await boxes())[0]).toMatchObject({ count: 0, setRoot: toBase64(sha256(new Uint8Array())) });
    expect(await states()).toEqual(['failed', 'failed']);
    expect(await entries()).toEqual(['box.closed', 'box.closing', 'tender.failed']);
  });

  it('leaves out a bid that did not answer an addendum, and tells its vendor', async () => {
    const bid = await sealAndSubmit(harness, tender, vendor);
    await harness.call('PUT', `/api/tenders/${tender.tenderId}/addendum`, {
      as: tender.people.preparer,
      body: { terms: { ...tender.terms, description: 'Changed.' }, reason: 'A question showed a mistake.' },
    });
    await signAndApprove(harness, tender);
    passDeadline();
    await harness.runDueJobs();
    expect((await boxes())[0]).toMatchObject({ count: 0 });
    expect(await lifeOf(vendor, bid.bidId)).toBe('not_in_box');
    const { rows } = await harness.owner.query<{ code: string }>(
      'SELECT code FROM notification WHERE account_id = $1',
      [vendor.id],
    );
    expect(rows.map(({ code }) => code)).toContain('bid_not_in_box');
  });

  it('holds a bid that was admitted in time and committed slowly; one that came later is refused, never lost', async () => {
    const [slow, late] = [await sealFor(harness, tender.tenderId, vendor), await approvedVendor(harness)];
    await uploadParts(harness, tender.tenderId, vendor, slow);
    const second = await sealFor(harness, tender.tenderId, late);
    await uploadParts(harness, tender.tenderId, late, second);
    const holder = await harness.owner.connect();
    try {
      // The admission waits here: under the tender's shared lock, its clock read, its rows not written.
      await holder.query('BEGIN');
      await holder.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `bids:${tender.tenderId}:${vendor.vendorId}`,
      ]);
      const submitting = submitBid(harness, tender.tenderId, vendor, slow);
      await waitForLockers(1);
      passDeadline();
      const closing = runJob('box.close');
      await waitForLockers(2);
      const refused = submitBid(harness, tender.tenderId, late, second);
      await holder.query('COMMIT');
      const [admitted] = [await submitting, await closing];
      expect(admitted.status).toBe(201);
      expect((await refused).body).toMatchObject({ code: 'bid_late' });
    } finally {
      holder.release();
    }
    await harness.runDueJobs();
    expect((await boxes())[0]).toMatchObject({ count: 1 });
    expect(await lifeOf(vendor, slow.bidId)).toBe('in_box');
  });

  it('has every bid below its cut when bids and the close race', async () => {
    const vendors = await Promise.all([1, 2, 3, 4, 5, 6].map(() => approvedVendor(harness)));
    const sealed = await Promise.all(vendors.map((one) => sealFor(harness, tender.tenderId, one)));
    for (const [i, one] of vendors.entries()) await uploadParts(harness, tender.tenderId, one, sealed[i]!);
    const answers = await Promise.all(
      vendors.map(async (one, i) => {
        if (i === 3) passDeadline();
        const answer = submitBid(harness, tender.tenderId, one, sealed[i]!);
        if (i === 3) await Promise.all([answer, runJob('box.close')]);
        return answer;
      }),
    );
    await harness.runDueJobs();
    const admitted = answers.filter(({ status }) => status === 201).length;
    expect(answers.filter(({ body }) => (body as unknown as { code: string }).code === 'bid_late')).toHaveLength(
      6 - admitted,
    );
    expect((await boxes())[0]).toMatchObject({ count: admitted });
  });

  it('is attested by an auditor who has no part in the tender', async () => {
    await sealAndSubmit(harness, tender, vendor);
    passDeadline();
    await harness.runDueJobs();
    await harness.published();
    const [box] = await boxes();
    const body = {
      lot_id: box!.lotId,
      envelope: 'single',
      box_idx: box!.index!,
      set_root: box!.setRoot,
      cut_size: box!.cutSize,
    };
    const route = `/api/tenders/${tender.tenderId}/boxes/${box!.id}/attestation`;
    const { auditor, preparer } = tender.people;
    const signature = signDocument('box.attested', body, auditor.secret);
    expect((await harness.post(route, signature, preparer)).status).toBe(403);
    const wrong = signDocument('box.attested', { ...body, cut_size: 1 }, auditor.secret);
    expect((await harness.post(route, wrong, auditor)).body['code']).toBe('signature_invalid');
    const foreign = signDocument('box.attested', body, preparer.secret);
    expect((await harness.post(route, foreign, auditor)).body['code']).toBe('key_not_registered');
    expect((await harness.post(route, signature, auditor)).status).toBe(201);
    expect((await harness.post(route, signature, auditor)).body['code']).toBe('wrong_state');
    expect((await boxes())[0]!.attestations).toMatchObject([{ key: signature.key, body }]);

    const partial = await publishTender(harness);
    await harness.grant(partial.people.auditor, { role: 'evaluator', tenderId: tender.tenderId });
    const own = signDocument('box.attested', body, partial.people.auditor.secret);
    expect((await harness.post(route, own, partial.people.auditor)).body['code']).toBe('role_conflict');
  });

  /** Waits until so many transactions wait for an advisory lock. */
  async function waitForLockers(count: number): Promise<void> {
    for (let i = 0; i < 500; i++) {
      const { rows } = await harness.owner.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      if (rows[0]!.waiting >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('nobody waited for the lock');
  }
});
