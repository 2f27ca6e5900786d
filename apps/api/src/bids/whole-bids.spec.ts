import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toHex } from '@segel/encoding';
import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  submitWhole,
  type SealedBid,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';

jest.setTimeout(60_000);

describe('a bid that comes whole, in one request', () => {
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

  const send = (bid: SealedBid, bytes: Uint8Array = bid.ciphertext, headers = {}): Promise<Answer<{ code?: string }>> =>
    submitWhole(harness, tender.tenderId, vendor, bid, bytes, headers);
  const said = ({ status, body }: Answer<{ code?: string }>): unknown[] => [status, body.code];
  const file = (hex: string): string => path.join(harness.folder, 'objects/objects', hex.slice(0, 2), hex.slice(2));
  const stored = (bid: SealedBid): Promise<boolean> =>
    stat(file(toHex(fromBase64(bid.parts[0]!)))).then(
      () => true,
      () => false,
    );
  const objects = async (): Promise<number> => {
    const entries = await readdir(path.join(harness.folder, 'objects/objects'), {
      recursive: true,
      withFileTypes: true,
    });
    return entries.filter((entry) => entry.isFile()).length;
  };
  const entries = async (): Promise<string[]> => {
    const { rows } = await harness.owner.query<{ type: string }>(
      "SELECT type FROM trail WHERE tender_id = $1 AND type LIKE 'bid.%'",
      [tender.tenderId],
    );
    return rows.map(({ type }) => type).sort();
  };

  it('leaves its two objects and one entry, and is there when it is sent again', async () => {
    const bid = await sealFor(harness, tender.tenderId, vendor);
    const before = await objects();
    const answer = await send(bid, bid.ciphertext, { 'idempotency-key': 'one-and-the-same' });
    expect(answer.status).toBe(201);
    expect([await stored(bid), (await objects()) - before, await entries()]).toEqual([true, 2, ['bid.submitted']]);
    const again = await send(bid, bid.ciphertext, { 'idempotency-key': 'one-and-the-same' });
    expect(again.body).toEqual(answer.body);
    expect(said(await send(bid))).toEqual([409, 'bid_exists']);
    const next = await sealFor(harness, tender.tenderId, vendor, { replaces: bid.bidId });
    expect((await send(next)).status).toBe(201);
    expect(await entries()).toEqual(['bid.refused', 'bid.replaced', 'bid.submitted']);
  });

  it('is refused when its bytes are not those of its manifest, and nothing of it is stored', async () => {
    const bid = await sealFor(harness, tender.tenderId, vendor);
    const before = await objects();
    const wrong = Uint8Array.from(bid.ciphertext, (byte, i) => (i === 5 ? byte ^ 1 : byte));
    for (const bytes of [wrong, bid.ciphertext.subarray(1), new Uint8Array()]) {
      expect(said(await send(bid, bytes))).toEqual([460, 'part_digest_mismatch']);
    }
    expect([await stored(bid), (await objects()) - before]).toEqual([false, 0]);
    expect((await send(bid)).status).toBe(201);
  });

  it('leaves nothing in the store when any rule refuses it', async () => {
    const rival = await approvedVendor(harness);
    const taken = await sealAndSubmit(harness, tender, rival);
    const bids = [
      await sealFor(harness, tender.tenderId, vendor, { context: { vendor_id: rival.vendorId } }),
      await sealFor(harness, tender.tenderId, vendor, { context: { vendor_key: rival.key } }),
      await sealFor(harness, tender.tenderId, vendor, { context: { bid_id: taken.bidId } }),
      await sealFor(harness, tender.tenderId, vendor, { replaces: taken.bidId }),
      await sealFor(harness, tender.tenderId, vendor, { precommit: true }),
    ];
    const good = await sealFor(harness, tender.tenderId, vendor);
    bids.push({ ...good, bodySig: { ...good.bodySig, sig: bids[0]!.bodySig.sig } });
    const before = await objects();
    for (const bid of bids) expect((await send(bid)).status).toBeGreaterThanOrEqual(400);
    await harness.owner.query("UPDATE vendor SET state = 'submitted' WHERE id = $1", [vendor.vendorId]);
    expect(said(await send(good))).toEqual([403, 'vendor_not_approved']);
    await harness.owner.query("UPDATE vendor SET state = 'approved' WHERE id = $1", [vendor.vendorId]);
    harness.clock.set(tender.terms.deadlineAt);
    expect(said(await send(good))).toEqual([422, 'bid_late']);
    expect([await stored(good), (await objects()) - before]).toEqual([false, 0]);
  });

  it('is one of a hundred: of many sent at once one is admitted, and only its bytes are kept', async () => {
    const bids: SealedBid[] = [];
    for (let i = 0; i < 8; i++) bids.push(await sealFor(harness, tender.tenderId, vendor));
    const before = await objects();
    const answers = await Promise.all(bids.map((bid) => send(bid)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    expect((await objects()) - before).toBe(2);
  });

  it('takes of the room that announced parts take of', async () => {
    const most = 8 * tender.terms.lots.length * tender.terms.maxBidBytes;
    const sizeBytes = 8 * 2 ** 20;
    const announced = Array.from({ length: Math.floor(most / sizeBytes) }, () => ({
      sha256: randomBytes(32).toString('base64'),
      sizeBytes,
    }));
    const bid = await sealFor(harness, tender.tenderId, vendor);
    expect((await send(bid)).status).toBe(201);
    const route = `/api/tenders/${tender.tenderId}/uploads`;
    const refused = await harness.post<{ code?: string }>(route, { parts: announced }, vendor);
    expect(said(refused)).toEqual([422, 'upload_quota']);
    expect((await harness.post(route, { parts: announced.slice(1) }, vendor)).status).toBe(200);
    const left = most - (announced.length - 1) * sizeBytes - bid.ciphertext.length;
    const crumbs = Array.from({ length: Math.floor(left / 2 ** 18) }, () => ({
      sha256: randomBytes(32).toString('base64'),
      sizeBytes: 1,
    }));
    expect((await harness.post(route, { parts: crumbs }, vendor)).status).toBe(200);
    const next = await sealFor(harness, tender.tenderId, vendor, { replaces: bid.bidId });
    expect(said(await send(next))).toEqual([422, 'upload_quota']);
    expect(await stored(next)).toBe(false);
  });

  it('is a body of exactly that form', async () => {
    const bid = await sealFor(harness, tender.tenderId, vendor);
    const call = (body: Uint8Array, route = 'bids'): Promise<Answer<{ code?: string }>> =>
      harness.call('POST', `/api/tenders/${tender.tenderId}/${route}`, {
        as: vendor,
        body,
        headers: { 'content-type': 'application/vnd.segel.framed' },
      });
    const malformed = [400, 'request_malformed'];
    for (const body of [
      [],
      [0, 0, 0],
      [0, 0, 0, 9, 123, 125],
      [255, 255, 255, 255, 123, 125],
      [0, 0, 0, 2, 123, 125],
    ]) {
      expect(said(await call(Uint8Array.from(body)))).toEqual(malformed);
    }
    expect(said(await call(Uint8Array.from([0, 0, 0, 4, ...Buffer.from('nope')])))).toEqual(malformed);
    const elsewhere = await call(Uint8Array.from([0, 0, 0, 2, ...Buffer.from('{}')]), 'uploads');
    expect(said(elsewhere)).toEqual([415, 'request_malformed']);
    const large = await send(bid, new Uint8Array(2 ** 20 + 1));
    expect(said(large)).toEqual(malformed);
    expect(said(await send(bid, new Uint8Array(3 * 2 ** 20)))).toEqual([413, 'payload_too_large']);
  });
});
