/** An opening by browsers alone: openers make and prove their keys, an auditor attests the box, openers release, everybody
 *  watches. The workers decide from the log; a server that lies gets nothing. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encryptKeyRing } from '@segel/acts';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { tenderErrors } from './attacks/powers.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { closeBoxes, minutesOf, openedRows, type BoxAnswer } from './support/opening-day.js';
import { draftTender, expectStatus, signAndApprove, type DraftedTender } from './support/published-tender.js';
import { assetOf, assets } from './support/sealing-page.js';
import { approvedVendor, sealAndSubmit } from './support/sealed-bid.js';
import type { Signer } from './support/tender-people.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);

const [PUBLIC_BUDGET, STAFF_BUDGET, WORKER_BUDGET] = [15_000, 60_000, 90_000];
const SCREENS = process.env['SEGEL_SCREENS'];
const PASSPHRASE = 'empat kata acak sekali';
const RECOVERY = 'lima kata lain di tempat lain';
/** Two of each group open; the others' keys are made elsewhere. */
const OPENING = [0, 1, 3, 4];
if (chromiumPath === undefined) console.log(`No box was opened by browsers: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** A person at a browser of its own. */
type Desk = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly acts: string[];
  readonly wrong: string[];
};

inBrowser('an opening by browsers', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let tender: DraftedTender;
  let folder: string;
  let box: BoxAnswer;
  const wrong: string[] = [];

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'segel-opening-'));
    tender = await draftTender(harness, { keyless: OPENING, terms: { title: 'Mebel untuk tiga sekolah' } });
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    for (const person of [...OPENING.map(opener), tender.people.auditor]) {
      const keys = { signingSecret: person.secret, openerIdentities: [] };
      await writeFile(fileOf(person), await encryptKeyRing(keys, PASSPHRASE, { random, workFactor: 10 }));
    }
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
    await rm(folder, { recursive: true, force: true });
    expect(wrong).toEqual([]);
  });

  const opener = (n: number): Signer => tender.people.openers[n]!;
  const fileOf = ({ id }: Person, what = 'first.age'): string => path.join(folder, `${id}-${what}`);

  /** A browser whose worker has the clock of the test. */
  async function desk(person?: Person, width = 360): Promise<Desk> {
    const context = await browser.newContext({ viewport: { width, height: 740 } });
    if (person !== undefined) await context.addCookies([{ name: 'segel', value: person.token, url: web.url }]);
    await context.route('**/assets/opener-worker*.js', async (route) => {
      const clock = `const Real = Date; globalThis.Date = class extends Real { static now() { return ${harness.clock.now().getTime()} }
        constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given) } };\n`;
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: clock + (await answer.text()) });
    });
    const page = await context.newPage();
    const acts: string[] = [];
    context.on('request', (request) => request.method() === 'POST' && acts.push(new URL(request.url()).pathname));
    page.on('console', (message) => message.type() === 'error' && wrong.push(`${page.url()} ${message.text()}`));
    page.on('pageerror', (error) => wrong.push(String(error)));
    return { page, context, acts, wrong };
  }

  /** What a machine finds wrong with a page as it stands, in both themes, and on the smallest screen. */
  async function faults(page: Page, name: string): Promise<readonly string[]> {
    const found = [...(await axe(page))];
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await axe(page, 'colours')));
    await page.emulateMedia({ colorScheme: 'light' });
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 320, height: size.height });
    const across = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (across > 320) found.push(`${across} px wide at 320`);
    await page.setViewportSize(size);
    if (SCREENS !== undefined) {
      await mkdir(SCREENS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENS, `opening-${name}-phone.png`), fullPage: true });
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.screenshot({ path: path.join(SCREENS, `opening-${name}-desk.png`), fullPage: true });
      await page.setViewportSize(size);
    }
    return found.map((fault) => `${name}: ${fault}`);
  }

  async function faultsIn(page: Page, route: string, name: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const language of ['', '/en']) {
      await page.goto(`${web.url}${language}${route}`);
      found.push(...(await faults(page, `${name}${language.slice(1)}`)));
    }
    return found;
  }

  const unlock = async (page: Page, id: string, file: string, passphrase = PASSPHRASE): Promise<void> => {
    await page.setInputFiles(`#${id}-file`, file);
    await page.fill(`#${id}-passphrase`, passphrase);
  };

  async function makeKey(person: Signer): Promise<void> {
    const { page, context, acts } = await desk(person);
    await page.goto(`${web.url}/kerja/pembuka/${tender.tenderId}`);
    await unlock(page, 'grow', fileOf(person));
    await page.fill('#recovery', RECOVERY);
    await page.fill('#recovery-repeat', RECOVERY);
    await page.click('#growing .button');
    await page.waitForSelector('#save-key:visible');
    for (const [button, what] of [
      ['#save-key', 'keys.age'],
      ['#save-recovery', 'recovery.txt'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
      await download.saveAs(fileOf(person, what));
    }
    expect(acts).toEqual([]);
    await page.setInputFiles('#proof-file', fileOf(person, 'keys.age'));
    await page.fill('#proof-passphrase', PASSPHRASE);
    await page.setInputFiles('#proof-recovery', fileOf(person, 'recovery.txt'));
    await page.fill('#proof-recovery-passphrase', RECOVERY);
    await Promise.all([page.waitForURL(/selesai=daftar/), page.click('#proving .button')]);
    expect(acts).toEqual([`/kerja/pembuka/${tender.tenderId}`]);
    await context.close();
  }

  const said = (page: Page, id: string, words: RegExp): Promise<void> =>
    page.locator(id, { hasText: words }).waitFor({ timeout: 60_000 });

  it('loads no more than its budgets', async () => {
    const worker = (await readFile(path.join(assets, await workerName()))).toString();
    expect(gzipSync(worker, { level: 9 }).length).toBeLessThanOrEqual(WORKER_BUDGET);
    const { page, context } = await desk(opener(0));
    const sizes = [
      await wireBytes(page, `${web.url}/kerja/pembuka`),
      await wireBytes(page, `${web.url}/kerja/pembuka/${tender.tenderId}`),
    ];
    for (const { bytes } of sizes) expect(bytes).toBeLessThanOrEqual(STAFF_BUDGET);
    await context.close();
  });

  const workerName = async (): Promise<string> => {
    const client = await readFile(path.join(assets, assetOf('apps/web/src/islands/tender-key/island.ts')), 'utf8');
    const shared = /from"\.\/(opener-client-[\w-]+\.js)"/.exec(client)![1]!;
    return /opener-worker-[\w-]+\.js/.exec(await readFile(path.join(assets, shared), 'utf8'))![0];
  };

  it('begins with keys made in the browser: the list says what waits, a half-proved key is not registered', async () => {
    const person = opener(0);
    const { page, context, acts } = await desk(person);
    expect(await faultsIn(page, '/kerja/pembuka', 'list')).toEqual([]);
    await page.goto(`${web.url}/kerja`);
    await page.click('text=Tender yang Anda buka');
    await page.click('text=Mebel untuk tiga sekolah');
    await unlock(page, 'grow', fileOf(person), 'bukan frasa sandinya');
    await page.fill('#recovery', RECOVERY);
    await page.fill('#recovery-repeat', RECOVERY);
    await page.click('#growing .button');
    await said(page, '#growing-status', /tidak membuka/);
    await page.fill('#grow-passphrase', PASSPHRASE);
    await page.fill('#recovery', PASSPHRASE);
    await page.fill('#recovery-repeat', PASSPHRASE);
    await page.click('#growing .button');
    await said(page, '#growing-status', /frasa sandi yang lain/);
    // The old file, which lacks the key, in both places.
    await page.setInputFiles('#proof-file', fileOf(person));
    await page.fill('#proof-passphrase', PASSPHRASE);
    await page.setInputFiles('#proof-recovery', fileOf(person));
    await page.fill('#proof-recovery-passphrase', PASSPHRASE);
    await page.click('#proving .button');
    await said(page, '#proving-status', /frasa sandi yang lain/);
    expect(acts).toEqual([]);
    expect(await faultsIn(page, `/kerja/pembuka/${tender.tenderId}`, 'key')).toEqual([]);
    await context.close();
    for (const n of OPENING) await makeKey(opener(n));
    await signAndApprove(harness, tender);
    await harness.published();
  });

  it('goes on with readiness, asked and proved with one press', async () => {
    const { page, context } = await desk(opener(1));
    await page.goto(`${web.url}/kerja/pembuka/${tender.tenderId}`);
    await unlock(page, 'ready', fileOf(opener(1), 'recovery.txt'), RECOVERY);
    await page.click('#readying .button');
    await page.waitForURL(/selesai=siap/);
    const { body } = await harness.get<{ openerId: string; state: string }[]>(
      `/api/tenders/${tender.tenderId}/readiness`,
      opener(1),
    );
    expect(body.filter(({ state }) => state === 'ready').map(({ openerId }) => openerId)).toEqual([opener(1).id]);
    expect(await faults(page, 'ready')).toEqual([]);
    await context.close();

    // The officer sees it, and asks all of them, later than that.
    harness.clock.advance(1000);
    const officer = await desk(tender.people.preparer);
    await officer.page.goto(`${web.url}/kerja/paket/${tender.tenderId}`);
    await officer.page.click('text=Kesiapan pemegang kunci');
    await officer.page.click('text=Minta semua membuktikan sekarang');
    await officer.page.waitForURL(/kesiapan\?selesai=1/);
    const states = await officer.page.locator('tbody tr').allTextContents();
    expect(states.filter((row) => row.includes('diminta, belum dijawab'))).toHaveLength(states.length);
    expect(await faults(officer.page, 'readiness')).toEqual([]);
    await officer.context.close();
  });

  it('shows a room that says nothing of bids before the close', async () => {
    await sealAndSubmit(harness, tender, await approvedVendor(harness, 'CV Maju Bersama'), { unitPrice: '123.00' });
    await sealAndSubmit(harness, tender, await approvedVendor(harness, 'PT Karya Utama'), { unitPrice: '99.00' });
    const { page, context } = await desk();
    const room = `/tender/${tender.tenderId}/pembukaan`;
    expect(await faultsIn(page, room, 'room-before')).toEqual([]);
    const { bytes } = await wireBytes(page, web.url + room);
    expect(bytes).toBeLessThanOrEqual(PUBLIC_BUDGET);
    const state = await (await fetch(`${web.url}${room}.json`)).text();
    expect(state).not.toMatch(/count|"n":|2 penawaran/);
    expect(await page.textContent('main')).not.toMatch(/Penawaran dalam kotak|kunci terbukti/);
    const again = await fetch(`${web.url}${room}.json`);
    const unchanged = await fetch(`${web.url}${room}.json`, {
      headers: { 'if-none-match': again.headers.get('etag')! },
    });
    expect(unchanged.status).toBe(304);
    await context.close();
  });

  it('asks the auditor first, whose browser builds the box again from the log', async () => {
    [box] = (await closeBoxes(harness, { ...tender, version: 1, noticeSha256: '' })) as [BoxAnswer];
    const early = await desk(opener(0));
    await early.page.goto(`${web.url}/kerja/pembuka/${tender.tenderId}/kotak/${box.id}`);
    await said(early.page, '#box-status', /Belum ada pengesahan auditor/);
    expect(await early.page.textContent('#cond-witnessed')).toBe('terpenuhi');
    expect(await early.page.textContent('#cond-attested')).toBe('TIDAK terpenuhi');
    expect(await early.page.textContent('#cond-same_bids')).toBe('belum diperiksa');
    await early.context.close();

    const { auditor } = tender.people;
    const { page, context, acts } = await desk(auditor);
    expect(await faultsIn(page, '/kerja/kotak', 'attest-list')).toEqual([]);
    expect(await faultsIn(page, `/kerja/kotak/${tender.tenderId}/${box.id}`, 'attest')).toEqual([]);
    await page.goto(`${web.url}/kerja`);
    await page.click('text=Periksa dan sahkan kotak');
    await page.click('text=Mebel untuk tiga sekolah');
    // A server that keeps an entry from the auditor: nothing is signed.
    await page.route('**/api/audit/entries*', async (route) => {
      const answer = await route.fetch();
      const entries = (await answer.json()) as { entryBytes?: string; salt?: string }[];
      const hidden = entries.map((entry) => ({ ...entry, entryBytes: null, salt: null }));
      await route.fulfill({ response: answer, json: hidden });
    });
    await unlock(page, 'box', fileOf(auditor));
    await page.click('#box .button');
    await said(page, '#box-status', /tidak membuka semua catatan/);
    expect(acts).toEqual([]);
    await page.unroute('**/api/audit/entries*');
    await page.click('#box .button');
    await page.waitForURL(/selesai=1/);
    expect(acts).toEqual([`/api/tenders/${tender.tenderId}/boxes/${box.id}/attestation`]);
    await harness.published();
    await context.close();
  });

  const boxPage = (): string => `${web.url}/kerja/pembuka/${tender.tenderId}/kotak/${box.id}`;

  it('releases nothing to a server that lies, to a wrong passphrase or with a wrong file', async () => {
    const person = opener(0);
    const { page, context, acts } = await desk(person);
    const elsewhere = '00000000-0000-7000-8000-000000000000';
    await page.route('**/api/**/boxes', async (route) => {
      const answer = await route.fetch();
      const boxes = (await answer.json()) as { lotId: string }[];
      await route.fulfill({ response: answer, json: boxes.map((one) => ({ ...one, lotId: elsewhere })) });
    });
    await page.goto(boxPage());
    await said(page, '#box-status', /tidak menyebut bahwa kotak ini ditutup/);
    await unlock(page, 'box', fileOf(person, 'keys.age'));
    await page.click('#box .button');
    await said(page, '#box-status', /tidak menyebut bahwa kotak ini ditutup/);
    await page.unroute('**/api/**/boxes');
    const lies: readonly [RegExp, (set: { lotId: string; bids: unknown[] }) => object][] = [
      [/bukan isi kotak/, (set) => ({ ...set, lotId: elsewhere })],
      [/bukan isi kotak/, (set) => ({ ...set, bids: set.bids.slice(1) })],
      [/bukan isi kotak/, (set) => ({ ...set, bids: [set.bids[0], set.bids[0]] })],
    ];
    for (const [words, lie] of lies) {
      await page.route('**/release-set', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: lie((await answer.json()) as never) });
      });
      await page.goto(boxPage());
      await said(page, '#box-status', words);
      await unlock(page, 'box', fileOf(person, 'keys.age'));
      await page.click('#box .button');
      await said(page, '#box-status', words);
      await page.unroute('**/release-set');
    }
    await page.goto(boxPage());
    await said(page, '#box-status', /Semua syarat terpenuhi. Kotak berisi 2 penawaran/);
    await unlock(page, 'box', fileOf(person, 'keys.age'), 'bukan frasa sandinya');
    await page.click('#box .button');
    await said(page, '#box-status', /Frasa sandi tidak membuka/);
    await unlock(page, 'box', fileOf(person));
    await page.click('#box .button');
    await said(page, '#box-status', /tidak memuat kunci tender ini/);
    await unlock(page, 'box', fileOf(opener(1), 'keys.age'));
    await page.click('#box .button');
    await said(page, '#box-status', /bukan kunci Anda yang terdaftar/);
    const policy = `${await (await fetch(`${web.url}/log/policy`)).text()}# another\n`;
    await page.setInputFiles('#policy', { name: 'policy.txt', mimeType: 'text/plain', buffer: Buffer.from(policy) });
    await unlock(page, 'box', fileOf(person, 'keys.age'));
    await page.click('#box .button');
    await said(page, '#box-status', /bukan yang dipakai pengumuman/);
    expect(acts).toEqual([]);
    expect(await faultsIn(page, boxPage().slice(web.url.length), 'release')).toEqual([]);
    await context.close();
  });

  async function release(n: number): Promise<void> {
    const { page, context, acts } = await desk(opener(n));
    await page.goto(boxPage());
    await unlock(page, 'box', fileOf(opener(n), 'keys.age'));
    await page.click('#box .button');
    await page.waitForURL(/selesai=1/);
    expect(acts).toEqual([`/api/tenders/${tender.tenderId}/boxes/${box.id}/releases`]);
    await harness.runDueJobs();
    await context.close();
  }

  it('opens with k of every group and not with one fewer, and the room follows by itself', async () => {
    const watcher = await desk();
    await watcher.page.goto(`${web.url}/tender/${tender.tenderId}/pembukaan`);
    for (const n of OPENING.slice(0, 3)) await release(n);
    expect(await openedRows(harness, box)).toBe(0);
    expect((await minutesOf(harness, { ...tender, version: 1, noticeSha256: '' })).status).toBe(409);
    await said(watcher.page, '#room-status', /City of Example: 2 dari 2.*Audit Office: 1 dari 2/);
    expect(await watcher.page.locator('.tasks .tag.ok').count()).toBe(3);
    expect(await watcher.page.textContent('main')).toContain(opener(0).email);
    expect(await watcher.page.textContent('main')).not.toContain(opener(4).email);
    expect(await faults(watcher.page, 'room-releasing')).toEqual([]);

    await release(OPENING[3]!);
    expect(await openedRows(harness, box)).toBe(2);
    await harness.published();
    await said(watcher.page, '#room-status', /Muat ulang halaman ini/);
    await watcher.page.getByRole('link', { name: 'Muat ulang halaman ini' }).click();
    await watcher.page.getByText('CV Maju Bersama').waitFor();
    const minutes = (await watcher.page.textContent('main')) ?? '';
    for (const words of ['CV Maju Bersama', 'PT Karya Utama', opener(4).email, 'Terbuka', 'Unduh berita acara'])
      expect(minutes).toContain(words);
    expect(await faultsIn(watcher.page, `/tender/${tender.tenderId}/pembukaan`, 'room-after')).toEqual([]);
    await watcher.context.close();
    expect(await tenderErrors(harness, tender.tenderId)).toEqual([]);
    await harness.verifyLog();
  });

  it('keeps others out, and says who may', async () => {
    const stranger = await harness.person({ role: 'preparer' });
    const { page, context } = await desk(stranger);
    const statuses: number[] = [];
    for (const route of ['/kerja/kotak', `/kerja/pembuka/${tender.tenderId}`]) {
      const cookie = `segel=${stranger.token}`;
      statuses.push((await fetch(web.url + route, { headers: { cookie }, redirect: 'manual' })).status);
    }
    expect(statuses).toEqual([403, 403]);
    await page.goto(`${web.url}/kerja/pembuka`);
    expect(await page.textContent('main')).toContain('Anda belum menjadi pembuka');
    expectStatus(await harness.get(`/api/tenders/${tender.tenderId}/releases`), 200);
    await context.close();
  });
});
