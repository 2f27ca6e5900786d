/** Evaluation and award in real browsers: three evaluators, an award authority, and the one who loses. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encryptKeyRing } from '@segel/acts';
import { signDocument, uuidV7, type CanonicalObject } from '@segel/encoding';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { verifyTender } from '../apps/cli/src/verify/verify-tender.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, offerFor, sealAndSubmit, type VendorUser } from './support/sealed-bid.js';
import type { Signer } from './support/tender-people.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);
if (chromiumPath === undefined) console.log(`Nobody evaluated in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const PASSPHRASE = 'empat kata acak sekali';
const STAFF_BUDGET = 60_000;
const REASON = 'Meja dari kardus, padahal diminta kayu.';
const DAY_MS = 86_400_000;
const SCREENS = process.env['SEGEL_SCREENS'];

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const keyFileOf = (signingSecret: Uint8Array): Promise<Uint8Array> =>
  encryptKeyRing({ signingSecret, openerIdentities: [] }, PASSPHRASE, { random, workFactor: 10 });

type Desk = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly keyFile: string;
  readonly wrong: string[];
};

inBrowser('evaluation and award', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let tender: PublishedTender;
  let lotId: string;
  let cheap: VendorUser;
  let dear: VendorUser;
  let evaluators: Desk[];
  let authority: Desk;
  const faults: string[] = [];

  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '10000' });
    web = await startWebApp(harness);
    browser = await startBrowser();
    tender = await openedTender();
    lotId = tender.lotIds[0]!;
    const { people } = tender;
    evaluators = await Promise.all(people.evaluators.map((one) => deskOf(one)));
    authority = await deskOf(people.awardAuthority);
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  /** Three bids: one cheap and to be rejected, one whose sum is wrong, one dear. */
  async function openedTender(): Promise<PublishedTender> {
    const published = await publishTender(harness, {
      deadlineInMs: 20 * DAY_MS,
      terms: { rulePackId: 'generic/open', title: 'Perabot sekolah' },
    });
    cheap = await approvedVendor(harness, 'CV Terlalu Murah');
    dear = await approvedVendor(harness, 'PT Agak Mahal');
    const middle = await approvedVendor(harness, '=Sejahtera');
    await sealAndSubmit(harness, published, cheap, { unitPrice: '10.00' });
    await sealAndSubmit(harness, published, dear, { unitPrice: '150.00' });
    // Three desks at 100.00 and the assembly are 350.00, whatever the form says.
    const bidId = uuidV7(harness.clock.now().getTime(), random(10));
    const offer = offerFor(published.terms, published.tenderId, published.lotIds[0]!, bidId);
    const context = { bid_id: bidId };
    await sealAndSubmit(harness, published, middle, { context, offer: { ...offer, total: '300.00' } });
    const [box] = await closeBoxes(harness, published);
    await attestBox(harness, published, box!);
    await releaseShares(harness, published, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    await harness.published();
    return published;
  }

  /** Somebody's own browser, and the key file that this person keeps. */
  async function deskOf(person: Person & Partial<Signer>): Promise<Desk> {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    await context.addCookies([{ name: 'segel', value: person.token, url: web.url }]);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(`${page.url()} ${message.text()}`));
    const keyFile = path.join(os.tmpdir(), `segel-${person.id}.age`);
    if (person.secret !== undefined) await writeFile(keyFile, await keyFileOf(person.secret));
    return { page, context, keyFile, wrong };
  }

  const at = (tail = ''): string => `${web.url}/kerja/evaluasi/${tender.tenderId}${tail}`;
  const text = async ({ page }: Desk, selector = 'main'): Promise<string> => (await page.textContent(selector)) ?? '';

  /** What a machine sees wrong with the page, in both themes. */
  async function look({ page }: Desk): Promise<void> {
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width > 320) faults.push(`${page.url()} is ${width} px wide`);
    faults.push(...(await axe(page)).map((one) => `${page.url()} ${one}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    faults.push(...(await axe(page, 'colours')).map((one) => `dark ${page.url()} ${one}`));
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** For people to look at; `npm run check:web` asks for them. */
  async function picture({ page }: Desk, name: string): Promise<void> {
    if (SCREENS === undefined) return;
    for (const [device, width] of [
      ['desk', 1280],
      ['phone', 360],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: path.join(SCREENS, `evaluation-${name}-${device}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 320, height: 640 });
  }

  async function sign({ page, keyFile }: Desk, form: string): Promise<void> {
    await page.setInputFiles(`${form} [data-sign=file]`, keyFile);
    await page.fill(`${form} [data-sign=passphrase]`, PASSPHRASE);
    await Promise.all([page.waitForNavigation({ timeout: 60_000 }), page.click(`${form} .button`)]);
  }

  async function judge(desk: Desk, vendor: string, rejects: boolean): Promise<void> {
    const { page } = desk;
    await page.goto(at(`/${lotId}`));
    await page.click(`.matrix >> text=${vendor}`);
    if (rejects) {
      await page.check('#reject');
      await page.selectOption('#criterionId', { label: 'The desks meet the requirements' });
      await page.fill('#evidence', 'proposal.pdf, halaman 3');
      await page.fill('#reason', REASON);
    } else await page.check('#admit');
    await Promise.all([page.waitForURL(/selesai=1/), page.click('main form .button')]);
  }

  it('begins with a declaration: before it nobody sees a bid', async () => {
    const [first] = evaluators;
    await first!.page.goto(`${web.url}/kerja`);
    expect(await text(first!)).toContain('Menunggu pernyataan Anda');
    await look(first!);
    await first!.page.goto(at(`/${lotId}`));
    expect(first!.page.url()).toBe(at());
    expect(await text(first!)).not.toContain('10,00');
    await look(first!);
    await picture(first!, 'declaration');
    for (const desk of evaluators) {
      await desk.page.goto(at());
      await sign(desk, '#free');
      expect(await text(desk)).toContain('Pernyataan Anda tercatat');
    }
    await look(evaluators[2]!);
    await picture(evaluators[2]!, 'committee');
    expect(await text(evaluators[2]!)).toContain('Panitia lengkap');
  });

  it('shows nobody the finding of another before the own one is committed', async () => {
    const [first, second, third] = evaluators;
    await judge(first!, 'CV Terlalu Murah', true);
    expect(await text(first!)).toContain(REASON);
    await look(first!);
    await picture(first!, 'judged');
    await second!.page.goto(at(`/${lotId}`));
    expect(await text(second!)).toContain('tampak setelah Anda menilai');
    await look(second!);
    await second!.page.click('.matrix >> text=CV Terlalu Murah');
    expect(await text(second!)).not.toContain('kardus');
    await look(second!);
    await judge(second!, 'CV Terlalu Murah', true);
    expect((await text(second!, '#others + *')) + (await text(second!))).toContain('kardus');
    await judge(third!, 'CV Terlalu Murah', false);
  });

  it('takes no rejection without criterion, evidence and reason, and no admission that brings a reason', async () => {
    const { page } = evaluators[0]!;
    await page.goto(at(`/${lotId}`));
    await page.click('.matrix >> text=PT Agak Mahal');
    await page.check('#reject');
    await page.fill('#reason', 'Kurang baik menurut saya.');
    await Promise.all([page.waitForNavigation(), page.click('main form .button')]);
    expect(await page.textContent('[role=alert]')).toContain('Penolakan memerlukan kriteria');
    expect(await page.evaluate<string>('document.activeElement.getAttribute("role")')).toBe('alert');
    await look(evaluators[0]!);
    await picture(evaluators[0]!, 'finding');
    expect(await page.inputValue('#reason')).toBe('Kurang baik menurut saya.');
    await page.check('#admit');
    await Promise.all([page.waitForNavigation(), page.click('main form .button')]);
    expect(await page.textContent('[role=alert]')).toContain('Anda memilih diterima, tetapi');
  });

  it('is done with the keyboard alone', async () => {
    const { page } = evaluators[0]!;
    await page.goto(at(`/${lotId}`));
    const press = async (key: string, until: string): Promise<void> => {
      for (let i = 0; i < 60 && !(await page.evaluate<boolean>(until)); i++) await page.keyboard.press(key);
      expect(await page.evaluate<boolean>(until)).toBe(true);
    };
    await press('Tab', "document.activeElement.textContent === 'PT Agak Mahal'");
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await press('Tab', "document.activeElement.id === 'admit'");
    await page.keyboard.press('Space');
    await press('Tab', "document.activeElement.matches('main form .button')");
    await Promise.all([page.waitForURL(/selesai=1/), page.keyboard.press('Enter')]);
    expect(await page.textContent('#finding + *')).toContain('diterima');
  });

  it('ends in a result that is the same for all, and whose fingerprint each signs', async () => {
    const [first] = evaluators;
    await judge(first!, '=Sejahtera', false);
    await first!.page.goto(at(`/${lotId}`));
    expect(await text(first!)).toContain('Hasil ini masih sementara');
    expect(await first!.page.locator('#sign').count()).toBe(0);
    for (const desk of evaluators.slice(1))
      for (const vendor of ['PT Agak Mahal', '=Sejahtera']) await judge(desk, vendor, false);
    for (const desk of evaluators) {
      await desk.page.goto(at(`/${lotId}`));
      expect(await text(desk)).toContain('Peringkat pertama: =Sejahtera');
    }
    const { page } = first!;
    expect(await page.inputValue('#sign input[name=resultSha256]')).toBe((await page.textContent('.hash'))!);
    expect(await page.textContent('#sign [data-sign=content]')).toContain((await page.textContent('.hash'))!);
    expect(await text(first!)).toContain('Koreksi hitungan: jumlah seluruhnya:');
    expect(await text(first!)).toMatch(/=Sejahtera: 30 % atau lebih di bawah penawaran berikutnya/);
    await look(first!);
    await picture(first!, 'result');
    await page.goto(`${web.url}/en/kerja/evaluasi/${tender.tenderId}/${lotId}`);
    expect(await text(first!)).toContain('First rank: =Sejahtera');
    await look(first!);
    const csv = await first!.context.request.get(at(`/${lotId}/matriks.csv`));
    expect(await csv.text()).toContain("'=Sejahtera,300.00,350.00");
    for (const desk of evaluators) {
      await desk.page.goto(at(`/${lotId}`));
      await sign(desk, '#sign');
      expect(await text(desk)).toContain('Tanda tangan Anda atas hasil ini tercatat');
      await harness.runDueJobs();
    }
    await page.reload();
    expect(await text(first!)).toContain('Sekarang giliran pejabat penetap');
    expect((await text(first!)).match(/menandatangani \d/g)).toHaveLength(3);
    const cold = await first!.context.newPage();
    for (const tail of ['', `/${lotId}`]) {
      const { bytes } = await wireBytes(cold, at(tail));
      console.log(`${bytes} bytes /kerja/evaluasi/:tenderId${tail === '' ? '' : '/:lotId'}`);
      expect(bytes).toBeLessThan(STAFF_BUDGET);
    }
    await cold.close();
  });

  it('lets the award authority announce, and refuses the award before the standstill is over', async () => {
    const { page } = authority;
    const address = `${web.url}/kerja/penetapan/${tender.tenderId}`;
    await page.goto(`${web.url}/kerja`);
    await Promise.all([page.waitForURL(address), page.click('#awarding ~ ul a')]);
    await look(authority);
    await picture(authority, 'intend');
    await sign(authority, 'form[id^=intend]');
    expect(await text(authority)).toContain('Calon pemenang diumumkan');
    await look(authority);
    await picture(authority, 'standstill');
    expect(await text(authority)).toMatch(/Masa sanggah berjalan sampai .* UTC/);
    expect(await page.locator('form[id^=decide]').count()).toBe(0);
    await page.goto(`${web.url}/tender/${tender.tenderId}`);
    expect(await text(authority)).toMatch(/hari lagi.*menyampaikan sanggah tertulis/s);

    // An official who makes the request by hand, with a signature that holds.
    await page.goto(address);
    const award = await harness.get<{ decisionBody: CanonicalObject }>(
      `/api/tenders/${tender.tenderId}/lots/${lotId}/award`,
      tender.people.awardAuthority,
    );
    const signature = signDocument('award.decided', award.body.decisionBody, tender.people.awardAuthority.secret);
    const _form = await page.locator('input[name=_form]').first().inputValue();
    const early = await authority.context.request.post(`${address}/${lotId}`, {
      form: { _form, act: 'decide', ...signature },
    });
    expect([early.status(), await early.text()]).toEqual([
      422,
      expect.stringContaining('Masa sanggah masih berjalan. Tunggu sampai berakhir.'),
    ]);
    harness.clock.advance(20 * DAY_MS);
    await harness.runDueJobs();
    await page.goto(address);
    await look(authority);
    await sign(authority, 'form[id^=decide]');
    expect(await text(authority)).toContain('Pemenang ditetapkan');
    await look(authority);
    const { bytes } = await wireBytes(page, address);
    expect(bytes).toBeLessThan(STAFF_BUDGET);
  });

  it('tells the losers why, and holds for a stranger who verifies the tender', async () => {
    const loser = await deskOf(cheap);
    await loser.page.goto(`${web.url}/kerja`);
    expect(await text(loser)).toContain(REASON);
    await loser.page.goto(`${web.url}/tender/${tender.tenderId}`);
    expect(await text(loser)).toContain(REASON);
    await look(loser);
    await picture(loser, 'public');
    const second = await deskOf(dear);
    await second.page.goto(`${web.url}/tender/${tender.tenderId}`);
    expect(await text(second)).toContain('di atas harga terendah');
    // Staff pages are not theirs.
    for (const tail of ['', `/${lotId}`]) expect((await loser.page.goto(at(tail)))!.status()).toBe(403);
    await harness.published();
    const policy = await readFile(path.join(harness.folder, 'policy'), 'utf8');
    const report = await verifyTender({ base: harness.url, tenderId: tender.tenderId, policy });
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.holds).toBe(true);
  });

  it('shows nothing to an evaluator who declared a conflict', async () => {
    const another = await openedTender();
    const desk = await deskOf(another.people.evaluators[0]!);
    const there = `${web.url}/kerja/evaluasi/${another.tenderId}`;
    await desk.page.goto(there);
    await sign(desk, '#apart');
    await look(desk);
    for (const tail of ['', `/${another.lotIds[0]!}`, `/${another.lotIds[0]!}/matriks.csv`]) {
      await desk.page.goto(there + tail);
      expect(desk.page.url()).toBe(there);
      expect(await text(desk)).toContain('Anda tidak ikut mengevaluasi');
      expect(await text(desk)).not.toContain('Sejahtera');
    }
    const documents = await desk.context.request.get(
      `${web.url}/api/tenders/${another.tenderId}/lots/${another.lotIds[0]!}/opened-bids`,
    );
    expect(documents.status()).toBe(403);
  });

  it('left no fault that a machine can see', async () => {
    expect(faults).toEqual([]);
    const wrong = [...evaluators, authority].flatMap((desk) => desk.wrong);
    // Forms that were refused are answered with their status; nothing else may be said.
    expect(wrong.filter((one) => !/status of (4\d\d)/.test(one))).toEqual([]);
    await harness.verifyLog();
  });
});
