import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, openEnvelope, sha256, signDocument, toBase64, utf8, uuidV7 } from '@segel/encoding';
import { decodeEntry } from '@segel/evidence';
import { signManifest, type SealContext } from '@segel/sealing';
import { parsePolicy, verifyReceipt } from '@segel/tlog';
import { readdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { publishTender, signAndApprove, type PublishedTender } from '../../../../test/support/published-tender.js';
import {
  approvedVendor,
  reconfirm,
  sealAndSubmit,
  sealFor,
  signedBody,
  submitBid,
  uploadParts,
  withdraw,
  type SealedBid,
  type VendorUser,
} from '../../../../test/support/sealed-bid.js';

type ProblemBody = { code: string; params?: Record<string, unknown> };

// Sealing and publishing are real work; on a busy machine they take their time.
jest.setTimeout(60_000);

describe('a vendor’s bid', () => {
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

  const objects = async (): Promise<number> =>
    (await readdir(path.join(harness.folder, 'objects', 'objects'), { recursive: true })).length;
  const entriesOf = async (...types: string[]): Promise<string[]> => {
    const { rows } = await harness.owner.query<{ type: string }>(
      'SELECT type FROM trail WHERE tender_id = $1 AND type = ANY ($2) ORDER BY at, id',
      [tender.tenderId, types],
    );
    return rows.map(({ type }) => type);
  };
  const stateOf = async (bidId: string): Promise<unknown> =>
    (await harness.get(`/api/tenders/${tender.tenderId}/bids/${bidId}`, vendor)).body['state'];
  const refusedAs = async (sealed: SealedBid, as = vendor): Promise<ProblemBody & { status: number }> => {
    const answer = await submitBid(harness, tender.tenderId, as, sealed);
    return { ...(answer.body as unknown as ProblemBody), status: answer.status };
  };
  const addendum = async (change: object): Promise<void> => {
    const body = { terms: { ...tender.terms, ...change }, reason: 'A question showed a mistake.' };
    const put = await harness.call('PUT', `/api/tenders/${tender.tenderId}/addendum`, {
      as: tender.people.preparer,
      body,
    });
    expect([put.status, put.text]).toEqual([200, expect.anything()]);
    await signAndApprove(harness, tender);
  };

  it('is sealed with the public kit, submitted, and receipted by the log', async () => {
    const { bidId, manifestSha256, submitted } = await sealAndSubmit(harness, tender, vendor);
    const receipt = await harness.get(`/api/tenders/${tender.tenderId}/bids/${bidId}/receipt?waitMs=5000`, vendor);
    expect(receipt.status).toBe(200);
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    const entry = decodeEntry(verifyReceipt(receipt.text, policy).entryBytes);
    expect(entry).toMatchObject({
      type: 'bid.submitted',
      tenderId: tender.tenderId,
      body: { bid_id: bidId, manifest_sha256: manifestSha256 },
    });
    expect(openEnvelope('promise', submitted.promise).document).toMatchObject({
      commitment: submitted.commitment,
      leaf_sha256: submitted.leafSha256,
    });
    expect(await stateOf(bidId)).toBe('submitted');
    const kit = await harness.get(`/api/tenders/${tender.tenderId}/kit`);
    expect(verifyReceipt(kit.body['noticeReceipt'] as string, policy).blinded).toBe(false);
  });

  it('can be larger than one part', async () => {
    const files = [{ path: 'large.bin', bytes: new Uint8Array(9 * 2 ** 20) }];
    const sealed = await sealAndSubmit(harness, tender, vendor, { files });
    expect(sealed.parts).toHaveLength(2);
    const { rows } = await harness.owner.query<{ sha256: Buffer }>(
      'SELECT sha256 FROM bid_part WHERE bid_id = $1 ORDER BY position',
      [sealed.bidId],
    );
    expect(rows.map((row) => toBase64(row.sha256))).toEqual(sealed.parts);
  });

  it('is refused in every member of its context that the tender does not pin', async () => {
    const other = (n: number): string => uuidV7(n, new Uint8Array(10));
    const kit = (await sealFor(harness, tender.tenderId, vendor)).manifest.context.groups;
    const [first, second] = kit;
    const wrong: [Partial<SealContext>, string, string | undefined][] = [
      [{ log_origin: 'other.example/log' }, 'manifest_mismatch', 'log_origin'],
      [{ tender_id: other(1) }, 'manifest_mismatch', 'tender_id'],
      [{ notice_sha256: toBase64(sha256(utf8('x'))) }, 'notice_outdated', undefined],
      [{ lot_id: other(2) }, 'manifest_mismatch', 'lot_id'],
      [{ envelope: 'price' }, 'manifest_mismatch', 'envelope'],
      [{ vendor_id: other(3) }, 'manifest_mismatch', 'vendor_id'],
      [{ groups: [first!] }, 'manifest_mismatch', 'groups'],
      [{ groups: [{ ...first!, k: 1 }, second!] }, 'manifest_mismatch', 'groups'],
      [{ groups: [second!, first!] }, 'manifest_mismatch', 'groups'],
      [{ groups: [{ ...first!, openers: [...first!.openers].reverse() }, second!] }, 'manifest_mismatch', 'groups'],
      [{ replaces: other(4) }, 'bid_unknown', undefined],
    ];
    for (const [context, code, field] of wrong) {
      const sealed = await sealFor(harness, tender.tenderId, vendor, { context });
      await uploadParts(harness, tender.tenderId, vendor, sealed);
      const problem = await refusedAs(sealed);
      expect([problem.code, problem.params?.['path']]).toEqual([code, field]);
    }
    expect(await entriesOf('bid.refused', 'bid.submitted', 'refusal.recorded')).toEqual(wrong.map(() => 'bid.refused'));
  });

  it('is refused when its key is not the vendor’s, is revoked, or did not sign', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    await uploadParts(harness, tender.tenderId, vendor, sealed);
    const stranger = await approvedVendor(harness);
    expect(
      (await refusedAs({ ...sealed, bodySig: signDocument(sealed.kind, sealed.body, stranger.secret) })).code,
    ).toBe('manifest_mismatch');
    const sig = signDocument('bid.withdrawn', sealed.body, vendor.secret);
    expect((await refusedAs({ ...sealed, bodySig: sig })).code).toBe('signature_invalid');
    const forged = signManifest(sealed.manifest, stranger.secret);
    expect(await refusedAs({ ...sealed, envelope: forged })).toMatchObject({ code: 'manifest_malformed', status: 422 });
    await harness.owner.query('UPDATE signing_key SET revoked_at = $2 WHERE account_id = $1', [
      vendor.id,
      harness.clock.now(),
    ]);
    expect((await refusedAs(sealed)).code).toBe('key_not_registered');
  });

  it('is refused while parts are missing, or are not those of the manifest', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    expect(await refusedAs(sealed)).toMatchObject({ code: 'parts_missing', params: { missing: 1 } });
    await uploadParts(harness, tender.tenderId, vendor, sealed);
    const [part] = sealed.parts;
    expect((await refusedAs({ ...sealed, parts: [part!, part!] })).code).toBe('manifest_mismatch');
    const elsewhere = toBase64(sha256(utf8('elsewhere')));
    expect((await refusedAs({ ...sealed, parts: [elsewhere] })).code).toBe('manifest_mismatch');
    expect((await submitBid(harness, tender.tenderId, vendor, sealed)).status).toBe(201);
  });

  it('cannot be copied by another vendor', async () => {
    const sealed = await sealAndSubmit(harness, tender, vendor);
    const copier = await approvedVendor(harness);
    const copy = { ...sealed, bodySig: signDocument(sealed.kind, sealed.body, copier.secret) };
    expect(await refusedAs(copy, copier)).toMatchObject({ code: 'manifest_mismatch', params: { path: 'vendor_id' } });
    // The same ciphertext and payload key under a context of its own: the box holds neither twice.
    for (const stolen of [{ ciphertext: sealed.manifest.ciphertext }, { recipient: sealed.manifest.recipient }]) {
      const bidId = uuidV7(5, new Uint8Array(randomBytes(10)));
      const fresh = await sealFor(harness, tender.tenderId, copier, { context: { bid_id: bidId } });
      await uploadParts(harness, tender.tenderId, copier, fresh);
      const manifest = { ...fresh.manifest, ...stolen };
      const envelope = signManifest(manifest, copier.secret);
      const body = signedBody(manifest, toBase64(sha256(fromBase64(envelope.payload))), copier.secret);
      const parts = 'ciphertext' in stolen ? sealed.parts : fresh.parts;
      expect((await refusedAs({ ...fresh, ...body, envelope, parts }, copier)).code).toBe('bid_exists');
    }
  });

  it('is late at the very millisecond of the deadline, and is refused with a proof that it came', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    await uploadParts(harness, tender.tenderId, vendor, sealed);
    const before = await objects();
    harness.clock.set(tender.terms.deadlineAt);
    const problem = await refusedAs(sealed);
    expect(problem).toMatchObject({ status: 422, code: 'bid_late' });
    const { document } = openEnvelope('refusal', problem.params!['refusal'] as never);
    expect(document).toMatchObject({
      code: 'bid_late',
      tender_id: tender.tenderId,
      manifest_sha256: sealed.manifestSha256,
      at: tender.terms.deadlineAt,
    });
    expect(await objects()).toBe(before);
    expect((await harness.owner.query('SELECT FROM bid WHERE tender_id = $1', [tender.tenderId])).rowCount).toBe(0);
    expect(await entriesOf('bid.refused', 'bid.submitted', 'refusal.recorded')).toEqual(['bid.refused']);
  });

  it('is in time one millisecond before the deadline', async () => {
    harness.clock.set(new Date(Date.parse(tender.terms.deadlineAt) - 1));
    expect((await sealAndSubmit(harness, tender, vendor)).submitted.submittedAt < tender.terms.deadlineAt).toBe(true);
  });

  it('is replaced by naming it, and only the standing one', async () => {
    const first = await sealAndSubmit(harness, tender, vendor);
    const again = await sealFor(harness, tender.tenderId, vendor);
    await uploadParts(harness, tender.tenderId, vendor, again);
    expect(await refusedAs(again)).toMatchObject({ code: 'bid_exists', status: 409 });
    const second = await sealAndSubmit(harness, tender, vendor, { replaces: first.bidId });
    expect([await stateOf(first.bidId), await stateOf(second.bidId)]).toEqual(['replaced', 'submitted']);
    const third = await sealFor(harness, tender.tenderId, vendor, { replaces: first.bidId });
    await uploadParts(harness, tender.tenderId, vendor, third);
    expect((await refusedAs(third)).code).toBe('bid_unknown');
  });

  it('is withdrawn for good, and a new one may follow', async () => {
    const first = await sealAndSubmit(harness, tender, vendor);
    const second = await sealAndSubmit(harness, tender, vendor, { replaces: first.bidId });
    expect((await withdraw(harness, tender.tenderId, vendor, first)).body.code).toBe('bid_unknown');
    expect((await withdraw(harness, tender.tenderId, vendor, second)).status).toBe(201);
    expect((await withdraw(harness, tender.tenderId, vendor, second)).body.code).toBe('bid_withdrawn');
    expect([await stateOf(first.bidId), await stateOf(second.bidId)]).toEqual(['replaced', 'withdrawn']);
    const route = `/api/tenders/${tender.tenderId}/bids/${second.bidId}/receipt?waitMs=5000&of=withdrawal`;
    const receipt = await harness.get(route, vendor);
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    expect(decodeEntry(verifyReceipt(receipt.text, policy).entryBytes).type).toBe('bid.withdrawn');
    const third = await sealAndSubmit(harness, tender, vendor);
    harness.clock.set(tender.terms.deadlineAt);
    expect((await withdraw(harness, tender.tenderId, vendor, third)).body.code).toBe('bid_late');
  });

  it('is confirmed after an addendum that leaves alone what is sealed', async () => {
    const bid = await sealAndSubmit(harness, tender, vendor);
    expect((await reconfirm(harness, tender.tenderId, vendor, bid)).body.code).toBe('wrong_state');
    await addendum({ description: 'Desks and chairs, delivered, assembled and cleaned.' });
    expect(await stateOf(bid.bidId)).toBe('invalidated');
    const stale = await sealFor(harness, tender.tenderId, vendor, {
      replaces: bid.bidId,
      context: { notice_sha256: tender.noticeSha256 },
    });
    await uploadParts(harness, tender.tenderId, vendor, stale);
    expect((await refusedAs(stale)).code).toBe('notice_outdated');
    expect((await reconfirm(harness, tender.tenderId, vendor, bid)).status).toBe(201);
    expect(await stateOf(bid.bidId)).toBe('reconfirmed');
    expect((await reconfirm(harness, tender.tenderId, vendor, bid)).body.code).toBe('wrong_state');
  });

  it('must be sealed again after an addendum that changed what is sealed', async () => {
    const bid = await sealAndSubmit(harness, tender, vendor);
    const [buyers, auditors] = tender.terms.groups;
    await addendum({ groups: [{ ...buyers, k: 1 }, auditors] });
    const answer = await reconfirm(harness, tender.tenderId, vendor, bid);
    expect(answer.body).toMatchObject({ code: 'notice_outdated', params: { resealRequired: true } });
    const view = await harness.get(`/api/tenders/${tender.tenderId}/bids/${bid.bidId}`, vendor);
    expect(view.body).toMatchObject({ state: 'invalidated', mustReseal: true });
    const again = await sealAndSubmit(harness, tender, vendor, { replaces: bid.bidId });
    expect(await stateOf(again.bidId)).toBe('submitted');
  });

  it('is one bid however often the same request is sent', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    await uploadParts(harness, tender.tenderId, vendor, sealed);
    const key = { 'idempotency-key': 'bid-0001-retry' };
    const answers = await Promise.all([
      submitBid(harness, tender.tenderId, vendor, sealed, key),
      submitBid(harness, tender.tenderId, vendor, sealed, key),
    ]);
    harness.clock.set(tender.terms.deadlineAt);
    const later = await submitBid(harness, tender.tenderId, vendor, sealed, key);
    expect([...answers, later].map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers[1].body).toEqual(answers[0].body);
    expect(later.body).toEqual(answers[0].body);
    expect(await entriesOf('bid.submitted', 'bid.refused')).toEqual(['bid.submitted']);
  });

  it('is one of two that one vendor sends at the same moment', async () => {
    const both = await Promise.all([1, 2].map(() => sealFor(harness, tender.tenderId, vendor)));
    for (const sealed of both) await uploadParts(harness, tender.tenderId, vendor, sealed);
    const answers = await Promise.all(both.map((sealed) => submitBid(harness, tender.tenderId, vendor, sealed)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409]);
    expect(await entriesOf('bid.submitted', 'bid.refused')).toHaveLength(2);
  });

  it('is seen by its vendor alone', async () => {
    const bid = await sealAndSubmit(harness, tender, vendor);
    const rival = await approvedVendor(harness);
    for (const route of [`/bids/${bid.bidId}`, `/bids/${bid.bidId}/receipt`]) {
      const answer = await harness.get<ProblemBody>(`/api/tenders/${tender.tenderId}${route}`, rival);
      expect([answer.status, answer.body.code]).toEqual([404, 'bid_unknown']);
      expect((await harness.get(`/api/tenders/${tender.tenderId}${route}`, tender.people.auditor)).status).toBe(403);
      expect((await harness.get(`/api/tenders/${tender.tenderId}${route}`)).status).toBe(401);
    }
    expect((await withdraw(harness, tender.tenderId, rival, bid)).body.code).toBe('bid_unknown');
    expect((await harness.get('/api/bids', rival)).body).toEqual({ items: [] });
    const page = await harness.get<{ items: { id: string }[] }>('/api/bids?limit=1', vendor);
    expect(page.body.items.map(({ id }) => id)).toEqual([bid.bidId]);
    const own = await harness.get<{ items: { id: string }[] }>(`/api/bids?tenderId=${tender.tenderId}`, vendor);
    expect(own.body.items.map(({ id }) => id)).toEqual([bid.bidId]);
    expect((await harness.get(`/api/bids?tenderId=${bid.bidId}`, vendor)).body).toEqual({ items: [] });
    expect((await harness.get('/api/bids?after=x', vendor)).status).toBe(400);
  });

  it('does not show in anything the public can read before the close', async () => {
    const routes = ['', '/kit', '/boxes', '/notices', '/opener-keys', '/terms/1'];
    const seen = async (): Promise<string[]> => {
      const views: string[] = [];
      for (const route of routes) {
        const answer = await harness.get(`/api/tenders/${tender.tenderId}${route}`);
        const headers = [...answer.headers].filter(([name]) => !/^(date|x-ratelimit-.*)$/.test(name));
        views.push(JSON.stringify([route, answer.status, answer.text, headers]));
      }
      return views;
    };
    await harness.published();
    const before = await seen();
    await sealAndSubmit(harness, tender, vendor);
    await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await harness.published();
    expect(await seen()).toEqual(before);
    const official = await harness.get(`/api/tenders/${tender.tenderId}`, tender.people.preparer);
    expect(official.text).not.toContain(vendor.vendorId);
  });

  it('comes from a vendor’s user, in a request of exactly the documented shape', async () => {
    const sealed = await sealFor(harness, tender.tenderId, vendor);
    const body = { manifest: sealed.envelope, parts: sealed.parts, bodySig: sealed.bodySig };
    const route = `/api/tenders/${tender.tenderId}/bids`;
    expect((await harness.post(route, body)).status).toBe(401);
    expect((await harness.post(route, body, tender.people.preparer)).status).toBe(403);
    for (const wrong of [{ ...body, more: 1 }, { ...body, parts: [] }, { ...body, manifest: 'x' }, { parts: [] }]) {
      expect((await harness.post(route, wrong, vendor)).status).toBe(400);
    }
    expect((await harness.post('/api/tenders/not-a-tender/bids', body, vendor)).status).toBe(400);
    expect((await harness.post(`/api/tenders/${vendor.vendorId}/bids`, body, vendor)).status).toBe(404);
  });
});
