/** The page of components in Chromium: nothing missing, nothing wrong, and its form as forms are when they are refused. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { axe, chromiumPath, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(120_000);
const SCREENS = process.env['SEGEL_SCREENS'];
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const look = path.resolve(import.meta.dirname, '../apps/web/src/look');
const source = (name: string): string => readFileSync(path.join(look, name), 'utf8');

describe('the page of components', () => {
  it('leaves out no part that pages are made of', () => {
    const parts = ['parts.tsx', 'forms.tsx', 'lists.tsx', 'pick-file.tsx'].map(source).join('\n');
    const names = [...parts.matchAll(/^export (?:const|function) ([A-Z]\w+)/gm)].map(([, name]) => name!);
    const page = ['components-page.tsx', 'components-fields.tsx', 'pick-file.tsx'].map(source).join('\n');
    // The box of a signature without what asks for a key: on a public page nobody has one.
    const shown = (name: string): boolean => new RegExp(`<${name}[\\s>]`).test(page) || name === 'Signature';
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !shown(name))).toEqual([]);
  });
});

inBrowser('the page of components, in a browser', () => {
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

  it.each(['/komponen', '/en/komponen'])('%s has no fault in either theme, fits 320 px and 15 kB', async (address) => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    const { bytes } = await wireBytes(page, web.url + address);
    expect(bytes).toBeLessThanOrEqual(15_000);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    expect(await axe(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axe(page)).toEqual([]);
    if (SCREENS !== undefined)
      for (const width of [360, 1280]) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width, height: 800 });
        await page.screenshot({ path: path.join(SCREENS, `components-${width}.png`), fullPage: true });
      }
    await page.close();
  });

  it('shows how a refused form looks: the summary has the focus and leads to the field', async () => {
    const page = await browser.newPage();
    await page.goto(`${web.url}/en/komponen`);
    await page.fill('#contoh-harga', 'cheap');
    await page.click('text=Send this example');
    expect(await page.evaluate<string>('document.activeElement.getAttribute("role")')).toBe('alert');
    await page.click('[role=alert] a');
    expect(await page.getAttribute('#contoh-harga', 'aria-invalid')).toBe('true');
    await page.close();
  });
});
