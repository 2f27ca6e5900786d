/** Every page in a real browser, as people meet it: on a phone, in the dark, without scripts, on a thin line. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { chromiumPath, NO_CHROMIUM, onSlow3G, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { faultsOf, isEnglish, PageWalk, takePictures, type Seen } from './support/page-walk.js';
import { publishTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);

const PUBLIC_BUDGET = 15_000;
const SCREENS = process.env['SEGEL_SCREENS'];
if (chromiumPath === undefined) console.log(`The pages were not looked at in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('the pages', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let openId: string;
  let officer: Person;
  const seen = new Map<string, Seen>();

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    const opened = await publishTender(harness, { terms: { title: 'Rehabilitasi Gedung Sekolah Dasar' } });
    const vendor = await approvedVendor(harness, 'CV Maju Bersama');
    await sealAndSubmit(harness, opened, vendor);
    const [box] = await closeBoxes(harness, opened);
    await attestBox(harness, opened, box!);
    await releaseShares(harness, opened, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    const running = await publishTender(harness, {
      deadlineInMs: 20 * 3_600_000,
      terms: { title: 'Pembangunan Jembatan Gantung' },
    });
    openId = running.tenderId;
    officer = running.people.preparer;
    await harness.published();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  const context = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> =>
    browser.newContext({ viewport: { width: 320, height: 640 }, ...options });

  it('are all reached by links from home, in both languages, and none has a fault that a machine can see', async () => {
    const strangers = await context();
    for (const one of await new PageWalk(web.url).from(['/', '/en'], await strangers.newPage()))
      seen.set(one.path, one);
    await strangers.close();
    const paths = [...seen.keys()];
    for (const page of ['', '/tender', `/tender/${openId}`, '/cara-ikut', '/audit', '/status', '/masuk'])
      for (const prefix of ['', '/en'])
        expect(paths.some((one) => one.split('?')[0] === (`${prefix}${page}` || '/'))).toBe(true);
    console.log(
      `${seen.size} pages of strangers; axe and the frame find ${faultsOf([...seen.values()]).length} faults`,
    );
    expect(faultsOf([...seen.values()])).toEqual([]);
    // Every page says what it is: no two have one title.
    const addresses = new Map([...seen.values()].map(({ path: at, title }) => [at.replace(/\?.*/, ''), title]));
    const said = [...addresses].map(([at, title]) => `${at.startsWith('/en') ? 'en' : 'id'} ${title}`);
    expect(said.filter((one, i) => said.indexOf(one) !== i)).toEqual([]);
  });

  it('weigh at most 15 kB each, cold, with everything they need', async () => {
    const cold = await context();
    const page = await cold.newPage();
    const weights: (readonly [string, number, number])[] = [];
    for (const href of seen.keys()) {
      const { bytes, requests } = await wireBytes(page, web.url + href);
      weights.push([href, bytes, requests]);
    }
    await cold.close();
    if (SCREENS !== undefined)
      console.log(
        weights.map(([href, bytes, n]) => `${String(bytes).padStart(7)} bytes, ${n} request(s)  ${href}`).join('\n'),
      );
    // A page that only tells something is one answer; one with an island brings the island's few files too.
    expect(weights.filter(([, bytes]) => bytes > PUBLIC_BUDGET || bytes === 0)).toEqual([]);
    expect(weights.filter(([href, , requests]) => requests > (seen.get(href)!.island ? 5 : 1))).toEqual([]);
  });

  it('are read on the slowest mobile line; how fast is told, not demanded', async () => {
    for (const href of ['/', `/tender/${openId}`]) {
      const cold = await context();
      const { shownMs, wholeMs } = await onSlow3G(await cold.newPage(), web.url + href);
      await cold.close();
      console.log(`Slow 3G, cold: ${href} shown after ${shownMs} ms, whole after ${wholeMs} ms`);
      expect(shownMs).toBeGreaterThan(0);
    }
  });

  it('work without scripts: search, sign in, be refused, choose the dark', async () => {
    const plain = await context({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const page = await plain.newPage();
    await page.goto(web.url);
    await page.fill('#q', 'jembatn');
    await Promise.all([page.waitForURL(/q=jembatn/), page.click('main button')]);
    expect(await page.textContent('main')).toContain('Pembangunan Jembatan Gantung');
    await page.click('main h3 a');
    expect(await page.textContent('h1')).toBe('Pembangunan Jembatan Gantung');
    // Nobody learns how many bids there are before the opening.
    expect(await page.textContent('main')).not.toMatch(/\d+ penawaran/);
    await page.click('text=English');
    expect(await page.textContent('main')).toMatch(/Deadline for bids.*20 hours left/s);
    await page.click('text=Sign in >> nth=0');
    await page.fill('#email', officer.email);
    await page.fill('#password', 'wrong');
    await page.click('main button');
    expect(await page.textContent('[role=alert]')).toContain('The e-mail address or the password is wrong');
    expect(await page.inputValue('#email')).toBe(officer.email);
    await page.click('text=Dark theme');
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    expect(page.url()).toContain('/en/masuk');
    await plain.close();
  });

  it('can be used with the keyboard alone', async () => {
    const desk = await context({ viewport: { width: 1280, height: 900 } });
    const page = await desk.newPage();
    await page.goto(web.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Langsung ke isi');
    for (let i = 0; i < 20 && (await page.evaluate<string>('document.activeElement.id')) !== 'q'; i++)
      await page.keyboard.press('Tab');
    await page.keyboard.type('jembatan');
    await Promise.all([page.waitForURL(/q=jembatan/), page.keyboard.press('Enter')]);
    expect(await page.textContent('main h2')).toBe('1 tender ditemukan');
    await desk.close();
  });

  const pictures = async (): Promise<void> => {
    const hrefs = [...seen.keys(), '/tidak-ada'].filter((href) => !isEnglish(href));
    await takePictures(browser, web.url, hrefs, { folder: SCREENS!, who: 'public' });
    console.log(`The pictures are in ${SCREENS}.`);
  };
  // `npm run check:web` asks for them.
  if (SCREENS !== undefined) it('are left as pictures for people to look at', pictures);
});
