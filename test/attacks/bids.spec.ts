/** Attacks on sealed bids before the deadline: their bytes, their keys, and what can be learnt from outside. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkKit, fetchKit } from '@segel/acts';
import { sha256, toBase64, toHex, uuidV7 } from '@segel/encoding';
import { PART_BYTES, signManifest } from '@segel/sealing';
import { TILE_WIDTH, parseBundle, tilePath } from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { LogRunner } from '../../apps/api/src/platform/log/log.runner.js';
import { startHarness, type Harness } from '../support/harness.js';
import { attestBox, closeBoxes, entryBodies, objectPath, releaseShares } from '../support/opening-day.js';
import { publishTender, type PublishedTender } from '../support/published-tender.js';
import {
  approvedVendor,
  sealAndSubmit,
  sealFor,
  signedBody,
  submitBid,
  type SealedBid,
  type VendorUser,
} from '../support/sealed-bid.js';
import { openerIdentity } from '../support/tender-people.js';
import { clientOf, publicLog, refusalOf, tamper, tenderErrors } from './powers.js';

describe('a sealed bid', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  it('storage admin deletes ciphertext: the vendor learns which part, and only the very same bytes take its place', async () => {
    const tender = await publishTender(harness);
    const vendor = await approvedVendor(harness);
    const files = [{ path: 'plans.bin', bytes: new Uint8Array(PART_BYTES) }];
    const { bidId, parts, ciphertext } = await sealAndSubmit(harness, tender, vendor, { files });
    const stored = path.join(harness.folder, objectPath(parts[1]!));
    await rm(stored);

    const route = `/api/tenders/${tender.tenderId}/bids/${bidId}/damage`;
    const damaged = async (): Promise<unknown> => (await harness.get(route, vendor)).body;
    expect(await damaged()).toEqual({ damaged: [parts[1]] });
    const kept = ciphertext.slice(PART_BYTES);
    const put = async (body: Uint8Array): Promise<unknown[]> => {
      const url = `${route}/${toHex(sha256(kept))}`;
      const answer = await harness.call<{ code?: string }>('PUT', url, { as: vendor, body });
      return [answer.status, answer.body.code];
    };
    expect(await put(kept.with(0, kept[0]! ^ 1))).toEqual([460, 'part_digest_mismatch']);
    expect(await put(kept)).toEqual([204, undefined]);
    expect(await damaged()).toEqual({ damaged: [] });
    expect(Buffer.from(kept).equals(await readFile(stored))).toBe(true);
  });

  it("copying a competitor's ciphertext: the copy is refused, and let in by force it opens to nothing", async () => {
    const tender = await publishTender(harness);
    const victim = await sealAndSubmit(harness, tender, await approvedVendor(harness, 'Victim'));
    // One takes the ciphertext under a key of its own, the other takes the victim's key as well.
    const thieves = [
      { copier: await approvedVendor(harness, 'Copier'), stolen: ['ciphertext'] },
      { copier: await approvedVendor(harness, 'Copier'), stolen: ['ciphertext', 'recipient'] },
    ] as const;
    const copies = await Promise.all(thieves.map(({ copier, stolen }) => copyOf(victim, tender, copier, stolen)));
    const submitAll = async (): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (const [i, copy] of copies.entries()) {
        const { status, body } = await submitBid(harness, tender.tenderId, thieves[i]!.copier, copy);
        answers.push([status, (body as { code?: string }).code]);
      }
      return answers;
    };
    expect(await submitAll()).toEqual([
      [409, 'bid_exists'],
      [409, 'bid_exists'],
    ]);
    await harness.owner.query('ALTER TABLE bid DROP CONSTRAINT bid_ct_root, DROP CONSTRAINT bid_recipient_key');
    expect(await submitAll()).toEqual([
      [201, undefined],
      [201, undefined],
    ]);
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    const opened = await entryBodies(harness, tender.tenderId, 'bid.opened');
    const outcomes = new Map(opened.map((body) => [body['bid_id'], body['outcome']]));
    expect([victim, ...copies].map(({ bidId }) => outcomes.get(bidId))).toEqual([
      'opened',
      'undecryptable',
      'invalid_dealing',
    ]);
    expect(await tenderErrors(harness, tender.tenderId)).toEqual(['bids/bid_copied']);
  });

  /** A bid of the copier's own, in which members of the victim's manifest replace its own. */
  async function copyOf(
    victim: SealedBid,
    { tenderId }: PublishedTender,
    copier: VendorUser,
    stolen: readonly ('ciphertext' | 'recipient')[],
  ): Promise<SealedBid> {
    const bidId = uuidV7(harness.clock.now().getTime(), new Uint8Array(randomBytes(10)));
    const own = await sealFor(harness, tenderId, copier, { context: { bid_id: bidId } });
    const members = Object.fromEntries(stolen.map((name) => [name, victim.manifest[name]]));
    const manifest = { ...own.manifest, ...members };
    const envelope = signManifest(manifest, copier.secret);
    const manifestSha256 = toBase64(sha256(Buffer.from(envelope.payload, 'base64')));
    const signed = signedBody(manifest, manifestSha256, copier.secret);
    return { ...own, manifest, manifestSha256, envelope, parts: victim.parts, ...signed };
  }

  it('operator substitutes opener keys: a vendor’s client compares the kit with the log and seals nothing', async () => {
    const tender = await publishTender(harness);
    await harness.published();
    const check = async (): Promise<string> => {
      const kit = await fetchKit(clientOf(harness), tender.tenderId);
      return refusalOf(async () => checkKit(kit, await publicLog(harness)));
    };
    expect(await check()).toBe('agreed');
    const operators = openerIdentity('x1', tender.people.openers[0]!.id);
    await tamper(harness, 'UPDATE opener_key SET recipient = $3 WHERE tender_id = $1 AND opener_id = $2', [
      tender.tenderId,
      operators.openerId,
      operators.recipient,
    ]);
    expect((await harness.get(`/api/tenders/${tender.tenderId}/kit`)).text).toContain(operators.recipient);
    expect(await check()).toBe('kit_differs');
    // Who sealed unchecked is told by the verifier: the bid is sealed for others than the notice pins.
    await sealAndSubmit(harness, tender, await approvedVendor(harness));
    await tamper(harness, 'UPDATE opener_key SET recipient = $3 WHERE tender_id = $1 AND opener_id = $2', [
      tender.tenderId,
      operators.openerId,
      tender.openerIdentities[0]!.recipient,
    ]);
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [1, 2, 4, 5]);
    expect(await tenderErrors(harness, tender.tenderId)).toContain('bids/context_mismatch');
  });
});

