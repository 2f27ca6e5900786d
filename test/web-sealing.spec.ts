/** Sealing and sending in a real browser, through a real server, to an opening in Node. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { encryptKeyRing } from '@segel/acts';
import { sha256, toBase64, toHex } from '@segel/encoding';
import type { Offer } from '@segel/procurement';
import { decryptSeedWithPassphrase } from '@segel/sealing';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import type { SealedBid, SubmittedBid } from '../apps/web/src/islands/sealing/messages.js';
import { chromiumPath, NO_CHROMIUM, openBrowser } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { assets, SealingPage } from './support/sealing-page.js';
import { startWebApp, type WebApp } from './support/web-app.js';
import { approvedVendor, offerFor, type VendorUser } from './support/sealed-bid.js';

jest.setTimeout(180_000);

const PASSPHRASE = 'a long passphrase';
const WORKER_BUDGET = 90_000;

describe('what the browser has to load', () => {
  const sizes = async (part: string): Promise<readonly number[]> => {
    const names = (await readdir(assets)).filter((name) => name.startsWith(part) && name.endsWith('.js'));
    return names.map((name) => gzipSync(readFileSync(path.join(assets, name)), { level: 9 }).length);
  };

  it('is one worker within its budget and a small page side', async () => {
    const [worker, ...more] = await sizes('sealing-worker');
    expect(more).toEqual([]);
    expect(worker).toBeLessThanOrEqual(WORKER_BUDGET);
    expect((await sizes('sealing-client'))[0]).toBeLessThanOrEqual(2000);
  });
});

/** What the page may show of a bid. */
type Shown = Omit<SealedBid, 'sealedFile' | 'seedFile'> & { readonly seed: readonly number[] };
type Said = { readonly phase?: string; readonly done: number; readonly total: number; readonly at: number };

