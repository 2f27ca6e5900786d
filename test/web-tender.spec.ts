/** One tender by browsers alone, from an empty draft to the award, and a stranger who verifies it. Nothing but the accounts, the
 *  companies and the clock is made by the test itself. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { localText } from '@segel/procurement';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { verifyTender } from '../apps/cli/src/verify/index.js';
import { keyFileOf, PASSPHRASE, received, signForm } from './support/bidding-browser.js';
import { chromiumPath, NO_CHROMIUM, startBrowser } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { approvedVendor } from './support/sealed-bid.js';
import { tenderPeople, type Signer, type TenderPeople } from './support/tender-people.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);
if (chromiumPath === undefined) console.log(`No tender was run by browsers: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const TITLE = 'Pengadaan meja belajar SD Negeri 4 Merapi';
const RECOVERY = 'lima kata lain di tempat lain';

inBrowser('a tender by browsers alone', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let people: TenderPeople;
  let openers: readonly Signer[];
  let folder: string;
  let tenderId = '';

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'segel-tender-'));
    const buyerId = await harness.organisation('buyer', 'Dinas Pendidikan Kota Merapi');
    people = await tenderPeople(harness, buyerId, await harness.organisation('oversight', 'Universitas Merapi'));
    // Two of each institution hold a key, one of each is enough: test/web-opening.spec.ts has more.
    openers = [0, 1, 3, 4].map((n) => people.openers[n]!);
    for (const person of [...openers, people.auditor]) await writeFile(fileOf(person), await keyFileOf(person));
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const fileOf = ({ id }: Person, what = 'first.age'): string => path.join(folder, `${id}-${what}`);

  /** Lets somebody work at a browser of their own, whose workers have the clock of the test. */
  async function at<T>({ token }: Person, work: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    await context.addCookies([{ name: 'segel', value: token, url: web.url }]);
    await context.route('**/assets/opener-worker*.js', async (route) => {
      const clock = `const Real = Date; globalThis.Date = class extends Real { static now() { return ${harness.clock.now().getTime()} }
        constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given) } };\n`;
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: clock + (await answer.text()) });
    });
    try {
      return await work(await context.newPage());
    } finally {
      await context.close();
    }
  }

  const go = async (page: Page, to: string): Promise<void> => void (await page.goto(web.url + to));
  const send = async (page: Page, button: string): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.click(button)]);
  };
  const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';
  const later = (ms: number): string => localText(new Date(harness.clock.now().getTime() + ms), 'UTC');
  const base = (): string => `/kerja/paket/${tenderId}`;
  const unlock = async (page: Page, id: string, file: string): Promise<void> => {
    await page.setInputFiles(`#${id}-file`, file);
    await page.fill(`#${id}-passphrase`, PASSPHRASE);
  };

  async function draft(page: Page): Promise<void> {
    await go(page, '/kerja/paket');
    await send(page, 'text=Tender baru');
    await page.selectOption('#rulePackId', 'demo/fast');
    await page.fill('#title', TITLE);
    await page.fill('#description', 'Meja belajar untuk 30 murid, diantar dan dirakit.');
    await send(page, '#new .button');
    tenderId = /paket\/([0-9a-f-]{36})/.exec(page.url())![1]!;
    await go(page, `${base()}/barang`);
    await page.fill('#estimate', '48.000.000');
    await page.fill('#lotTitle', 'Meja belajar');
    await send(page, '#lot-form .button');
    await page.fill('#itemDescription', 'Meja belajar kayu');
    await page.fill('#quantity', '30');
    await page.fill('#unit', 'buah');
    await send(page, '#item-form .button');
    await go(page, `${base()}/kriteria`);
    await page.fill('#title', 'Surat penawaran ditandatangani');
    await send(page, '#add .button');
    await go(page, `${base()}/syarat`);
    await page.fill('#label', 'Surat penawaran');
    await send(page, '#add .button');
    await go(page, `${base()}/jadwal`);
    await page.fill('#enquiryEndAt', later(300_000));
    await page.fill('#deadlineAt', later(600_000));
    await send(page, '#schedule > .button');
  }

  async function nameTeam(page: Page): Promise<void> {
    const team: readonly (readonly [string, readonly Person[]])[] = [
      ['approver', [people.approver]],
      ['evaluator', people.evaluators],
      ['award_authority', [people.awardAuthority]],
    ];
    await go(page, `${base()}/tim`);
    for (const [role, members] of team)
      for (const { id } of members) {
        await page.selectOption(`#add-${role}`, id);
        await send(page, `form:has(#add-${role}) .button`);
      }
    await go(page, `${base()}/pembuka`);
    for (const { id } of openers) await page.check(`#opener-${id}`);
    for (const field of await page.locator('#openers input[id^=k-]').all()) await field.fill('1');
    await send(page, '#openers .button');
  }

  it('is drafted, with its team and its openers', async () => {
    await at(people.preparer, async (page) => {
      await draft(page);
      await nameTeam(page);
    });
    expect(tenderId).not.toBe('');
  });

  /** Makes, saves, proves and registers the opener's key of this tender. */
  async function makeKey(person: Signer): Promise<void> {
    await at(person, async (page) => {
      await go(page, `/kerja/pembuka/${tenderId}`);
      await unlock(page, 'grow', fileOf(person));
      await page.fill('#recovery', RECOVERY);
      await page.fill('#recovery-repeat', RECOVERY);
      await page.click('#growing .button');
      await page.waitForSelector('#save-key:visible');
      for (const what of ['key', 'recovery']) {
        const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#save-${what}`)]);
        await download.saveAs(fileOf(person, what));
      }
      await page.setInputFiles('#proof-file', fileOf(person, 'key'));
      await page.fill('#proof-passphrase', PASSPHRASE);
      await page.setInputFiles('#proof-recovery', fileOf(person, 'recovery'));
      await page.fill('#proof-recovery-passphrase', RECOVERY);
      await Promise.all([page.waitForURL(/selesai=daftar/), page.click('#proving .button')]);
    });
  }

  it('is signed by two people once every opener made a key', async () => {
    for (const person of openers) await makeKey(person);
    await at(people.preparer, async (page) => {
      await go(page, `${base()}/tinjau`);
      await signForm(page, '#submit-notice', people.preparer);
    });
    await at(people.approver, async (page) => {
      await go(page, `${base()}/persetujuan`);
      await signForm(page, '#approve-notice', people.approver);
      expect(page.url()).toContain('/terbit');
    });
    await harness.published();
  });

  it('gets two bids, sealed in the browsers of those who make them', async () => {
    for (const [name, price] of [
      ['CV Maju Bersama', '1.500.000'],
      ['PT Karya Utama', '1.400.000'],
    ] as const) {
      const vendor = await approvedVendor(harness, name);
      const key = await keyFileOf(vendor);
      await at(vendor, async (page) => {
        await go(page, `/tender/${tenderId}/penawaran`);
        await page.fill('input[id^=price-]', price);
        const letter = Buffer.from(`%PDF-1.7 ${name}`);
        await page.setInputFiles('input[id^=file-]', { name: 's.pdf', mimeType: 'application/pdf', buffer: letter });
        await page.setInputFiles('#key-file', { name: 'kunci.age', mimeType: '', buffer: key });
        await page.fill('#passphrase', PASSPHRASE);
        await page.click('#send');
        expect((await received(page)).index).toBeGreaterThan(0);
      });
    }
  });

  it('is opened by one of each institution, after the auditor attested the box', async () => {
    harness.clock.advance(601_000);
    await harness.runDueJobs();
    await harness.published();
    await at(people.auditor, async (page) => {
      await go(page, '/kerja/kotak');
      await page.click(`text=${TITLE}`);
      await unlock(page, 'box', fileOf(people.auditor));
      await page.click('#box .button');
      await page.waitForURL(/selesai=1/);
    });
    await harness.published();
    for (const n of [0, 2])
      await at(openers[n]!, async (page) => {
        await go(page, `/kerja/pembuka/${tenderId}`);
        await send(page, 'main a[href*="/kotak/"]');
        await unlock(page, 'box', fileOf(openers[n]!, 'key'));
        await page.click('#box .button');
        await page.waitForURL(/selesai=1/);
        await harness.runDueJobs();
      });
    await harness.published();
    await at(people.preparer, async (page) => {
      await go(page, `/tender/${tenderId}/pembukaan`);
      expect(await main(page)).toMatch(/CV Maju Bersama.*PT Karya Utama|PT Karya Utama.*CV Maju Bersama/s);
    });
  });

  it('is evaluated and awarded', async () => {
    const there = `/kerja/evaluasi/${tenderId}`;
    for (const person of people.evaluators)
      await at(person, async (page) => {
        await go(page, there);
        await signForm(page, '#free', person);
      });
    for (const person of people.evaluators)
      await at(person, async (page) => {
        for (const vendor of ['CV Maju Bersama', 'PT Karya Utama']) {
          await go(page, there);
          await send(page, `main a[href*="${there}/"]`);
          await page.click(`.matrix >> text=${vendor}`);
          await page.check('#admit');
          await Promise.all([page.waitForURL(/selesai=1/), page.click('main form .button')]);
        }
      });
    for (const person of people.evaluators) {
      await at(person, async (page) => {
        await go(page, there);
        await send(page, `main a[href*="${there}/"]`);
        expect(await main(page)).toContain('Peringkat pertama: PT Karya Utama');
        await signForm(page, '#sign', person);
      });
      await harness.runDueJobs();
    }
    await at(people.awardAuthority, async (page) => {
      await go(page, `/kerja/penetapan/${tenderId}`);
      await signForm(page, 'form[id^=intend]', people.awardAuthority);
      // The announcement is witnessed at the time that it states.
      await harness.published();
      harness.clock.advance(600_000);
      await harness.runDueJobs();
      await go(page, `/kerja/penetapan/${tenderId}`);
      await signForm(page, 'form[id^=decide]', people.awardAuthority);
      expect(await main(page)).toContain('Pemenang ditetapkan');
    });
  });

  it('holds for a stranger who verifies it from the log alone', async () => {
    await harness.published();
    const policy = await readFile(path.join(harness.folder, 'policy'), 'utf8');
    const report = await verifyTender({ base: harness.url, tenderId, policy });
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.checks).toEqual(expect.arrayContaining(['notices']));
    await harness.verifyLog();
  });
});
