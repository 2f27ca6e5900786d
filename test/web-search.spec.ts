/** The public search as a small firm uses it: on a phone, by place and by value, without scripts. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { draftTender, publishTender } from './support/published-tender.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`The search was not looked at in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const PUBLIC_BUDGET = 15_000;
const SCREENS = process.env['SEGEL_SCREENS'];

inBrowser('the public search', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  const bridge = 'Pembangunan Jembatan Gantung Desa';
  const school = 'Rehabilitasi Gedung Sekolah Dasar';

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    const deadlineInMs = 20 * 3_600_000;
    const rupiah = (amount: string) => ({ estimate: { amount, currency: 'IDR' } });
    const terms = { title: bridge, region: 'ID-JB', category: 'works', ...rupiah('2500000000') } as const;
    await publishTender(harness, { deadlineInMs, terms });
    await publishTender(harness, { deadlineInMs, terms: { title: school, region: 'ID-PA', ...rupiah('750000000') } });
    await draftTender(harness, { terms: { title: 'Jembatan Rahasia Negara', region: 'ID-JB', ...rupiah('2') } });
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  const phone = async (): Promise<Page> =>
    (await browser.newContext({ viewport: { width: 320, height: 740 }, javaScriptEnabled: false })).newPage();
  const titles = (page: Page): Promise<readonly string[]> => page.locator('.list h3').allTextContents();
  const fault = async (path: string): Promise<readonly string[]> => {
    const page = await (await browser.newContext({ viewport: { width: 320, height: 740 } })).newPage();
    await page.goto(web.url + path);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    const found = [...(await axe(page)), ...(width > 320 ? [`${width} px wide`] : [])];
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await axe(page, 'colours')));
    await page.context().close();
    return found.map((one) => `${path} ${one}`);
  };
  const looks = async (path: string, name: string): Promise<void> => {
    if (SCREENS === undefined) return;
    for (const [device, width] of [
      ['phone', 360],
      ['desk', 1280],
    ] as const) {
      const page = await (await browser.newContext({ viewport: { width, height: 800 } })).newPage();
      await page.goto(web.url + path);
      await page.screenshot({ path: `${SCREENS}/${name}-${device}.png`, fullPage: true });
      await page.context().close();
    }
  };

  it('finds by place, kind, method and value on a phone, and its address says all of it', async () => {
    const page = await phone();
    await page.goto(`${web.url}/tender`);
    expect(await page.textContent('.filters summary')).toBe('Saringan dan urutan');
    expect(await page.locator('#wilayah').isVisible()).toBe(false);
    await page.click('.filters summary');
    await page.selectOption('#wilayah', 'ID-JB');
    await page.selectOption('#metode', 'demo/fast');
    await page.fill('#min', '1.000.000.000');
    await Promise.all([page.waitForURL(/wilayah=ID-JB/), page.click('.filters button')]);
    expect(await titles(page)).toEqual([bridge]);
    expect(await page.textContent('.list')).toContain('Jawa Barat');
    expect(await page.textContent('.filters summary')).toBe('Saringan dan urutan (4)');
    expect(await page.inputValue('#min')).toBe('1.000.000.000');
    // The same address says the same in English.
    await page.goto(page.url().replace('/tender?', '/en/tender?'));
    expect(await titles(page)).toEqual([bridge]);
    expect(await page.inputValue('#min')).toBe('1,000,000,000');
    await page.context().close();
  });

  it('says which filter to drop when nothing is found, and keeps the others', async () => {
    const page = await phone();
    await page.goto(`${web.url}/tender?q=sekolah&wilayah=ID-JB`);
    expect(await page.textContent('#found')).toBe('0 tender ditemukan');
    expect(await page.locator('.note li').allTextContents()).toEqual([
      'Tanpa kata kunci: 1 tender',
      'Tanpa saringan wilayah: 1 tender',
    ]);
    await page.click('text=Tanpa saringan wilayah');
    expect(await titles(page)).toEqual([school]);
    expect(page.url()).toContain('q=sekolah');
    await page.context().close();
  });

  it('does not search when a filter cannot be read, and says how to write it', async () => {
    const page = await phone();
    for (const [query, words] of [
      ['min=9&max=1', 'lebih besar daripada nilai paling banyak'],
      ['min=murah', '“murah” bukan angka'],
      [`max=${'9'.repeat(300)}`, 'bukan angka'],
      ['wilayah=ID-XX', '“ID-XX” tidak dikenal'],
      ['metode=%3Cscript%3E', '“<script>” tidak dikenal'],
    ]) {
      const answer = await page.goto(`${web.url}/tender?${query}`);
      expect([query, answer!.status()]).toEqual([query, 400]);
      expect(await page.textContent('[role=alert]')).toContain(words);
      expect(await page.locator('.list').count()).toBe(0);
      for (const form of ['csv', 'xlsx', 'atom']) {
        const file = await fetch(`${web.url}/tender.${form}?${query}`);
        expect([form, file.status, file.headers.get('content-type')]).toEqual([form, 400, 'text/plain; charset=utf-8']);
        expect(await file.text()).toContain(words);
      }
    }
    expect((await fetch(`${web.url}/api/tenders?amountFrom=9&amountTo=1`)).headers.get('content-type')).toContain(
      'application/problem+json',
    );
    await page.context().close();
  });

  it('gives the same filters to JSON, CSV, XLSX and Atom', async () => {
    const page = await phone();
    await page.goto(`${web.url}/tender?wilayah=ID-PA&max=750000000`);
    for (const [name, type] of [
      ['CSV', 'text/csv'],
      ['XLSX', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      ['JSON', 'application/json'],
      ['Langganan (Atom)', 'application/atom+xml'],
    ] as const) {
      const href = await page.getAttribute(`a:text-is("${name}")`, 'href');
      const file = await fetch(web.url + href!);
      expect([name, file.status, file.headers.get('content-type')?.split(';')[0]]).toEqual([name, 200, type]);
      const bytes = Buffer.from(await file.arrayBuffer());
      if (name === 'XLSX') expect(bytes.subarray(0, 2).toString()).toBe('PK');
      else expect([bytes.includes(school), bytes.includes(bridge)]).toEqual([true, false]);
    }
    await page.context().close();
  });

  it('has no fault that a machine can see, and stays small', async () => {
    const paths = ['/tender', '/en/tender?wilayah=ID-JB&min=1', '/tender?wilayah=ID-AC', '/tender?min=9&max=1'];
    const found: string[] = [];
    for (const path of paths) found.push(...(await fault(path)));
    expect(found).toEqual([]);
    const cold = await (await browser.newContext()).newPage();
    const weights = await paths.reduce<Promise<readonly (readonly [string, number])[]>>(
      async (before, path) => [...(await before), [path, (await wireBytes(cold, web.url + path)).bytes] as const],
      Promise.resolve([]),
    );
    console.log(weights);
    expect(weights.filter(([, bytes]) => bytes > PUBLIC_BUDGET)).toEqual([]);
    await looks('/tender?wilayah=ID-JB&min=1', 'search-filtered');
    await looks('/tender?wilayah=ID-AC&status=open', 'search-nothing');
    await looks('/tender?min=9&max=1', 'search-wrong');
  });
});
