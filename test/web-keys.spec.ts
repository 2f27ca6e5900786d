/** A person's key in a real browser: made there, saved, proved, registered; it and its passphrase never leave. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { decryptKeyRing, publicKeyOf } from '@segel/acts';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`No key was made in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const PASSPHRASE = 'empat kata acak sekali';

inBrowser('a signing key', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  async function signedIn(token: string): Promise<{ page: Page; sent: string[]; wrong: string[] }> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    await context.addCookies([{ name: 'segel', value: token, url: web.url }]);
    const page = await context.newPage();
    const [sent, wrong]: string[][] = [[], []];
    page.on('request', (request) => sent!.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
    page.on('console', (message) => message.type() === 'error' && wrong!.push(message.text()));
    return { page, sent: sent!, wrong: wrong! };
  }

  it('is made in the browser and registered only when its owner proved to have the file and the passphrase', async () => {
    const person = await harness.person({ role: 'preparer' });
    const { page, sent, wrong } = await signedIn(person.token);
    await page.goto(`${web.url}/kerja/kunci`);
    expect(await axe(page)).toEqual([]);
    await page.fill('#passphrase', 'pendek');
    await page.click('#making button');
    expect(await page.textContent('#making-status')).toContain('terlalu pendek');
    await page.fill('#passphrase', PASSPHRASE);
    await page.fill('#repeat', PASSPHRASE);
    await page.click('#making button');
    await page.waitForSelector('#save:visible');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    const file = (await download.path())!;
    const keys = await decryptKeyRing(new Uint8Array(await readFile(file)), PASSPHRASE);
    const key = publicKeyOf(keys);

    await page.setInputFiles('#file', file);
    await page.fill('#proof', 'bukan frasa sandinya');
    await page.click('#proving button');
    await page.locator('#proving-status', { hasText: 'tidak membuka' }).waitFor();
    await page.fill('#proof', PASSPHRASE);
    await page.check('#keep');
    await Promise.all([page.waitForURL(/selesai=1/), page.click('#proving button')]);
    expect(await page.textContent('#have ~ *')).toContain(key);
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);

    const [registered] = (await harness.get('/api/me', person)).body.keys as { key: string }[];
    expect(registered?.key).toBe(key);
    const secrets = [PASSPHRASE, Buffer.from(keys.signingSecret).toString('base64')];
    expect(sent.filter((one) => secrets.some((secret) => one.includes(encodeURIComponent(secret))))).toEqual([]);
    expect(wrong).toEqual([]);
    await harness.verifyLog();
  });
});
