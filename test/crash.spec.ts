/** kill -9 of the server, thirty times, while companies submit: nothing acknowledged is lost, nothing doubled, no gap,
 *  and every published checkpoint is a prefix of the next. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { equalBytes, sha256, toBase64 } from '@segel/encoding';
import { RightEdge, blindedLeaf, leafHash, parsePolicy, verifyCheckpoint, verifyReceipt } from '@segel/tlog';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Config, readSettings } from '../apps/api/src/platform/config/config.js';
import { removeDataDir, startStack, type Stack } from '../apps/launcher/src/index.mjs';
import { TestClock } from './support/clock.js';
import { Harness, type Answer } from './support/harness.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import {
  approvedVendor,
  sealFor,
  type SealedBid,
  type SubmittedAnswer,
  type VendorUser,
} from './support/sealed-bid.js';

const KILLS = 30;
const VENDORS = 6;

/** The real time: this test runs a server in a process of its own. */
class RealClock extends TestClock {
  override now(): Date {
    return new Date();
  }
}

describe('a server that is killed', () => {
  let stack: Stack;
  let harness: Harness;
  let tender: PublishedTender;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'segel-crash-'));
    stack = await startStack({
      dataDir,
      port: 0,
      quiet: true,
      env: { PATH: process.env['PATH'] ?? '', RATE_LIMIT_PER_MINUTE: '1000000' },
    });
    const owner = new pg.Pool({ connectionString: stack.database.url, max: 8 });
    owner.on('error', () => undefined);
    harness = new Harness(
      undefined as never,
      stack.url,
      new RealClock(),
      owner,
      dataDir,
      new Config(readSettings(stack.env)),
      async () => {
        await owner.end();
        await stack.stop();
        await removeDataDir(dataDir);
      },
    );
    tender = await publishTender(harness, { deadlineInMs: 3_600_000 });
  });
  afterAll(() => harness.stop());

  /** Work repeated until the server lets it through: what a client on a bad line does. */
  async function insistOn<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch {
        await sleep(50);
      }
    }
  }

  const insist = <T>(send: () => Promise<Answer<T>>): Promise<Answer<T>> =>
    insistOn(async () => {
      const answer = await send();
      if (answer.status >= 500) throw new Error('the server is coming up');
      return answer;
    });

  const acknowledged: { readonly vendor: VendorUser; readonly bid: SealedBid; readonly answer: SubmittedAnswer }[] = [];

  async function submitUntil(stop: AbortSignal, vendor: VendorUser): Promise<void> {
    let replaces: string | undefined;
    while (!stop.aborted) {
      const sealed = await insistOn(() =>
        sealFor(harness, tender.tenderId, vendor, replaces === undefined ? {} : { replaces }),
      );
      await insist(() =>
        harness.call(
          'PUT',
          `/api/tenders/${tender.tenderId}/parts/${Buffer.from(sealed.parts[0]!, 'base64').toString('hex')}`,
          { as: vendor, body: sealed.ciphertext },
        ),
      );
      const body = { manifest: sealed.envelope, parts: sealed.parts, bodySig: sealed.bodySig };
      const headers = { 'idempotency-key': sealed.bidId };
      const answer = await insist(() =>
        harness.call<SubmittedAnswer>('POST', `/api/tenders/${tender.tenderId}/bids`, { as: vendor, body, headers }),
      );
      expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.any(String)]);
      acknowledged.push({ vendor, bid: sealed, answer: answer.body });
      replaces = sealed.bidId;
    }
  }

  it(`loses nothing in ${KILLS} kills under load`, async () => {
    const vendors = await Promise.all(
      Array.from({ length: VENDORS }, (_, i) => approvedVendor(harness, `Vendor ${i}`)),
    );
    const stop = new AbortController();
    const load = Promise.all(vendors.map((vendor) => submitUntil(stop.signal, vendor)));
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + Math.floor(Math.random() * 900));
      await stack.killApi();
      await stack.startApi();
    }
    stop.abort();
    await load;
    await harness.published();
    process.stdout.write(`${acknowledged.length} bids acknowledged through ${KILLS} kills\n`);
    expect(acknowledged.length).toBeGreaterThan(VENDORS);
  }, 600_000);

  it('has every acknowledged bid once, with a receipt that holds', async () => {
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    const { rows } = await harness.owner.query<{ id: string; leaf: Buffer }>('SELECT id, leaf_sha256 AS leaf FROM bid');
    const stored = new Map(rows.map(({ id, leaf }) => [id, toBase64(leaf)]));
    // A bid whose answer was lost may be stored without having been acknowledged; never the other way round.
    expect(stored.size).toBeGreaterThanOrEqual(acknowledged.length);
    for (const { bid, answer } of acknowledged) {
      expect(stored.get(bid.bidId)).toBe(answer.leafSha256);
      const { rows: leaves } = await harness.owner.query<{ idx: number }>(
        'SELECT idx FROM tlog.entry WHERE sha256(data) = $1',
        [Buffer.from(answer.leafSha256, 'base64')],
      );
      expect(leaves).toHaveLength(1);
    }
    for (const { vendor, answer } of acknowledged.slice(-VENDORS)) {
      const receipt = await harness.get(`/api/tenders/${tender.tenderId}/bids/${answer.bidId}/receipt`, vendor);
      const { commitment } = verifyReceipt(receipt.text, policy);
      expect(toBase64(sha256(blindedLeaf(commitment!)))).toBe(answer.leafSha256);
    }
  });

  it('has a log without gap or double, whose every published checkpoint is a prefix of the next', async () => {
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    const { rows: entries } = await harness.owner.query<{ idx: number; data: Buffer }>(
      'SELECT idx, data FROM tlog.entry ORDER BY idx',
    );
    expect(entries.map(({ idx }) => idx)).toEqual(entries.map((_, i) => i));
    expect(new Set(entries.map(({ data }) => data.toString('base64'))).size).toBe(entries.length);
    const { rows: published } = await harness.owner.query<{ size: number; note: string }>(
      'SELECT size, note FROM tlog.published ORDER BY size',
    );
    expect(published.length).toBeGreaterThan(KILLS / 2);
    const edge = new RightEdge();
    const notes = new Map(published.map(({ size, note }) => [size, note]));
    for (const { data } of entries) {
      edge.append(leafHash(data));
      const note = notes.get(edge.size);
      if (note !== undefined) expect(equalBytes(verifyCheckpoint(policy, note).root, edge.root())).toBe(true);
    }
    expect(published.at(-1)?.size).toBe(entries.length);
    const { rows: unlogged } = await harness.owner.query(
      'SELECT id FROM trail t WHERE NOT EXISTS (SELECT FROM tlog.entry e WHERE sha256(e.data) = t.leaf_sha256)',
    );
    expect(unlogged).toEqual([]);
  });
});
