import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Envelope } from '@segel/encoding';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import {
  attestBox,
  closeBoxes,
  entryBodies,
  releaseRoute,
  releaseShares,
} from '../../../../test/support/opening-day.js';
import { draftTender, publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  announce,
  approvedVendor,
  sealAndSubmit,
  sealFor,
  sendPart,
  submitBid,
  type SealedBid,
  type VendorUser,
  uploadParts,
  withdraw,
} from '../../../../test/support/sealed-bid.js';
import { Jobs } from '../platform/jobs/jobs.js';

const MINUTE = 60_000;
const GRACE = 30;

type Delivered = { leafSha256: string; at: string; code?: string; refusal?: Envelope };
type Minutes = {
  lots: { count: number; opened: number; rejected: number; bids: { bidId: string; outcome: string }[] }[];
};

jest.setTimeout(90_000);

describe('a bid that is committed before its sealed files come', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;

  beforeAll(async () => {
    harness = await startHarness();
  });
  beforeEach(async () => {
    tender = await publishTender(harness, { terms: { precommit: { graceMinutes: GRACE } } });
    vendor = await approvedVendor(harness);
  });
  afterEach(() => harness.verifyLog());
  afterAll(() => harness.stop());

  const due = (): number => Date.parse(tender.terms.deadlineAt) + GRACE * MINUTE;
  const commit = async (as: VendorUser, options: Parameters<typeof sealFor>[3] = {}): Promise<SealedBid> => {
    const sealed = await sealFor(harness, tender.tenderId, as, { precommit: true, ...options });
    const answer = await submitBid(harness, tender.tenderId, as, sealed);
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.anything()]);
    expect(answer.body.ciphertextDueAt).toBe(new Date(due()).toISOString());
    return sealed;
  };
  const deliver = async (as: VendorUser, { bidId }: SealedBid): Promise<Answer<Delivered>> =>
    harness.post<Delivered>(`/api/tenders/${tender.tenderId}/bids/${bidId}/delivery`, {}, as);
  const putPart = async (as: VendorUser, bytes: Uint8Array): Promise<Answer<{ code?: string }>> =>
    sendPart(harness, tender.tenderId, as, bytes);
  const own = async (as: VendorUser, { bidId }: SealedBid): Promise<Record<string, unknown>> =>
    (await harness.get<Record<string, unknown>>(`/api/tenders/${tender.tenderId}/bids/${bidId}`, as)).body;
  const minutes = async (): Promise<Minutes['lots'][number]> =>
    (await harness.get<Minutes>(`/api/tenders/${tender.tenderId}/opening`)).body.lots[0]!;
  const told = async (code: string): Promise<readonly string[]> => {
    const { rows } = await harness.owner.query<{ id: string }>(
      "SELECT account_id AS id FROM notification WHERE code = $1 AND params->>'tenderId' = $2 ORDER BY 1",
      [code, tender.tenderId],
    );
    return rows.map(({ id }) => id);
  };
  const refused = ({ status, body }: Answer<{ code?: string }>): unknown[] => [status, body.code];

  it('is delivered within the grace and opened like any other', async () => {
    const bid = await commit(vendor);
    expect(await own(vendor, bid)).toMatchObject({ state: 'awaiting_ciphertext' });
    const whole = await approvedVendor(harness);
    await sealAndSubmit(harness, tender, whole, { unitPrice: '120.00' });
    const [box] = await closeBoxes(harness, tender);
    expect(box).toMatchObject({ count: 2 });
    expect(await told('ciphertext_owed')).toEqual([vendor.id]);
    expect(await told('release_requested')).toEqual([]);
    expect(await told('ciphertext_then_release')).toHaveLength(6);
    await attestBox(harness, tender, box!);

    const [opener] = tender.people.openers;
    const set = await harness.get<{ code?: string }>(releaseRoute(tender, box!, 'release-set'), opener);
    expect(refused(set)).toEqual([409, 'ciphertext_awaited']);
    expect(refused(await deliver(vendor, bid))).toEqual([422, 'parts_missing']);
    await uploadParts(harness, tender.tenderId, vendor, bid);
    const first = await deliver(vendor, bid);
    expect(first.status).toBe(200);
    expect((await deliver(vendor, bid)).body).toEqual(first.body);
    const route = `/api/tenders/${tender.tenderId}/bids/${bid.bidId}/receipt?of=delivery&waitMs=20000`;
    expect((await harness.get(route, vendor)).text).toContain('c2sp.org/tlog-proof@v1');
    expect(await own(vendor, bid)).toMatchObject({ state: 'in_box', deliveredAt: first.body.at });
    expect(await entryBodies(harness, tender.tenderId, 'bid.delivered')).toEqual([
      {
        lot_id: bid.lotId,
        bid_id: bid.bidId,
        manifest_sha256: bid.manifestSha256,
        ct_root: bid.manifest.ciphertext.root,
      },
    ]);

    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    expect(await minutes()).toMatchObject({ count: 2, opened: 2, rejected: 0 });
    harness.clock.set(new Date(due()));
    await harness.runDueJobs();
    expect(await entryBodies(harness, tender.tenderId, 'bid.voided')).toEqual([]);
  });

  it('is void when its files do not come; the others are opened, and it never is', async () => {
    const bid = await commit(vendor);
    const other = await approvedVendor(harness);
    const whole = await sealAndSubmit(harness, tender, other);
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await expect(
      harness.app.get(Jobs).tasks['bid.void']!({ boxId: box!.id }, undefined as never) as Promise<void>,
    ).rejects.toThrow('may still come');
    await uploadParts(harness, tender.tenderId, vendor, bid);
    harness.clock.set(new Date(due()));

    // All parts are there; a millisecond decides, and the vendor gets it signed.
    const late = await deliver(vendor, bid);
    expect(refused(late)).toEqual([422, 'ciphertext_late']);
    expect(late.text).toContain('application/vnd.segel.refusal.v1+json');
    const run = harness.app.get(Jobs).tasks['bid.void']!;
    await Promise.all([run({ boxId: box!.id }, undefined as never), run({ boxId: box!.id }, undefined as never)]);
    await harness.runDueJobs();
    expect(await entryBodies(harness, tender.tenderId, 'bid.voided')).toMatchObject([
      { bid_id: bid.bidId, reason: 'ciphertext_missing', due: new Date(due()).toISOString() },
    ]);
    expect(await told('bid_void')).toEqual([vendor.id]);
    expect(await own(vendor, bid)).toMatchObject({ state: 'void', voidedAt: new Date(due()).toISOString() });
    expect(refused(await deliver(vendor, bid))).toEqual([422, 'ciphertext_late']);

    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    const opened = await minutes();
    expect(opened).toMatchObject({ count: 2, opened: 1, rejected: 1 });
    expect(Object.fromEntries(opened.bids.map(({ bidId, outcome }) => [bidId, outcome]))).toEqual({
      [bid.bidId]: 'ciphertext_missing',
      [whole.bidId]: 'opened',
    });
    const { rows } = await harness.owner.query('SELECT FROM opened_document WHERE bid_id = $1', [bid.bidId]);
    expect(rows).toHaveLength(0);
  });

  it('opens a box without a bid to open by the clock alone, once an auditor has attested it', async () => {
    await commit(vendor);
    const [box] = await closeBoxes(harness, tender);
    harness.clock.set(new Date(due()));
    await harness.runDueJobs();
    await harness.runDueJobs();
    expect((await harness.get(`/api/tenders/${tender.tenderId}/opening`)).status).toBe(409);
    await attestBox(harness, tender, box!);
    await harness.runDueJobs();
    expect(await minutes()).toMatchObject({
      count: 1,
      opened: 0,
      rejected: 1,
      bids: [{ outcome: 'ciphertext_missing' }],
    });
  });

  it('is delivered by the clock when its vendor sent everything and did not say so', async () => {
    const silent = await commit(vendor);
    const late = await approvedVendor(harness);
    const missing = await commit(late);
    const [box] = await closeBoxes(harness, tender);
    await uploadParts(harness, tender.tenderId, vendor, silent);
    harness.clock.set(new Date(due() - 2000));
    await expect(harness.runDueJobs()).rejects.toThrow('may still come');
    expect(await entryBodies(harness, tender.tenderId, 'bid.delivered')).toMatchObject([{ bid_id: silent.bidId }]);
    expect(await own(vendor, silent)).toMatchObject({ state: 'in_box' });
    // Who asks after the end hears the same: it was in time.
    harness.clock.set(new Date(due()));
    expect((await deliver(vendor, silent)).status).toBe(200);
    const run = harness.app.get(Jobs).tasks['bid.void']!;
    await run({ boxId: box!.id }, undefined as never);
    expect(await entryBodies(harness, tender.tenderId, 'bid.voided')).toMatchObject([{ bid_id: missing.bidId }]);
  });

  it('takes its room when it is committed, and no more when its files come', async () => {
    tender = await publishTender(harness, { terms: { precommit: { graceMinutes: GRACE }, maxBidBytes: 300_000 } });
    let bid = await commit(vendor);
    const fit = Math.floor((8 * tender.terms.lots.length * 300_000) / bid.ciphertext.length);
    for (let i = 1; i < fit; i++) bid = await commit(vendor, { replaces: bid.bidId });
    const more = await sealFor(harness, tender.tenderId, vendor, { precommit: true, replaces: bid.bidId });
    const denied = await submitBid(harness, tender.tenderId, vendor, more);
    expect([denied.status, denied.body]).toMatchObject([422, { code: 'upload_quota' }]);
    expect(refused(await announce(harness, tender.tenderId, vendor, [more.ciphertext]))).toEqual([422, 'upload_quota']);
    const otherSize = {
      parts: [{ sha256: bid.parts[0]!, sizeBytes: 8 * 2 ** 20 }],
    };
    const route = `/api/tenders/${tender.tenderId}/uploads`;
    expect(refused(await harness.post(route, otherSize, vendor))).toEqual([400, 'request_malformed']);
    await uploadParts(harness, tender.tenderId, vendor, bid);
    expect((await deliver(vendor, bid)).status).toBe(200);
    expect(refused(await announce(harness, tender.tenderId, vendor, [more.ciphertext]))).toEqual([422, 'upload_quota']);
  });

  it('needs no delivery once it was withdrawn or replaced', async () => {
    const bid = await commit(vendor);
    const next = await commit(vendor, { replaces: bid.bidId });
    expect(refused(await deliver(vendor, bid))).toEqual([404, 'bid_unknown']);
    await withdraw(harness, tender.tenderId, vendor, next);
    const whole = await approvedVendor(harness);
    await sealAndSubmit(harness, tender, whole);
    const [box] = await closeBoxes(harness, tender);
    expect(box).toMatchObject({ count: 1 });
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    expect(await minutes()).toMatchObject({ count: 1, opened: 1 });
  });

  it('lets nobody else send anything after the deadline, and its vendor only what it committed', async () => {
    const bid = await commit(vendor);
    const whole = await approvedVendor(harness);
    await sealAndSubmit(harness, tender, whole);
    await closeBoxes(harness, tender);
    expect((await announce(harness, tender.tenderId, vendor, [bid.ciphertext])).status).toBe(200);
    expect(refused(await putPart(vendor, bid.ciphertext))).toEqual([201, undefined]);
    expect(refused(await putPart(vendor, new Uint8Array([1, 2, 3])))).toEqual([422, 'bid_late']);
    expect(refused(await putPart(whole, bid.ciphertext))).toEqual([422, 'bid_late']);
    expect(refused(await deliver(whole, bid))).toEqual([404, 'bid_unknown']);
    const missing = await announce(harness, tender.tenderId, vendor, [bid.ciphertext, new Uint8Array([9])]);
    expect(refused(missing)).toEqual([422, 'bid_late']);
    harness.clock.set(new Date(due()));
    expect(refused(await putPart(vendor, bid.ciphertext))).toEqual([422, 'ciphertext_late']);
  });

  it('says so in the kit and in the public terms', async () => {
    const kit = (await harness.get<{ precommit?: object }>(`/api/tenders/${tender.tenderId}/kit`)).body;
    expect(kit.precommit).toEqual({ graceMinutes: GRACE, ciphertextDueAt: new Date(due()).toISOString() });
    const shown = await harness.get<{ terms: { precommit?: object } }>(`/api/tenders/${tender.tenderId}`);
    expect(shown.body.terms.precommit).toEqual({ graceMinutes: GRACE });
  });

  it('must be signed as such: a server cannot make one of an ordinary bid, nor the other way round', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    const claimed = { ...sealed, body: { ...sealed.body, precommit: true } };
    expect((await submitBid(harness, tender.tenderId, vendor, claimed)).body).toMatchObject({
      code: 'signature_invalid',
    });
    expect((await submitBid(harness, tender.tenderId, vendor, sealed)).body).toMatchObject({ code: 'parts_missing' });
    await uploadParts(harness, tender.tenderId, vendor, sealed);
    expect((await submitBid(harness, tender.tenderId, vendor, sealed)).status).toBe(201);
    expect(refused(await deliver(vendor, sealed))).toEqual([409, 'wrong_state']);
  });

  it('is refused by a tender that does not take such bids', async () => {
    const ordinary = await publishTender(harness);
    const sealed = await sealFor(harness, ordinary.tenderId, vendor, { precommit: true });
    expect((await submitBid(harness, ordinary.tenderId, vendor, sealed)).body).toMatchObject({ code: 'parts_missing' });
    await uploadParts(harness, ordinary.tenderId, vendor, sealed);
    expect((await submitBid(harness, ordinary.tenderId, vendor, sealed)).body).toMatchObject({ code: 'parts_missing' });
  });

  it('is not offered beyond what the rule pack allows', async () => {
    const drafted = await draftTender(harness, { terms: { precommit: { graceMinutes: 241 } } });
    const { body } = await harness.get<{ findings?: { code: string }[] }>(
      `/api/tenders/${drafted.tenderId}`,
      drafted.people.preparer,
    );
    expect(JSON.stringify(body)).toContain('number_outside');
  });
});
