import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeEntry } from '@segel/evidence';
import { TILE_WIDTH, parseBundle, parseLeaf, tilePath } from '@segel/tlog';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHarness, type Harness } from '../../../../../test/support/harness.js';
import { publishTender, type PublishedTender } from '../../../../../test/support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from '../../../../../test/support/sealed-bid.js';

const INTERVAL_MS = 1_500;
const INTERVALS = 3;

/** One look at the public log after it moved. */
type Look = { readonly size: number };

jest.setTimeout(180_000);

describe('the public log', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;

  beforeAll(async () => {
    harness = await startHarness({ HEARTBEAT_MS: String(INTERVAL_MS) });
    tender = await publishTender(harness);
    vendor = await approvedVendor(harness);
  });
  afterAll(() => harness.stop());

  const publicSize = async (): Promise<number> => Number((await harness.get('/log/checkpoint')).text.split('\n')[1]);

  /** Waits for the moment at which the public log moves. */
  async function nextEnd(): Promise<number> {
    const before = await publicSize();
    for (;;) {
      await sleep(15);
      const size = await publicSize();
      if (size !== before) return size;
    }
  }

  /** Everything that can be seen from outside for some intervals: how often the log moved, by how much, and what sort
   *  of leaves came. The act happens in the middle of the first interval. */
  async function watch(act: () => Promise<unknown>): Promise<readonly (readonly string[])[]> {
    const from = await nextEnd();
    const acted = sleep(INTERVAL_MS / 4).then(act);
    const looks: Look[] = [];
    let seen = from;
    while (looks.length < INTERVALS) {
      await sleep(15);
      const size = await publicSize();
      if (size !== seen) looks.push({ size });
      seen = size;
    }
    await acted;
    const kinds = await leafKinds(from, looks.at(-1)!.size);
    const beats = kinds.filter((kind) => kind === 'log.heartbeat').length;
    return [
      [`moved ${looks.length} times, with ${beats} heartbeats`],
      looks.map(({ size }, i) => `${size - (looks[i - 1]?.size ?? from)} leaves`),
      kinds,
    ];
  }

  async function leafKinds(from: number, to: number): Promise<readonly string[]> {
    const kinds: string[] = [];
    for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n++) {
      const width = Math.min(TILE_WIDTH, to - n * TILE_WIDTH);
      const answer = await fetch(`${harness.url}/log/${tilePath({ level: 'entries', n, width })}`);
      const leaves = parseBundle(new Uint8Array(await answer.arrayBuffer()), width);
      leaves.forEach((data, i) => {
        if (n * TILE_WIDTH + i < from) return;
        const leaf = parseLeaf(data);
        kinds.push(leaf.blinded ? `blinded, ${data.length} bytes` : decodeEntry(leaf.entryBytes).type);
      });
    }
    return kinds;
  }

  it('looks alike in a time with one bid and in a time with none', async () => {
    // Signing in, reading the notice and the like leave entries too: the bid comes when they are public.
    await nextEnd();
    await nextEnd();
    const quiet = await watch(async () => undefined);
    let receiptSize = 0;
    const withBid = await watch(async () => {
      const { submitted } = await sealAndSubmit(harness, tender, vendor);
      // The vendor has its receipt before the interval ends: nobody waits for the public log.
      const receipt = await harness.get(
        `/api/tenders/${tender.tenderId}/bids/${submitted.bidId}/receipt?waitMs=5000`,
        vendor,
      );
      receiptSize = Number(/\ntest\.example\/segel\n(\d+)\n/.exec(receipt.text)?.[1]);
    });
    expect(receiptSize).toBeGreaterThan(0);
    expect(withBid).toEqual(quiet);
    expect(quiet[1]).toEqual(Array(INTERVALS).fill('8 leaves'));
    expect(quiet[2]!.slice(0, 8)).toEqual([...(Array(7).fill('blinded, 33 bytes') as string[]), 'log.heartbeat']);
    const { rows } = await harness.owner.query("SELECT FROM trail WHERE type = 'bid.submitted'");
    expect(rows).toHaveLength(1);
  });

  it('serves nothing beyond the end of the last interval, though more is sequenced and receipted', async () => {
    const shown = await nextEnd();
    await harness.post('/api/no-such-act', {});
    await sealAndSubmit(harness, tender, await approvedVendor(harness, 'Another'));
    const { rows } = await harness.owner.query<{ size: number }>('SELECT size FROM tlog.tree');
    const size = Number(rows[0]!.size);
    const now = await publicSize();
    if (size > now) {
      const n = Math.floor(now / TILE_WIDTH);
      for (const level of ['entries', 0] as const) {
        const path = tilePath({ level, n, width: size % TILE_WIDTH || TILE_WIDTH });
        expect((await harness.get(`/log/${path}`)).status).toBe(404);
      }
      expect((await harness.get(`/log/checkpoints/${size}`)).status).toBe(404);
    }
    expect(now % 8).toBe(0);
    expect(now).toBeGreaterThanOrEqual(shown);
  });

  it('ends a busy interval at a multiple of eight leaves as well', async () => {
    await nextEnd();
    await Promise.all(Array.from({ length: 11 }, (_, i) => approvedVendor(harness, `Busy ${i}`)));
    const before = await publicSize();
    const after = await nextEnd();
    expect((after - before) % 8).toBe(0);
    const kinds = await leafKinds(before, after);
    expect(kinds.at(-1)).toBe('log.heartbeat');
  });
});
