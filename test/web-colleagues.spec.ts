/** A company's people: a colleague is invited, comes by the link, and is sent away; without scripts, on a phone. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AccountsFixture } from '../apps/api/src/accounts/accounts.fixture.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { approvedVendor, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`Nobody invited a colleague in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const SCREENS = process.env['SEGEL_SCREENS'];
const PASSWORD = 'beberapa kata acak';
const EMAIL = 'dewi@example.org';
const PEOPLE = '/penyedia/perusahaan/orang';

inBrowser('the people of a company', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let owner: VendorUser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    owner = await approvedVendor(harness, 'CV Maju Bersama');
    const phone = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
    await phone.addCookies([{ name: 'segel', value: owner.token, url: web.url }]);
    page = await phone.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  const press = async (on: Page, name: string): Promise<void> => {
    await Promise.all([on.waitForNavigation(), on.click(`main button:has-text("${name}")`)]);
  };
  /** The same page in another context: what looks at it needs scripts, the page has none. */
  const look = async (context: BrowserContext, where: string, name: string): Promise<void> => {
    const seen = await browser.newContext({ viewport: { width: 320, height: 640 } });
    await seen.addCookies(await context.cookies());
    const other = await seen.newPage();
    for (const language of ['', '/en']) {
      await other.goto(web.url + language + where);
      const width = await other.evaluate<number>('document.documentElement.scrollWidth');
      faults.push(...(await axe(other)), ...(width > 320 ? [`${where} is ${width} px wide`] : []));
    }
    if (SCREENS !== undefined)
      for (const [device, width] of [
        ['phone', 360],
        ['desk', 1280],
      ] as const) {
        await other.setViewportSize({ width, height: 800 });
        await other.goto(web.url + where);
        await other.screenshot({ path: path.join(SCREENS, `${name}-${device}.png`), fullPage: true });
      }
    await seen.close();
  };
  const text = async (on: Page): Promise<string> => (await on.textContent('main')) ?? '';

  it('begin with one, who invites a colleague by the address', async () => {
    await page.goto(`${web.url}/kerja`);
    await page.click('text=Perusahaan Anda');
    await page.click('text=Orang perusahaan');
    expect(await text(page)).toContain('Baru satu orang');
    expect(await text(page)).toContain('Tidak ada undangan yang menunggu');
    await look(page.context(), PEOPLE, 'alone');
    await page.fill('#email', 'tidak@lengkap');
    await press(page, 'Kirim undangan');
    expect(await page.textContent('[role=alert]')).toContain('Belum tersimpan');
    expect(await page.inputValue('#email')).toBe('tidak@lengkap');
    await page.fill('#email', 'salah@example.org');
    await press(page, 'Kirim undangan');
    await look(page.context(), PEOPLE, 'waiting');
    await press(page, 'Batalkan undangan');
    expect(await text(page)).toContain('Undangan dibatalkan');
    expect(await text(page)).not.toContain('salah@example.org');
    await page.fill('#email', EMAIL);
    await press(page, 'Kirim undangan');
    expect(await text(page)).toContain('Undangan dikirim');
    expect(await page.textContent('#waiting ~ *')).toContain(EMAIL);
  });

  it('grow by who accepts the link, who sees the company and manages nothing', async () => {
    const token = await new AccountsFixture(harness).tokenFor(EMAIL, '/akun/undangan');
    const guest = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
    const own = await guest.newPage();
    await own.goto(`${web.url}/akun/undangan?token=${token}`);
    await own.fill('#name', 'Dewi');
    await own.fill('#password', PASSWORD);
    await press(own, 'Terima');
    expect(await text(own)).toContain('Undangan diterima');
    await own.goto(`${web.url}/masuk`);
    await own.fill('#email', EMAIL);
    await own.fill('#password', PASSWORD);
    await press(own, 'Masuk');
    await own.goto(web.url + PEOPLE);
    expect(await text(own)).toContain(owner.email);
    expect(await text(own)).toContain('Daftar ini dikelola');
    expect(await own.locator('#email').count()).toBe(0);
    expect(await own.locator(`main a[href*="${PEOPLE}/"]`).count()).toBe(1);
    await look(guest, PEOPLE, 'colleague');
    // Nobody sends the manager away, nor comes to the page that asks.
    expect((await own.goto(`${web.url}${PEOPLE}/${owner.id}`))?.status()).toBe(404);

    await page.goto(web.url + PEOPLE);
    expect(await page.textContent('#people ~ *')).toMatch(/Dewi\s*dewi@example.org.*Belum ada kunci/);
    await look(page.context(), PEOPLE, 'people');
    await page.click('text=Akhiri keanggotaan');
    expect(await page.textContent('h1')).toBe('Akhiri keanggotaan Dewi?');
    await look(page.context(), new URL(page.url()).pathname, 'end');
    const again = page.url();
    await press(page, 'Akhiri keanggotaan');
    expect(await text(page)).toContain('Keanggotaan diakhiri');
    expect(await text(page)).not.toContain('Dewi');
    expect((await page.goto(again))?.status()).toBe(404);

    // The open browser of who was sent away shows the company no more.
    await own.goto(`${web.url}/penyedia/perusahaan`);
    expect(own.url()).toContain('/daftar/perusahaan');
    await own.goto(`${web.url}/kerja`);
    expect(await text(own)).toContain('Anda tidak lagi bertindak atas nama CV Maju Bersama');
    await guest.close();
  });

  it('leave no page that a machine can fault, and every step is in the log', async () => {
    expect(faults).toEqual([]);
    await harness.verifyLog();
  });
});
