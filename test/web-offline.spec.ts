/** A bid from a computer without a network: the kit downloaded and compared with the log, a tender's kit on a stick, the
 *  bid sealed from a file of the disk, brought back, and sent without a key. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { kitFingerprint, readBidReceipt, type KitFile } from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Download, Page } from 'playwright-core';
import { RowAudit } from '../apps/api/src/audit/row-audit.service.js';
import { run } from '../apps/cli/src/cli.js';
import { fillBid, furnitureTender, keyFileOf, received, signIn, width } from './support/bidding-browser.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import type { PublishedTender } from './support/published-tender.js';
import { approvedVendor, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);

const ROOT = path.resolve(import.meta.dirname, '..');
const BUILDER = pathToFileURL(path.join(ROOT, 'apps/launcher/src/build-offline.mjs')).href;
const runFile = promisify(execFile);
const SCREENS = process.env['SEGEL_SCREENS'];
const FILE = Buffer.from('%PDF-1.7 penawaran luring');
if (chromiumPath === undefined) console.log(`No bid was sealed offline: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

describe('the offline kit', () => {
  it('is the same, byte by byte, wherever its source lies, and names no folder', async () => {
    const kits = await Promise.all(
      ['one', 'another-longer-name'].map(async (name) => {
        const parent = await mkdtemp(path.join(tmpdir(), 'segel-kit-'));
        const folder = path.join(parent, name);
        await mkdir(path.join(folder, 'apps/web'), { recursive: true });
        for (const part of ['libs', 'apps/web/src', 'package.json', 'tsconfig.json'])
          await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
        await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
        // In a process of its own: the bundler knows no objects of the test's realm.
        const program = `process.stdout.write((await (await import(${JSON.stringify(BUILDER)})).offlineKit(${JSON.stringify(folder)})).html)`;
        const { stdout: html } = await runFile(process.execPath, ['--input-type=module', '-e', program], {
          maxBuffer: 2 ** 24,
        });
        await rm(parent, { recursive: true, force: true });
        return html;
      }),
    );
    expect(kits[0]).toBe(kits[1]);
    expect(kits[0]).toBe(await readFile(path.join(ROOT, 'dist/web-assets/segel-luring.html'), 'utf8'));
    for (const folder of [tmpdir(), ROOT]) expect(kits[0]).not.toContain(`${folder}/`);
  });
});

inBrowser('a bid sealed without a network', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let folder: string;
  let tender: PublishedTender;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'segel-stick-'));
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    // As the worker does when it starts.
    await harness.owner.query("SELECT graphile_worker.add_job('clients.record')");
    await harness.runDueJobs();
    tender = await furnitureTender(harness);
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.verifyLog();
    await harness?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const saved = async (download: Promise<Download>): Promise<string> => {
    const file = await download;
    const place = path.join(folder, file.suggestedFilename());
    await file.saveAs(place);
    return place;
  };
  const looks = async (page: Page, name: string): Promise<void> => {
    if (SCREENS === undefined) return;
    for (const wide of [360, 1280]) {
      await page.setViewportSize({ width: wide, height: 740 });
      await page.screenshot({ path: `${SCREENS}/${name}-${wide}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 360, height: 740 });
  };
  const online = async (
    vendor: VendorUser,
  ): Promise<{ readonly page: Page; readonly wrong: readonly string[]; readonly close: () => Promise<void> }> => {
    const { context, wrong } = await signIn(await browser.newContext(), vendor.token, [web.url]);
    const page = await context.newPage();
    await page.goto(`${web.url}/tender/${tender.tenderId}/penawaran`);
    await page.locator('#bid:not([disabled])').waitFor();
    return { page, wrong, close: () => context.close() };
  };
  /** The kit of the tender, made on the bid page. */
  const kitOf = async (vendor: VendorUser): Promise<string> => {
    const { page, close } = await online(vendor);
    await page.click('#kit');
    await page.locator('#kit-status a').waitFor({ timeout: 60_000 });
    const code = await page.textContent('#kit-fingerprint');
    expect(await axe(page)).toEqual([]);
    await looks(page, 'bid-page-elsewhere');
    const [kit] = await Promise.all([saved(page.waitForEvent('download')), page.click('#kit-status a')]);
    expect(code).toBe(kitFingerprint((JSON.parse(await readFile(kit, 'utf8')) as KitFile).kit));
    expect(code).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
    await close();
    return kit;
  };
  const asksBeforeClosing = (page: Page): Promise<boolean> =>
    page.evaluate<boolean>("!dispatchEvent(new Event('beforeunload', { cancelable: true }))");
  const tool = (): string => path.join(ROOT, 'dist/web-assets/segel-luring.html');

  /** Seals from the disk, with the line cut; gives the file that is carried. */
  async function sealedOffline(vendor: VendorUser, kit: string, file = tool(), language = ''): Promise<string> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    await context.setOffline(true);
    const page = await context.newPage();
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href + language);
    expect(await axe(page).catch(String)).toEqual([]);
    await looks(page, `offline-start${language}`);
    await page.setInputFiles('#kit-file', kit);
    await page.locator('#bid').waitFor();
    await fillBid(page, { desk: '10000', work: '20000', file: FILE, key: await keyFileOf(vendor) });
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(360);
    await looks(page, `offline-filled${language}`);
    // The code that the bid page showed is compared by the person, or nothing is sealed.
    await page.click('#send');
    expect(await page.isVisible('#compared-wrong')).toBe(true);
    expect(await page.isVisible('#progress')).toBe(false);
    const { kit: read } = JSON.parse(await readFile(kit, 'utf8')) as KitFile;
    expect(await page.textContent('#fingerprint')).toBe(kitFingerprint(read));
    await page.check('#compared');
    await page.click('#send');
    await page.locator('#save, #failure:not([hidden])').first().waitFor({ timeout: 60_000 });
    if (!(await page.isVisible('#save'))) throw new Error((await page.textContent('#failure-words'))!);
    expect(await axe(page)).toEqual([]);
    expect(await page.textContent('body')).not.toContain('undefined');
    await looks(page, `offline-saved${language}`);
    const [bundle] = await Promise.all([saved(page.waitForEvent('download')), page.click('#save')]);
    // One file of the two is not enough, and it is the person who says that both are there.
    await page.click('#both-saved');
    expect(await page.textContent('#saved-state')).toMatch(/dahulu|first/);
    expect(await asksBeforeClosing(page)).toBe(true);
    const [seed] = await Promise.all([saved(page.waitForEvent('download')), page.click('#save-seed')]);
    expect(await asksBeforeClosing(page)).toBe(true);
    await page.click('#both-saved');
    expect(await asksBeforeClosing(page)).toBe(false);
    // What travels holds no seed: a passphrase cannot be guessed by it.
    expect(seed).toBe(bundle.replace('.bid.tar', '.seed.age'));
    const { stdout } = await runFile('tar', ['-tf', bundle]);
    expect(stdout).not.toContain('seed');
    expect((await readFile(bundle)).includes(await readFile(seed))).toBe(false);
    expect(wrong).toEqual([]);
    expect(requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    await context.close();
    return bundle;
  }

  it('is offered with its hash, which is in the log', async () => {
    await harness.published();
    const page = await browser.newPage({ viewport: { width: 320, height: 740 } });
    const { bytes } = await wireBytes(page, `${web.url}/en/alat-segel`);
    expect(bytes).toBeLessThanOrEqual(15_000);
    expect(await width(page)).toBe(320);
    expect(await axe(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axe(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await looks(page, 'tool');
    const [file] = await Promise.all([saved(page.waitForEvent('download')), page.click('main .button')]);
    // One address only: another would be kept for a year, as scripts are.
    expect((await fetch(`${web.url}/assets/segel-luring.html`)).status).toBe(404);
    // Compressed on the wire: it is for people with thin lines.
    const answer = await fetch(`${web.url}/alat-segel/segel-luring.html`, { headers: { 'accept-encoding': 'br' } });
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual(['br', await readFile(file, 'utf8')]);
    // Compressed once, by the build: whoever asks a thousand times does not have it compressed a thousand times.
    expect(Number(answer.headers.get('content-length'))).toBe((await stat(`${tool()}.br`)).size);
    const again = { 'if-none-match': answer.headers.get('etag')! };
    expect((await fetch(answer.url, { headers: again })).status).toBe(304);
    const plain = await fetch(answer.url, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, await readFile(file, 'utf8')]);
    const hash = createHash('sha256').update(await readFile(file));
    const sha256 = hash.copy().digest('hex');
    expect(await page.textContent('main')).toContain(sha256);
    await page.click('text=/^Entry \\d+$/');
    expect(await page.textContent('main pre')).toContain(hash.digest('base64'));
    expect(await page.textContent('main')).toContain('client.released');
    await page.close();

    // Once for every hash: another start of the worker adds nothing.
    const { items } = (await harness.get<{ items: readonly object[] }>('/api/clients')).body;
    await harness.owner.query("SELECT graphile_worker.add_job('clients.record')");
    await harness.runDueJobs();
    expect((await harness.get<{ items: readonly object[] }>('/api/clients')).body.items).toEqual(items);
    expect(items).toHaveLength(4);
    expect(items).toContainEqual(expect.objectContaining({ name: 'segel-cli' }));
    const { findings } = await harness.app.get(RowAudit).report(true);
    expect(findings.filter(({ table }) => table === 'trail')).toEqual([]);
  });

  it('comes back on a stick, is compared with the log, is sent without a key, and its receipt holds', async () => {
    const vendor = await approvedVendor(harness, 'CV Maju Bersama');
    const bundle = await sealedOffline(vendor, await kitOf(vendor));
    const { page, wrong, close } = await online(vendor);
    await page.click('#bring');
    expect(await page.textContent('#bundle-wrong')).toBe('Pilih berkas penawaran tersegel.');
    await page.setInputFiles('#bundle', bundle);
    await page.click('#bring');
    const { bidId, index } = await received(page);
    const [proof] = await Promise.all([saved(page.waitForEvent('download')), page.click('#receipt-file')]);
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    const receipt = readBidReceipt(await readFile(proof, 'utf8'), policy);
    expect(receipt.receipt.index).toBe(index);
    expect(receipt.entry).toMatchObject({ type: 'bid.submitted', body: { bid_id: bidId } });
    expect(path.basename(bundle)).toBe(`${bidId}.bid.tar`);
    expect(await page.isVisible('#receipt-seed')).toBe(false);
    expect(wrong).toEqual([]);
    await close();

    // The next kit knows of it: what is sealed under it replaces it. In English, and sent by the command line.
    const second = await sealedOffline(vendor, await kitOf(vendor), tool(), '#en');
    const stream = { isTTY: false, write: () => true };
    const code = await run(
      ['submit', second, '--policy', path.join(harness.folder, 'policy')],
      { stdout: stream, stderr: { ...stream, write: (text: string) => Boolean(console.log(text)) } } as never,
      { SEGEL_HOME: path.join(folder, 'no-key-here'), SEGEL_URL: harness.url, SEGEL_TOKEN: vendor.token },
    );
    expect(code).toBe(0);
    const own = (await harness.get<{ items: readonly object[] }>(`/api/bids?tenderId=${tender.tenderId}`, vendor)).body;
    expect(own.items).toHaveLength(2);
    expect(own.items).toContainEqual(expect.objectContaining({ id: bidId, state: 'replaced' }));
  });

  it('is not sent when a forged kit had it sealed to somebody else, or when it is not one', async () => {
    const vendor = await approvedVendor(harness, 'PT Karya Sentosa');
    const kit = await kitOf(vendor);
    const forged = JSON.parse(await readFile(kit, 'utf8')) as KitFile;
    const openers = forged.kit.groups[0]!.openers as unknown as { recipient: string }[];
    // A key that somebody else holds, as good as the opener's own.
    const other = await furnitureTender(harness);
    const { body } = await harness.get<KitFile['kit']>(`/api/tenders/${other.tenderId}/kit`);
    const real = kitFingerprint(forged.kit);
    openers[0]!.recipient = body.groups[0]!.openers[0]!.recipient;
    // Whoever compares the code stops here; this person does not.
    expect(kitFingerprint(forged.kit)).not.toBe(real);
    const forgedKit = path.join(folder, 'forged.kit.json');
    await writeFile(forgedKit, JSON.stringify(forged));
    const bundle = await sealedOffline(vendor, forgedKit);
    const { page, close } = await online(vendor);
    const sent: string[] = [];
    page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
    const failure = async (file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<string> => {
      await page.setInputFiles('#bundle', file);
      await page.click('#bring');
      await page.locator('#failure:not([hidden])').waitFor({ timeout: 60_000 });
      const words = (await page.textContent('#failure-words'))!;
      await page.click('#back');
      return words;
    };
    expect(await failure(bundle)).toContain('kitnya dipalsukan');
    const cut = (await readFile(bundle)).subarray(0, -600);
    expect(await failure({ name: 'x.bid.tar', mimeType: 'application/x-tar', buffer: cut })).toContain('terpotong');
    expect(sent).toEqual([]);
    await close();
  });
});
