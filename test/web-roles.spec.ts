/** Every page of every role: reached by links from where people land after signing in, and without a fault that a machine sees. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { chromiumPath, NO_CHROMIUM, startBrowser } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { faultsOf, isEnglish, kindOfThing, PageWalk, takePictures } from './support/page-walk.js';
import { draftTender, publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);
if (chromiumPath === undefined) console.log(`No role's pages were walked: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

const SCREENS = process.env['SEGEL_SCREENS'];

/** What each must find, without knowing an address. Things are left out of the addresses. */
const MUST: Readonly<Record<string, readonly string[]>> = {
  newcomer: ['/akun', '/daftar/perusahaan'],
  vendor: [
    '/akun',
    '/kerja/kunci',
    '/penyedia/perusahaan',
    '/penyedia/perusahaan/orang',
    '/penyedia/saya',
    '/tender//penawaran',
  ],
  preparer: [
    '/akun',
    '/kerja/kunci',
    '/kerja/paket',
    '/kerja/paket/baru',
    '/kerja/paket/impor',
    '/kerja/paket//tinjau',
  ],
  approver: ['/kerja/paket'],
  opener: ['/kerja/kunci', '/kerja/pembuka', '/kerja/pembuka/'],
  evaluator: ['/kerja/evaluasi/', '/kerja/kunci'],
  'award authority': ['/kerja/penetapan/', '/kerja/kunci'],
  auditor: ['/kerja/audit', '/kerja/kotak', '/kerja/penghapusan', '/kerja/kunci'],
  operator: ['/kerja/pendaftaran', '/kerja/orang', '/kerja/kesehatan'],
};

inBrowser('the pages of', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let opened: PublishedTender;
  let vendor: VendorUser;
  let who: Readonly<Record<string, Person>>;

  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '100000' });
    web = await startWebApp(harness);
    browser = await startBrowser();
    opened = await publishTender(harness, { terms: { title: 'Rehabilitasi Gedung Sekolah Dasar' } });
    vendor = await approvedVendor(harness, 'CV Maju Bersama');
    await sealAndSubmit(harness, opened, vendor);
    const [box] = await closeBoxes(harness, opened);
    await attestBox(harness, opened, box!);
    await releaseShares(harness, opened, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    const running = await publishTender(harness, { deadlineInMs: 20 * 3_600_000 });
    await sealAndSubmit(harness, running, vendor);
    const { people } = await draftTender(harness);
    const { openers, evaluators, awardAuthority, auditor } = opened.people;
    who = {
      newcomer: await harness.person(),
      vendor,
      preparer: people.preparer,
      approver: people.approver,
      opener: openers[0]!,
      evaluator: evaluators[0]!,
      'award authority': awardAuthority,
      auditor,
      operator: await harness.person({ role: 'operator' }),
    };
    await harness.published();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  /** What strangers see too, and what is the same for everybody who is signed in, is looked at once. */
  const seen: string[] = [];

  beforeAll(async () => {
    const page = await browser.newPage();
    const all = await new PageWalk(web.url, kindOfThing).from(['/', '/en'], page, { how: () => 'frame' });
    seen.push(...all.map(({ path }) => path));
    await page.close();
  });

  it.each(Object.keys(MUST))('%s', async (role) => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    await context.addCookies([{ name: 'segel', value: who[role]!.token, url: web.url }]);
    // Each page's own tests look at its English with axe; only words differ.
    const found = await new PageWalk(web.url, kindOfThing).from(['/kerja'], await context.newPage(), {
      // A vendor's page of a tender leads to the bid.
      before: role === 'vendor' ? seen.filter((path) => !path.startsWith('/tender/')) : seen,
      how: (href) => (isEnglish(href) ? 'frame' : 'whole'),
    });
    await context.close();
    console.log(`${found.length} pages of ${role}; axe and the frame find ${faultsOf(found).length} faults`);
    const own = found.map(({ path }) => path).filter((path) => !isEnglish(path));
    if (SCREENS !== undefined) {
      const { token } = who[role]!;
      await takePictures(browser, web.url, own, { folder: SCREENS, who: role.replace(' ', '-'), token });
    }
    expect(faultsOf(found)).toEqual([]);
    const reached = new Set([...seen, ...found.map(({ path }) => path)].map(kindOfThing));
    expect(MUST[role]!.filter((path) => !reached.has(path))).toEqual([]);
    expect(found.some(({ path }) => isEnglish(path))).toBe(true);
    seen.push(...found.map(({ path }) => path).filter((path) => /\/(akun|kerja\/kunci)/.test(path)));
  });
});
