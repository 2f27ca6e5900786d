/** The auditor's desk in a real browser: whose acts, which days, what was denied, as files too; and a tender step by step,
 *  to strangers and to auditors. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { httpLogSource } from '@segel/acts';
import { verifyAsStranger, type Evidence } from '../apps/web/src/auditing/verification.js';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`The auditor's desk was not looked at in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const [PUBLIC_BUDGET, STAFF_BUDGET] = [15_000, 60_000];
const SCREENS = process.env['SEGEL_SCREENS'];

inBrowser('the auditor’s desk', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let opened: PublishedTender;
  let running: PublishedTender;
  let vendor: VendorUser;
  let auditor: Person;

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    opened = await publishTender(harness, { terms: { title: 'Rehabilitasi Gedung Sekolah Dasar' } });
    vendor = await approvedVendor(harness, 'CV Maju Bersama');
    await sealAndSubmit(harness, opened, vendor);
    const [box] = await closeBoxes(harness, opened);
    await attestBox(harness, opened, box!);
    await releaseShares(harness, opened, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    running = await publishTender(harness, {
      deadlineInMs: 20 * 3_600_000,
      terms: { title: 'Pembangunan Jembatan Gantung' },
    });
    await sealAndSubmit(harness, running, vendor);
    auditor = opened.people.auditor;
    expect((await harness.get('/api/audit/trail', opened.people.preparer)).status).toBe(403);
    await harness.published();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  const context = async (
    token?: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<BrowserContext> => {
    const made = await browser.newContext({ viewport: { width: 320, height: 740 }, ...options });
    if (token !== undefined) await made.addCookies([{ name: 'segel', value: token, url: web.url }]);
    return made;
  };
  const faults = async (page: Page): Promise<readonly string[]> => {
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    const limit = page.viewportSize()!.width;
    return [...(await axe(page)), ...(width > limit ? [`${width} px wide`] : [])].map((one) => `${page.url()} ${one}`);
  };
  const looks = async (path: string, name: string, token?: string): Promise<void> => {
    if (SCREENS === undefined) return;
    for (const [device, width] of [
      ['phone', 360],
      ['desk', 1280],
    ] as const) {
      const seen = await context(token, { viewport: { width, height: 800 } });
      const page = await seen.newPage();
      await page.goto(web.url + path);
      await page.screenshot({ path: `${SCREENS}/${name}-${device}.png`, fullPage: true });
      await seen.close();
    }
  };
  const download = async (path: string, token: string): Promise<Response> =>
    fetch(web.url + path, { headers: { cookie: `segel=${token}` } });
  const readings = async (): Promise<number> =>
    (await harness.owner.query("SELECT FROM trail WHERE type = 'secret.read'")).rowCount ?? 0;

  it('finds a person by name without the name in an address, and what was denied to them', async () => {
    const seen = await context(auditor.token, { javaScriptEnabled: false });
    const page = await seen.newPage();
    await page.goto(`${web.url}/kerja`);
    await page.click('text=Jejak tindakan');
    const { id, email } = opened.people.preparer;
    await page.click('summary');
    await page.fill('#words', email);
    await page.click('button:text-is("Cari pelaku")');
    expect(page.url()).not.toContain(encodeURIComponent(email));
    await page.click(`#found ~ ul a`);
    expect(page.url()).toContain(`pelaku=${id}`);
    await page.click('summary');
    await page.selectOption('#jenis', 'ditolak');
    await Promise.all([page.waitForURL(/jenis=ditolak/), page.click('button:text-is("Saring")')]);
    expect(page.url()).toContain(`pelaku=${id}`);
    const rows = await page.locator('tbody tr').allTextContents();
    expect([rows.length, rows[0]]).toEqual([1, expect.stringContaining('Akses ditolak.')]);
    const today = new Date(harness.clock.now().getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
    await page.click('summary');
    await page.fill('#dari', today);
    await page.fill('#sampai', today);
    await page.click('button:text-is("Saring")');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.goto(page.url().replaceAll(today, '2020-01-01'));
    expect(await page.textContent('main')).toContain('Tidak ada tindakan yang cocok');
    for (const query of [
      'dari=2026-02-31',
      `dari=${today}&sampai=2020-01-01`,
      'tender=x',
      'jenis=nope',
      'pelaku=%3Cb%3E',
    ]) {
      const answer = await page.goto(`${web.url}/kerja/audit?${query}`);
      expect([query, answer!.status(), await page.locator('[role=alert]').count()]).toEqual([query, 400, 1]);
    }
    await page.goto(`${web.url}/kerja/audit`);
    await page.click('summary');
    await page.fill('#words', 'maju bersama');
    await page.click('button:text-is("Cari pelaku")');
    await page.click('text=CV Maju Bersama');
    expect(page.url()).toContain(`perusahaan=${vendor.vendorId}`);
    expect(await page.textContent('tbody')).toContain('Penyedia memasukkan penawaran tersegel.');
    await seen.close();
  });

  it('gives what a filter finds as CSV and JSON, without names, and every page of it is a reading', async () => {
    const query = `tender=${opened.tenderId}&jenis=bid.submitted`;
    const before = await readings();
    const csv = await download(`/kerja/audit.csv?${query}`, auditor.token);
    expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const lines = (await csv.text()).trim().split('\r\n');
    expect([lines.length, lines[1]]).toEqual([2, expect.stringContaining('bid.submitted')]);
    const json = (await (await download(`/kerja/audit.json?${query}`, auditor.token)).json()) as { entries: object[] };
    expect(json.entries).toMatchObject([{ type: 'bid.submitted', tender_id: opened.tenderId }]);
    expect(JSON.stringify(json)).not.toMatch(/name|email/i);
    expect(await readings()).toBe(before + 2);
    expect((await download('/kerja/audit.csv?dari=x', auditor.token)).status).toBe(400);
    expect((await download('/kerja/audit.json', opened.people.preparer.token)).status).toBe(403);
  });

  it('tells a tender step by step: to strangers what is disclosed, to auditors all, each with its proof', async () => {
    const strangers = await context();
    const page = await strangers.newPage();
    await page.goto(`${web.url}/tender/${running.tenderId}`);
    await page.click('text=Riwayat tender');
    expect(await page.textContent('main')).toContain('Tender diumumkan.');
    expect(await page.textContent('main')).not.toContain('penawaran tersegel');
    await page.goto(`${web.url}/tender/${opened.tenderId}/riwayat`);
    const sentences: string[] = [];
    for (;;) {
      sentences.push(...(await page.locator('ol.line b').allTextContents()));
      expect(await faults(page)).toEqual([]);
      if ((await page.locator('a[rel=next]').count()) === 0) break;
      await page.click('a[rel=next]');
    }
    const told = [
      'Tender diumumkan.',
      'Penyedia memasukkan penawaran tersegel.',
      'Kotak penawaran ditutup: kumpulan ini, bukan yang lain.',
      'Pembukaan selesai.',
    ];
    const places = told.map((words) => sentences.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    const last = page.locator('ol.line li', { hasText: 'Pembukaan selesai.' });
    expect(await last.locator('.tag').textContent()).toBe('Penawaran dibuka');
    await last.locator('a').click();
    expect(await page.textContent('pre')).toContain('opening.completed');
    expect((await page.goto(`${web.url}/tender/${opened.tenderId}/riwayat?hal=x`))!.status()).toBe(404);
    expect((await wireBytes(page, `${web.url}/tender/${opened.tenderId}/riwayat`)).bytes).toBeLessThan(PUBLIC_BUDGET);
    await strangers.close();

    const seen = await context(auditor.token);
    const desk = await seen.newPage();
    await desk.goto(`${web.url}/kerja/audit?tender=${running.tenderId}`);
    await Promise.all([desk.waitForURL(/kerja\/audit\/tender/), desk.click('#found ~ p a:has-text("Riwayat tender")')]);
    const all = [await desk.textContent('main')];
    while ((await desk.locator('a[rel=next]').count()) > 0) {
      await desk.click('a[rel=next]');
      all.push(await desk.textContent('main'));
    }
    expect(all.join()).toContain('Penyedia memasukkan penawaran tersegel.');
    expect(await faults(desk)).toEqual([]);
    for (const path of ['/en/kerja/audit', `/kerja/audit/tender/${opened.tenderId}`]) {
      await desk.goto(web.url + path);
      expect(await faults(desk)).toEqual([]);
      expect((await wireBytes(desk, web.url + path)).bytes).toBeLessThan(STAFF_BUDGET);
    }
    await seen.close();
    const other = await context(opened.people.preparer.token);
    const refused = await (await other.newPage()).goto(`${web.url}/kerja/audit/tender/${opened.tenderId}`);
    expect(refused!.status()).toBe(403);
    await other.close();
    await looks(`/tender/${opened.tenderId}/riwayat`, 'replay-public');
    await looks(`/kerja/audit/tender/${opened.tenderId}`, 'replay-auditor', auditor.token);
    await looks(`/kerja/audit?jenis=ditolak`, 'trail-denied', auditor.token);
    await looks(`/kerja/audit?dari=2020-13-01`, 'trail-wrong', auditor.token);
    await harness.verifyLog();
  });

  it('reports what holds, in its own name, with the command that does not need it', async () => {
    const strangers = await context(undefined, { javaScriptEnabled: false });
    const page = await strangers.newPage();
    await page.goto(`${web.url}/tender/${opened.tenderId}`);
    await Promise.all([page.waitForURL(/pemeriksaan/), page.click('text=Laporan pemeriksaan')]);
    await page.locator('#checks').waitFor({ timeout: 60_000 });
    expect(await page.locator('.list .tag').allTextContents()).toEqual(Array.from({ length: 9 }, () => 'Cocok'));
    expect(await page.textContent('main')).toContain('kata server ini sendiri');
    expect(await page.textContent('pre')).toContain(`verify tender ${opened.tenderId}`);
    await strangers.close();
    const seen = await context();
    const still = await seen.newPage();
    await still.goto(`${web.url}/en/tender/${running.tenderId}/pemeriksaan`);
    await still.locator('#checks').waitFor({ timeout: 60_000 });
    expect(await still.locator('.list .tag').last().textContent()).toBe('Nothing to check yet');
    expect(await faults(still)).toEqual([]);
    const { bytes } = await wireBytes(still, `${web.url}/tender/${opened.tenderId}/pemeriksaan`);
    expect(bytes).toBeLessThan(PUBLIC_BUDGET);
    expect((await still.goto(`${web.url}/tender/00000000-0000-7000-8000-000000000000/pemeriksaan`))!.status()).toBe(
      404,
    );
    await seen.close();
    await looks(`/tender/${opened.tenderId}/pemeriksaan`, 'report');
  });

  it('says which check fails of evidence that was changed', async () => {
    const { tenderId } = opened;
    const evidence = (await harness.get<Evidence>(`/api/tenders/${tenderId}/evidence`)).body;
    const failing = async (changed: Partial<Evidence>): Promise<readonly string[]> => {
      const source = httpLogSource(`${harness.url}/log`, (url) => fetch(url));
      const asked = { tenderId, now: harness.clock.now() };
      const { results } = await verifyAsStranger(source, { ...evidence, ...changed }, asked);
      return results.filter(({ outcome }) => outcome === 'fails').map(({ check }) => check);
    };
    const [entries, terms] = [evidence.entries, evidence.terms];
    const bid = entries.find(({ type }) => type === 'bid.submitted')!;
    const without = entries.filter((one) => one !== bid);
    const forged = `${bid.entryBytes!.slice(0, 40)}${bid.entryBytes![40] === 'A' ? 'B' : 'A'}${bid.entryBytes!.slice(41)}`;
    expect(await failing({})).toEqual([]);
    expect(await failing({ entries: without })).toEqual(['box']);
    expect(await failing({ entries: [...without, { ...bid, entryBytes: forged }] })).toContain('disclosed');
    expect(await failing({ entries: [...without, { ...bid, index: bid.index + 1 }] })).toContain('disclosed');
    expect(await failing({ terms: terms.map((one) => ({ ...one, bytes: 'e30=' })) })).toEqual(['terms']);
    expect(await failing({ logOrigin: 'example.org/other' })).toContain('checkpoint');
  });
});