describe('a bid sealed in the browser', () => {
  if (chromiumPath === undefined) {
    it(`was not tried: ${NO_CHROMIUM}`, () => console.warn(`Sealing in a browser was not tried: ${NO_CHROMIUM}.`));
    return;
  }
  let harness: Harness;
  let tender: PublishedTender;
  let vendor: VendorUser;
  let folder: string;
  let server: WebApp;
  let web: SealingPage;
  let browser: BrowserContext;
  const complaints: string[] = [];
  const files = new Map<string, Uint8Array>();

  beforeAll(async () => {
    harness = await startHarness();
    tender = await publishTender(harness, { deadlineInMs: 200_000 });
    await harness.published();
    folder = await mkdtemp(path.join(tmpdir(), 'segel-browser-'));
    server = await startWebApp(harness);
    browser = await openBrowser(folder);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
    await harness.verifyLog();
    await harness.stop();
  });
  // Each test has a company, an origin and so a disk of its own.
  beforeEach(async () => {
    vendor = await approvedVendor(harness);
    web = await SealingPage.behind(server.url, vendor.token);
    complaints.length = 0;
    web.addFile('keys.age', await keyFileOf(vendor.secret, PASSPHRASE));
  });
  afterEach(async () => {
    for (const page of browser.pages().slice(1)) await page.close();
    await web.close();
    // The policy of the page let everything pass that it needs, and nothing failed unseen.
    expect(complaints).toEqual([]);
  });

  const keyFileOf = (signingSecret: Uint8Array, passphrase: string): Promise<Uint8Array> => {
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    return encryptKeyRing({ signingSecret, openerIdentities: [] }, passphrase, { random, workFactor: 10 });
  };
  /** Waits in the test: the page's policy forbids code that is made of text. */
  const until = async (page: Page, condition: string): Promise<void> => {
    while (!(await page.evaluate(condition))) await sleep(20);
  };
  const openPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(web.url);
    await until(page, 'globalThis.ready === true');
    return page;
  };

  const choose = (sizes: Readonly<Record<string, number>>): void => {
    files.clear();
    for (const [name, size] of Object.entries(sizes)) {
      files.set(name, new Uint8Array(randomBytes(size)));
      web.addFile(name, files.get(name)!);
    }
  };

  const seal = async (page: Page): Promise<Shown> => {
    const [lotId] = tender.lotIds;
    const whole = offerFor(tender.terms, tender.tenderId, lotId!, '');
    const { v: _, tenderId: __, lotId: ___, bidId: ____, ...draft } = whole satisfies Offer;
    const offer = { ...draft, documents: draft.documents.map((slot) => ({ ...slot, path: [...files.keys()][0]! })) };
    const policy = await policyText();
    const given = {
      tenderId: tender.tenderId,
      lotId,
      vendorId: vendor.vendorId,
      offer,
      policy,
      names: [...files.keys()],
    };
    return page.evaluate(
      `(async ({ names, ...given }, passphrase) => {
        const blobOf = async (name) => (await fetch('/files/' + name)).blob();
        const files = [];
        for (const name of names) files.push({ path: name, file: await blobOf(name) });
        const bid = await sealing.seal({ ...given, files, passphrase, keyFile: await blobOf('keys.age') });
        const { sealedFile, seedFile, ...shown } = bid;
        return { ...shown, seed: [...new Uint8Array(await seedFile.arrayBuffer())] };
      })(${JSON.stringify(given)}, ${JSON.stringify(PASSPHRASE)})`,
    );
  };
  const act = <T>(page: Page, call: string): Promise<T> => page.evaluate(`sealing.${call}`);
  const policyText = async (): Promise<string> => (await fetch(`${harness.url}/log/policy`)).text();
  const send = async (page: Page, { tenderId, bidId }: Pick<Shown, 'tenderId' | 'bidId'>): Promise<SubmittedBid> => {
    const options = { policy: await policyText() };
    return act(page, `send(${JSON.stringify({ tenderId, bidId })}, ${JSON.stringify(options)})`);
  };
  /** After a closed tab: what waits is found, and sent. */
  const resume = async (page: Page): Promise<SubmittedBid> => {
    const bidder = { tenderId: tender.tenderId, vendorId: vendor.vendorId };
    const stranger = { ...bidder, vendorId: tender.tenderId };
    expect(await act(page, `sealed(${JSON.stringify(stranger)})`)).toEqual([]);
    const [bid, ...more] = await page.evaluate<readonly Shown[]>(
      `sealing.sealed(${JSON.stringify(bidder)}).then((bids) => bids.map(({ tenderId, bidId }) => ({ tenderId, bidId })))`,
    );
    expect(more).toEqual([]);
    return send(page, bid!);
  };
  const failure = (doing: Promise<unknown>): Promise<string> =>
    doing.then(
      () => 'none',
      (error: unknown) => String(error),
    );
  const said = (page: Page): Promise<readonly Said[]> => page.evaluate('said');
  const onDisk = (page: Page): Promise<readonly string[]> =>
    page.evaluate(`(async () => {
      const names = [];
      const walk = async (folder) => {
        for await (const [name, handle] of folder.entries())
          if (handle.kind === 'file') names.push(name); else await walk(handle);
      };
      await walk(await navigator.storage.getDirectory());
      return names.sort();
    })()`);

  it('goes in one request when it is small', async () => {
    choose({ 'proposal.pdf': 100_000 });
    const page = await openPage();
    const sealed = await seal(page);
    const submitted = await send(page, sealed);
    expect(submitted.bidId).toBe(sealed.bidId);
    const posted = web.requests.filter((request) => !request.startsWith('GET'));
    expect(posted).toEqual([`POST /api/tenders/${tender.tenderId}/bids`]);
  });

  it('is not kept and not sent when the disk gives back another byte than it was given', async () => {
    web.beforeWorker = `{
      const write = FileSystemSyncAccessHandle.prototype.write;
      let pieces = 0;
      FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
        if (++pieces === 3) bytes[1000] ^= 1;
        return write.call(this, bytes, options);
      };
    }\n`;
    choose({ 'proposal.pdf': 5 * 2 ** 20 });
    const page = await openPage();
    expect(await failure(seal(page))).toContain('could not be opened again');
    expect(await onDisk(page)).toEqual([]);
    expect(web.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('is not sent when its file was changed after the test', async () => {
    choose({ 'proposal.pdf': 2 * 2 ** 20 });
    const page = await openPage();
    const sealed = await seal(page);
    await page.evaluate(`(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await (await root.getDirectoryHandle('segel-sealed')).getDirectoryHandle('${tender.tenderId}');
      const file = await (await folder.getFileHandle('${sealed.bidId}.sealed')).createWritable({ keepExistingData: true });
      await file.write({ type: 'write', position: 70000, data: new Uint8Array([1, 2, 3]) });
      await file.close();
    })()`);
    expect(await failure(resume(page))).toContain('not the one that was signed');
    expect(web.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
    await act(page, `discard(${JSON.stringify(sealed)})`);
    expect(await onDisk(page)).toEqual([]);
  });

  it('is not sealed for a key that a server put in an opener’s place', async () => {
    choose({ 'proposal.pdf': 1000 });
    const own = tender.openerIdentities[1]!.recipient;
    web.alter = (url, body) => (url.endsWith('/kit') ? body.replace(tender.openerIdentities[0]!.recipient, own) : body);
    const page = await openPage();
    expect(await failure(seal(page))).toContain('keys of the openers');
    expect(await onDisk(page)).toEqual([]);
  });

  it('is not sealed for another tender than the one asked for', async () => {
    choose({ 'proposal.pdf': 1000 });
    const other = await publishTender(harness, { deadlineInMs: 200_000 });
    await harness.published();
    const kit = await (await fetch(`${harness.url}/api/tenders/${other.tenderId}/kit`)).text();
    web.alter = (url, body) => (url.endsWith('/kit') ? kit : body);
    const page = await openPage();
    expect(await failure(seal(page))).toContain('of another tender');
  });

  it('is not sealed with the wrong passphrase, and the answer says nothing else', async () => {
    choose({ 'proposal.pdf': 1000 });
    web.addFile('keys.age', await keyFileOf(vendor.secret, 'another one'));
    const page = await openPage();
    const why = await failure(seal(page));
    expect(why).toContain('does not open the key file');
    expect(why).not.toContain(toBase64(vendor.secret));
  });

  it('that two tabs send at once is sent by one of them', async () => {
    choose({ 'proposal.pdf': 3 * 2 ** 20 });
    const page = await openPage();
    const sealed = await seal(page);
    web.bytesPerSecond = 4 * 2 ** 20;
    const other = await openPage();
    const ends = await Promise.all([failure(send(page, sealed)), failure(send(other, sealed))]);
    expect(ends.toSorted()[1]).toBe('none');
    expect(ends.toSorted()[0]).toContain('Another tab');
  });

  it('waits in memory, with a warning, where the browser keeps no files', async () => {
    web.beforeWorker =
      'navigator.storage.getDirectory = () => Promise.reject(new DOMException("", "SecurityError"));\n';
    choose({ 'proposal.pdf': 3 * 2 ** 20 });
    const page = await openPage();
    const sealed = await seal(page);
    expect(sealed.kept).toBe('memory');
    expect(await said(page)).toContainEqual({ warning: 'kept_in_memory' });
    expect((await send(page, sealed)).bidId).toBe(sealed.bidId);
  });

  it('outlives a closed tab, goes on at the byte, is submitted with a verified receipt, and opens byte for byte', async () => {
    choose({ 'proposal.pdf': 25 * 2 ** 20, 'plans.bin': 14 * 2 ** 20 + 1, 'empty.txt': 0 });
    const first = await openPage();
    const sealed = await seal(first);
    expect(sealed.kept).toBe('disk');
    const { seed, bidId } = await decryptSeedWithPassphrase(Uint8Array.from(sealed.seed), PASSPHRASE);
    expect([bidId, seed.length]).toEqual([sealed.bidId, 32]);
    expect(await onDisk(first)).toEqual([`${bidId}.json`, `${bidId}.sealed`]);
    const told = await said(first);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['log', 'reading', 'sealing', 'testing']);
    expect(told.at(-1)).toMatchObject({ phase: 'testing', done: sealed.size, total: sealed.size });
    expect(web.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);

    web.bytesPerSecond = 24 * 2 ** 20;
    void failure(send(first, sealed));
    await until(first, `said.some(({ phase, done }) => phase === 'uploading' && done > ${sealed.size / 3})`);
    await first.close();
    web.bytesPerSecond = Infinity;
    const before = web.uploaded;
    expect(before).toBeGreaterThan(sealed.size / 6);
    expect(before).toBeLessThan(sealed.size * 0.9);

    const second = await openPage();
    const submitted = await resume(second);
    expect(submitted).toMatchObject({ bidId: sealed.bidId, manifestSha256: sealed.manifestSha256 });
    expect(submitted.receipt).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    expect(web.uploaded).toBeGreaterThanOrEqual(sealed.size);
    expect(web.uploaded).toBeLessThan(sealed.size * 1.05);
    expect(await onDisk(second)).toEqual([]);

    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    for (const [position, [name, bytes]] of [...files].entries()) {
      const route = `/api/tenders/${tender.tenderId}/bids/${sealed.bidId}/documents/${position + 1}`;
      const opened = await fetch(`${harness.url}${route}`, { headers: { authorization: `Bearer ${vendor.token}` } });
      const found = new Uint8Array(await opened.arrayBuffer());
      expect([name, opened.status, toHex(sha256(found))]).toEqual([name, 200, toHex(sha256(bytes))]);
    }
  });
});
