/** The command line's upload over lines that are cut, through a real server, counted byte by byte. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '@segel/encoding';
import { PART_BYTES } from '@segel/sealing';
import { randomBytes, randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../apps/cli/src/api-client.js';
import { uploadFile } from '../apps/cli/src/acts/parts.js';
import { BadTcpLine } from './support/bad-tcp-line.js';
import { startHarness, type Harness } from './support/harness.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { announce, approvedVendor, type VendorUser } from './support/sealed-bid.js';

jest.setTimeout(120_000);

describe('a large bid over a bad line', () => {
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;
  let line: BadTcpLine;

  beforeAll(async () => {
    harness = await startHarness();
  });
  beforeEach(async () => {
    tender = await publishTender(harness);
    vendor = await approvedVendor(harness);
    line = await BadTcpLine.to(harness.url);
  });
  afterEach(async () => {
    await line.close();
    await harness.verifyLog();
  });
  afterAll(() => harness.stop());

  const client = (): ApiClient =>
    new ApiClient({ url: line.url, token: vendor.token, sleep: () => new Promise((done) => setTimeout(done, 20)) });
  const file = async (size: number): Promise<{ bid: Parameters<typeof uploadFile>[1]; parts: Uint8Array[] }> => {
    const bytes = randomBytes(size);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < size; at += PART_BYTES) parts.push(bytes.subarray(at, at + PART_BYTES));
    const name = path.join(harness.folder, `${tender.tenderId}.sealed`);
    await writeFile(name, bytes);
    return { bid: { tenderId: tender.tenderId, path: name, hashes: parts.map((part) => sha256(part)), size }, parts };
  };
  const missing = async (parts: readonly Uint8Array[]): Promise<unknown> =>
    (await announce(harness, tender.tenderId, vendor, parts)).body.missing;

  it.each([
    ['as fast as the machine', Infinity],
    ['of 4 MiB a second', 4 * 2 ** 20],
  ])('%s, cut ten times at any byte, carries at most a twentieth of it twice', async (_, bytesPerSecond) => {
    await line.close();
    line = await BadTcpLine.to(harness.url, bytesPerSecond);
    const size = 25 * 2 ** 20 + 12_345;
    const { bid, parts } = await file(size);
    line.cutAfter(Array.from({ length: 10 }, () => randomInt(10_000, size)));
    const shown: number[] = [];
    expect(await uploadFile(client(), bid, (done) => shown.push(done))).toBe(4);
    expect(await missing(parts)).toEqual([]);
    expect(line.cuts).toBe(10);
    expect(line.sent).toBeGreaterThan(size);
    expect(line.sent).toBeLessThan(size * 1.05);
    expect(shown.at(-1)).toBe(size);
  });

  it('goes on at the staged byte when the program was killed, and when nothing answers it says so', async () => {
    const { bid, parts } = await file(6 * 2 ** 20);
    line.cutAfter([4 * 2 ** 20]);
    const alive = line.target;
    line.onCut = () => void (line.target = 'http://127.0.0.1:1');
    const gone = uploadFile(client(), { ...bid, patienceMs: 300 });
    await expect(gone).rejects.toMatchObject({ name: 'NetworkError' });
    line.target = alive;
    // What the line delivered, the server may still be writing.
    const staged = async () => (await announce(harness, tender.tenderId, vendor, parts)).body.missing[0];
    let left = await staged();
    for (let i = 0; i < 50 && left!.stagedBytes <= 3.5 * 2 ** 20; i++) {
      await sleep(200);
      left = await staged();
    }
    expect(left?.stagedBytes).toBeGreaterThan(3.5 * 2 ** 20);
    const before = line.sent;
    expect(await uploadFile(client(), bid)).toBe(1);
    expect(line.sent - before).toBeLessThan(6 * 2 ** 20 - left!.stagedBytes + 10_000);
    expect(await missing(parts)).toEqual([]);
  });

  it('goes on at the staged byte when the server ended in the middle of a part and was started again', async () => {
    await line.close();
    line = await BadTcpLine.to(harness.url, 4 * 2 ** 20);
    const size = 7 * 2 ** 20;
    const { bid, parts } = await file(size);
    let restarted: Promise<void> | undefined;
    const sent = uploadFile(client(), bid, (done) => {
      if (done > 3 * 2 ** 20) restarted ??= harness.restart();
    });
    expect(await sent).toBe(1);
    expect(restarted).toBeDefined();
    await restarted;
    expect(line.sent).toBeGreaterThan(size);
    expect(line.sent).toBeLessThan(size * 1.05);
    expect(await missing(parts)).toEqual([]);
  });

  it('that another program with the same bid sends at the same time arrives once and whole', async () => {
    const { bid, parts } = await file(9 * 2 ** 20);
    await Promise.all([uploadFile(client(), bid), uploadFile(client(), bid)]);
    expect(await missing(parts)).toEqual([]);
  });

  it('is refused in the server’s own words when the deadline has passed', async () => {
    const { bid } = await file(1000);
    harness.clock.set(tender.terms.deadlineAt);
    await expect(uploadFile(client(), bid)).rejects.toMatchObject({ code: 'bid_late' });
  });
});
