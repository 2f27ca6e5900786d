import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sha256, toBase64, toHex, utf8, uuidV7 } from '@segel/encoding';
import { PART_BYTES } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startHarness, type Answer, type Harness } from '../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  announce,
  approvedVendor,
  partRoute,
  sealAndSubmit,
  sendPart,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';
import { Tus } from '../platform/uploads/tus.js';

jest.setTimeout(60_000);

type Problem = { readonly code?: string };
const DAY_MS = 86_400_000;

describe('the parts of a bid', () => {
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

  const files = async (folder: string): Promise<string[]> => {
    const entries = await readdir(path.join(harness.folder, folder), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  };
  const tus = (
    method: string,
    part: Uint8Array,
    { body, as = vendor, headers = {} }: { body?: Uint8Array; as?: VendorUser; headers?: Record<string, string> } = {},
  ): Promise<Answer<Problem>> =>
    harness.call<Problem>(method, partRoute(tender.tenderId, part), {
      as,
      body,
      headers: {
        'tus-resumable': '1.0.0',
        ...(body === undefined ? {} : { 'content-type': 'application/offset+octet-stream' }),
        ...headers,
      },
    });
  const patch = (part: Uint8Array, from: number, to = part.length): Promise<Answer<Problem>> =>
    tus('PATCH', part, { body: part.subarray(from, to), headers: { 'upload-offset': String(from) } });
  const begin = (part: Uint8Array): Promise<Answer<Problem>> =>
    tus('POST', part, { headers: { 'upload-length': String(part.length) } });
  const said = ({ status, body }: Answer<Problem>): unknown[] => [status, body.code];
  const offset = ({ status, headers }: Answer<Problem>): unknown[] => [status, headers.get('upload-offset')];
  const entries = async (type: string): Promise<number> => {
    const { rows } = await harness.owner.query('SELECT 1 FROM trail WHERE tender_id = $1 AND type = $2', [
      tender.tenderId,
      type,
    ]);
    return rows.length;
  };
  const stored = (part: Uint8Array): Promise<boolean> => {
    const hex = toHex(sha256(part));
    return stat(path.join(harness.folder, 'objects/objects', hex.slice(0, 2), hex.slice(2))).then(
      () => true,
      () => false,
    );
  };

  it('are announced once, with one entry, and arrive in one request each', async () => {
    const parts = [randomBytes(300_000), randomBytes(10)];
    const missing = parts.map((part) => ({ sha256: toBase64(sha256(part)), stagedBytes: 0 }));
    expect((await announce(harness, tender.tenderId, vendor, parts)).body).toEqual({ missing });
    expect((await announce(harness, tender.tenderId, vendor, parts)).body).toEqual({ missing });
    const answer = await sendPart(harness, tender.tenderId, vendor, parts[0]!);
    expect(offset(answer)).toEqual([201, '300000']);
    expect(answer.headers.get('location')).toBe(partRoute(tender.tenderId, parts[0]!));
    expect((await announce(harness, tender.tenderId, vendor, parts)).body).toEqual({ missing: [missing[1]] });
    expect(offset(await tus('HEAD', parts[0]!))).toEqual([200, '300000']);
    expect(offset(await sendPart(harness, tender.tenderId, vendor, parts[0]!))).toEqual([201, '300000']);
    expect([await stored(parts[0]!), await files('uploads')]).toEqual([true, []]);
    expect(await entries('bid.upload_announced')).toBe(1);
  });

  it('go on at the byte where they stopped, and are begun again without a loss', async () => {
    const part = randomBytes(100_000);
    await announce(harness, tender.tenderId, vendor, [part]);
    expect(offset(await begin(part))).toEqual([201, null]);
    expect(offset(await patch(part, 0, 40_000))).toEqual([204, '40000']);
    expect(said(await patch(part, 30_000))).toEqual([409, 'upload_conflict']);
    expect(said(await patch(part, 50_000))).toEqual([409, 'upload_conflict']);
    expect(offset(await begin(part))).toEqual([201, null]);
    expect(offset(await tus('HEAD', part))).toEqual([200, '40000']);
    const told = (await announce(harness, tender.tenderId, vendor, [part])).body.missing;
    expect(told).toEqual([{ sha256: toBase64(sha256(part)), stagedBytes: 40_000 }]);
    const unfinished = await tus('HEAD', part);
    expect(unfinished.headers.get('upload-length')).toBe('100000');
    expect(offset(await patch(part, 40_000))).toEqual([204, '100000']);
    expect(await stored(part)).toBe(true);
  });

  it('are not stored when they are not what their address says, and nothing of them stays', async () => {
    const part = randomBytes(1000);
    await announce(harness, tender.tenderId, vendor, [part]);
    const wrong = Uint8Array.from(part, (byte) => byte ^ 1);
    const answer = await tus('POST', part, { body: wrong, headers: { 'upload-length': '1000' } });
    expect(said(answer)).toEqual([460, 'part_digest_mismatch']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([await stored(part), await files('uploads')]).toEqual([false, []]);
    expect(offset(await sendPart(harness, tender.tenderId, vendor, part))).toEqual([201, '1000']);
  });

  it('that a power cut left as zeros are refused and sent again', async () => {
    const part = randomBytes(1000);
    await announce(harness, tender.tenderId, vendor, [part]);
    await begin(part);
    const [file] = await files('uploads');
    await writeFile(file!, new Uint8Array(600));
    expect(said(await patch(part, 600))).toEqual([460, 'part_digest_mismatch']);
    expect(offset(await sendPart(harness, tender.tenderId, vendor, part))).toEqual([201, '1000']);
  });

  it('are of nobody but their vendor', async () => {
    const part = randomBytes(1000);
    const rival = await approvedVendor(harness);
    await announce(harness, tender.tenderId, vendor, [part]);
    await begin(part);
    await patch(part, 0, 500);
    expect((await tus('HEAD', part, { as: rival })).status).toBe(404);
    expect(said(await tus('DELETE', part, { as: rival }))).toEqual([404, 'not_found']);
    expect(said(await sendPart(harness, tender.tenderId, rival, part))).toEqual([422, 'part_not_announced']);
    await announce(harness, tender.tenderId, rival, [part]);
    expect((await tus('HEAD', part, { as: rival })).status).toBe(404);
    expect(offset(await tus('HEAD', part))).toEqual([200, '500']);
    expect((await tus('DELETE', part)).status).toBe(204);
    expect((await tus('HEAD', part)).status).toBe(404);
  });

  it('are refused as problem documents, never in the words of the protocol library', async () => {
    const part = randomBytes(1000);
    const call = (as?: VendorUser): Promise<Answer<Problem>> =>
      harness.call('POST', partRoute(tender.tenderId, part), { as, body: part });
    expect(said(await call())).toEqual([401, 'not_signed_in']);
    expect(said(await sendPart(harness, tender.tenderId, vendor, part))).toEqual([422, 'part_not_announced']);
    await announce(harness, tender.tenderId, vendor, [part]);
    expect(said(await call(vendor))).toEqual([400, 'request_malformed']);
    const length = { 'upload-length': '1000' };
    const large = await tus('POST', part, { body: new Uint8Array(1001), headers: length });
    expect(said(large)).toEqual([413, 'payload_too_large']);
    expect(said(await tus('POST', part, { headers: { 'upload-length': '999' } }))).toEqual([400, 'request_malformed']);
    expect(said(await tus('PATCH', part, { body: part }))).toEqual([400, 'request_malformed']);
    const old = await tus('POST', part, { headers: { ...length, 'tus-resumable': '0.2.2' } });
    expect(said(old)).toEqual([400, 'request_malformed']);
    const route = `/api/tenders/${tender.tenderId}/uploads`;
    for (const parts of [[], [{ sha256: toBase64(sha256(part)), sizeBytes: PART_BYTES + 1 }], [{ sha256: 'x' }]]) {
      expect(said(await harness.post<Problem>(route, { parts }, vendor))).toEqual([400, 'request_malformed']);
    }
    const twoSizes = [part, part].map((one, i) => ({ sha256: toBase64(sha256(one)), sizeBytes: 1000 + i }));
    expect(said(await harness.post<Problem>(route, { parts: twoSizes }, vendor))).toEqual([400, 'request_malformed']);
  });

  it('are taken of no company that is not approved, is excluded, or comes late', async () => {
    const part = randomBytes(1000);
    await announce(harness, tender.tenderId, vendor, [part]);
    const put = async (as: VendorUser): Promise<unknown[]> => [
      said(await announce(harness, tender.tenderId, as, [part])),
      said(await sendPart(harness, tender.tenderId, as, part)),
    ];
    const twice = (status: number, code: string): unknown => [
      [status, code],
      [status, code],
    ];
    const pending = await approvedVendor(harness);
    await harness.owner.query("UPDATE vendor SET state = 'submitted' WHERE id = $1", [pending.vendorId]);
    expect(await put(pending)).toEqual(twice(403, 'vendor_not_approved'));
    const barred = await approvedVendor(harness);
    await harness.owner.query(
      "INSERT INTO vendor_exclusion (id, vendor_id, reason, excluded_by, from_at, until_at) VALUES ($1, $2, 'fraud', $3, $4, $5)",
      [
        uuidV7(0, new Uint8Array(randomBytes(10))),
        barred.vendorId,
        barred.id,
        harness.clock.now(),
        new Date(harness.clock.now().getTime() + 1000),
      ],
    );
    expect(await put(barred)).toEqual(twice(403, 'vendor_blacklisted'));
    harness.clock.set(tender.terms.deadlineAt);
    expect(await put(vendor)).toEqual(twice(422, 'bid_late'));
  });

  it('have room of their vendor’s own: who uses it up leaves the others theirs', async () => {
    const { maxBidBytes, lots } = tender.terms;
    const most = 8 * lots.length * maxBidBytes;
    const parts = Array.from({ length: Math.floor(most / PART_BYTES) }, () => ({
      sha256: toBase64(randomBytes(32)),
      sizeBytes: PART_BYTES,
    }));
    const route = `/api/tenders/${tender.tenderId}/uploads`;
    const send = async (some: readonly object[], as = vendor): Promise<unknown[]> =>
      said(await harness.post<Problem>(route, { parts: some }, as));
    expect(await send(parts)).toEqual([200, undefined]);
    const more = [{ sha256: toBase64(randomBytes(32)), sizeBytes: PART_BYTES }];
    expect(await send(more)).toEqual([422, 'upload_quota']);
    expect(await send(parts)).toEqual([200, undefined]);
    expect(await send(more, await approvedVendor(harness))).toEqual([200, undefined]);
  });

  it('cannot be begun by the dozen and left', async () => {
    const parts = Array.from({ length: 17 }, () => randomBytes(100));
    await announce(harness, tender.tenderId, vendor, parts);
    const begun = await Promise.all(parts.slice(0, 16).map(begin));
    expect(begun.map(({ status }) => status)).toEqual(parts.slice(0, 16).map(() => 201));
    expect(said(await begin(parts[16]!))).toEqual([422, 'upload_quota']);
    expect((await tus('DELETE', parts[0]!)).status).toBe(204);
    expect((await begin(parts[16]!)).status).toBe(201);
  });

  it('that several requests send at once are whole in the end', async () => {
    const part = randomBytes(2 * 2 ** 20);
    await announce(harness, tender.tenderId, vendor, [part]);
    await begin(part);
    const answers = await Promise.all([1, 2, 3, 4].map(() => patch(part, 0)));
    for (const { status } of answers) expect([204, 409]).toContain(status);
    for (let at = 0; at < part.length;) {
      at = Number((await tus('HEAD', part)).headers.get('upload-offset'));
      if (at < part.length) await patch(part, at);
    }
    expect(await stored(part)).toBe(true);
  });

  it('are forgotten when nobody goes on with them', async () => {
    const [part, fresh] = [randomBytes(1000), randomBytes(1000)];
    // What the tests before left begun.
    for (const file of await files('uploads')) await rm(file);
    await announce(harness, tender.tenderId, vendor, [part, fresh]);
    await begin(part);
    const [file] = await files('uploads');
    const old = new Date(Date.now() - DAY_MS - 1000);
    await utimes(file!, old, old);
    await begin(fresh);
    const { staging } = harness.app.get(Tus, { strict: false });
    expect(await staging.sweep()).toBe(1);
    expect((await tus('HEAD', part)).status).toBe(404);
    expect(offset(await tus('HEAD', fresh))).toEqual([200, '0']);
  });

  it('go a day after the deadline when no bid names them; nothing else goes, whatever was announced', async () => {
    const terms = await harness.get(`/api/tenders/${tender.tenderId}/terms/1`);
    const published = utf8(terms.text);
    const orphan = randomBytes(1000);
    const elsewhere = randomBytes(1000);
    const { ciphertext } = await sealAndSubmit(harness, tender, vendor);
    const parts = [orphan, published, elsewhere];
    await announce(harness, tender.tenderId, vendor, parts);
    for (const part of parts) expect((await sendPart(harness, tender.tenderId, vendor, part)).status).toBe(201);
    harness.clock.set(tender.terms.deadlineAt);
    await harness.runDueJobs();
    const next = await publishTender(harness);
    await announce(harness, next.tenderId, vendor, [elsewhere]);
    harness.clock.advance(DAY_MS - 1000);
    await harness.runDueJobs();
    expect([await stored(orphan), await entries('bid.parts_discarded')]).toEqual([true, 0]);
    harness.clock.advance(2000);
    await harness.runDueJobs();
    expect([await stored(orphan), await entries('bid.parts_discarded')]).toEqual([false, 1]);
    expect(await Promise.all([published, elsewhere, ciphertext].map(stored))).toEqual([true, true, true]);
  });
});