describe('a bid seen from outside', () => {
  let harness: Harness;
  beforeAll(async () => {
    // Intervals end when the test says so.
    harness = await startHarness({ HEARTBEAT_MS: '3600000' });
  });
  afterAll(() => harness.stop());

  async function endInterval(): Promise<void> {
    await harness.app.get(LogRunner).journal.endInterval(7);
    await harness.published();
  }

  /** Everything that anybody can ask for about the tender and the log. */
  async function seen({ tenderId }: PublishedTender): Promise<Record<string, string>> {
    const { body } = await harness.get<{ paths: Record<string, object> }>('/api/openapi.json');
    const routes = Object.keys(body.paths).filter((route) => 'get' in body.paths[route]!);
    const answers: Record<string, string> = {};
    for (const route of ['/log/checkpoint', ...routes]) {
      const url = route.replaceAll('{tenderId}', tenderId).replaceAll(/\{[A-Za-z0-9]+\}/g, '1');
      const { status, text } = await harness.get(url);
      answers[route] = `${status} ${text}`;
    }
    return answers;
  }

  it('metadata leakage: size, sender and number of bids show nowhere before the close, nor that there are any', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 300_000 });
    const vendors = [await approvedVendor(harness), await approvedVendor(harness)];
    await endInterval();
    const before = await seen(tender);
    expect(Object.values(before).filter((answer) => answer.startsWith('200')).length).toBeGreaterThan(8);

    const [small, large] = await Promise.all([
      sealAndSubmit(harness, tender, vendors[0]!),
      sealAndSubmit(harness, tender, vendors[1]!, {
        files: [{ path: 'plans.bin', bytes: new Uint8Array(randomBytes(100_000)) }],
      }),
    ]);
    // Padded alike; sequenced, cosigned and receipted before anything public has moved.
    expect(small.ciphertext.length).toBe(large.ciphertext.length);
    for (const [i, { bidId }] of [small, large].entries()) {
      const route = `/api/tenders/${tender.tenderId}/bids/${bidId}/receipt?waitMs=10000`;
      expect((await harness.get(route, vendors[i])).status).toBe(200);
    }
    expect(await seen(tender)).toEqual(before);

    // In the log they are leaves like the chaff around them. That quiet and busy intervals look alike is in
    // apps/api/src/platform/log/intervals.spec.ts.
    const from = Number(before['/log/checkpoint']!.split('\n')[1]);
    await endInterval();
    const to = Number((await harness.get('/log/checkpoint')).text.split('\n')[1]);
    expect(to).toBeLessThan(TILE_WIDTH);
    const bundle = await fetch(`${harness.url}/log/${tilePath({ level: 'entries', n: 0, width: to })}`);
    const leaves = parseBundle(new Uint8Array(await bundle.arrayBuffer()), to).slice(from, -1);
    expect(leaves.map((leaf) => `${leaf[0]}, ${leaf.length} bytes`)).toEqual(Array(7).fill('1, 33 bytes'));
    // Not even the openers learn who bid.
    const release = `/api/tenders/${tender.tenderId}/boxes/${small.bidId}/release-set`;
    expect((await harness.get<{ code: string }>(release, tender.people.openers[0])).body.code).toBe('box_not_closed');
  });
});
