/** A vendor's whole way in a real browser: fill in, seal, send over a bad line, resume, receive; replace, withdraw; and
 *  what openers find is what was typed. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readBidReceipt } from '@segel/acts';
import { parsePolicy } from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { tenderErrors } from './attacks/powers.js';
import { BadTcpLine } from './support/bad-tcp-line.js';
import {
  biddingTerms,
  chairsTender,
  fillBid,
  furnitureTender,
  keyFileOf,
  PASSPHRASE,
} from './support/bidding-browser.js';
import { focused, received, signIn, signForm, width } from './support/bidding-browser.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { attestBox, closeBoxes, releaseShares } from './support/opening-day.js';
import { signAndApprove, type PublishedTender, type PublishOptions } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);

const BID_PAGE_BUDGET = 30_000;
const FILE = Buffer.from(randomBytes(6_000_000));
const SMALL = Buffer.from('%PDF-1.7 penawaran');
const PHONE = { width: 360, height: 740 };
const SCREENS = process.env['SEGEL_SCREENS'];
if (chromiumPath === undefined) console.log(`No bid was made on the page: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('a bid from the bid page', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let line: BadTcpLine;

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await line?.close();
    await web?.stop();
    await harness?.stop();
  });

  const openTender = (options?: PublishOptions): Promise<PublishedTender> => furnitureTender(harness, options);
  const vendorAt = async (url = web.url): Promise<{ vendor: VendorUser; context: BrowserContext; wrong: string[] }> => {
    const vendor = await approvedVendor(harness, 'CV Maju Bersama');
    return { vendor, ...(await signIn(await browser.newContext({ viewport: PHONE }), vendor.token, [url])) };
  };
  const bidPage = ({ tenderId }: PublishedTender, url = web.url): string => `${url}/tender/${tenderId}/penawaran`;
  const looks = async (page: Page, name: string): Promise<void> => {
    if (SCREENS !== undefined) await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage: true });
  };

  it('is sent over a line that is cut, goes on in another tab, is replaced and withdrawn, and opens as it was typed', async () => {
    const tender = await openTender();
    line = await BadTcpLine.to(web.url, 1_500_000);
    const { vendor, context, wrong } = await vendorAt(line.url);
    const key = await keyFileOf(vendor);
    const page = await context.newPage();
    const sent: string[] = [];
    context.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));

    await page.goto(`${line.url}/tender/${tender.tenderId}`);
    await Promise.all([page.waitForURL(/penawaran$/), page.click('text=Siapkan penawaran')]);
    await page.locator('#bid:not([disabled])').waitFor();
    expect(await page.textContent('#left')).toMatch(/19 jam 59 menit lagi|20 jam 0 menit lagi/);

    // Nothing filled in: what is missing is listed, with links to mend it, and the summary has the focus.
    await page.focus('#send');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('faults');
    expect(await page.locator('#faults-list a').allTextContents()).toEqual([
      'Tulis harga: Meja',
      'Tulis harga: Perakitan',
      'Jawab: Kami menerima syarat',
      'Pilih berkas: Surat penawaran',
      'Pilih berkas kunci',
      'Tulis frasa sandi kunci',
    ]);
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(360);
    await looks(page, 'bid-faults-phone');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('price-desk');

    // The keyboard alone, but for the chooser of files, which is the system's.
    await page.keyboard.type('12.345,65');
    expect((await page.textContent('[data-amount=desk]'))!.replace(/\s/g, '')).toBe('€30.864,13');
    await page.keyboard.press('Tab');
    await page.keyboard.type('25000');
    expect((await page.textContent('#total'))!.replace(/\s/g, '')).toBe('€55.864,13');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('file-offer');
    await page.setInputFiles('#file-offer', { name: 'surat.pdf', mimeType: 'application/pdf', buffer: FILE });
    expect(await page.textContent('#file-offer-state')).toBe('surat.pdf, 6 MB: dipilih, belum dikirim');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ya');
    await page.setInputFiles('#key-file', { name: 'kunci.age', mimeType: '', buffer: key });
    await page.focus('#passphrase');
    await page.keyboard.type(PASSPHRASE);
    await looks(page, 'bid-filled-phone');
    for (const step of ['shared', 'send']) {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe(step);
    }
    await page.keyboard.press('Enter');
    expect(await page.textContent('#faults')).toContain('di atas nilai perkiraan');
    expect(sent.some((one) => one.includes('/uploads'))).toBe(false);
    await page.fill('#price-work', '100,5');
    const start = line.sent;
    line.cutAfter([start + 2_000_000]);
    await page.focus('#send');
    await page.keyboard.press('Enter');
    await page.locator('#progress:focus').waitFor();
    await page.locator('#phase', { hasText: /^Mengirim/ }).waitFor();
    expect(await page.textContent('#closing')).toContain('lanjutkan');
    await looks(page, 'bid-sending-phone');
    // What the browser calls sent may still lie in its buffers: the line tells what went through.
    while (line.sent < start + 3_500_000) await sleep(20);
    expect(line.cuts).toBe(1);
    await page.close();

    const reopened = line.sent;
    const second = await context.newPage();
    await second.goto(bidPage(tender, line.url));
    await second.locator('#waiting:not([hidden])').waitFor();
    expect(await axe(second)).toEqual([]);
    await looks(second, 'bid-waiting-phone');
    await second.click('text=Lanjutkan mengirim');
    const first = await received(second);
    expect(await focused(second)).toBe('receipt-title');
    // What had arrived before the tab was closed was not sent again.
    const { sizeBytes } = (await harness.get(`/api/tenders/${tender.tenderId}/bids/${first.bidId}`, vendor)).body;
    expect(line.sent - reopened).toBeLessThan(Number(sizeBytes) - 1_000_000);
    expect(await axe(second)).toEqual([]);
    expect(await width(second)).toBe(360);
    await looks(second, 'bid-receipt-phone');

    const [download] = await Promise.all([second.waitForEvent('download'), second.click('#receipt-file')]);
    const policy = parsePolicy((await harness.get('/log/policy')).text);
    const receipt = readBidReceipt(await readFile((await download.path())!, 'utf8'), policy);
    expect(receipt.receipt.index).toBe(first.index);
    expect(receipt.entry).toMatchObject({ type: 'bid.submitted', tenderId: tender.tenderId });
    expect(receipt.entry.body['bid_id']).toBe(first.bidId);

    // Replaced.
    await second.goto(bidPage(tender, line.url));
    expect(await second.textContent('main')).toContain('Anda sudah mengirim penawaran untuk lot ini');
    await fillBid(second, { desk: '1', work: '2', file: SMALL, key });
    await second.click('#send');
    const replacing = await received(second);
    await second.click('#receipt-page');
    expect(await second.textContent('main')).toContain('Diterima, tersegel');
    expect(await second.textContent('main')).toContain(first.bidId);
    expect(await axe(second)).toEqual([]);

    // Withdrawn, with a signature over exactly what is shown.
    await second.click('#tarik summary');
    await signForm(second, '#tarik', vendor);
    expect(await second.textContent('main')).toContain('Ditarik');
    expect(await second.locator('#tarik').count()).toBe(0);
    await second.goto(`${line.url}/penyedia/saya`);
    expect(await second.locator('main .tag').allTextContents()).toEqual(['Ditarik', 'Sudah diganti']);
    expect(await axe(second)).toEqual([]);

    // Sent anew, and opened by openers.
    await second.goto(bidPage(tender, line.url));
    expect(await second.textContent('main')).not.toContain('Anda sudah mengirim');
    await fillBid(second, { desk: '12.345,65', work: '100,5', file: FILE, key });
    await second.click('#send');
    const last = await received(second);
    expect(new Set([first.bidId, replacing.bidId, last.bidId]).size).toBe(3);
    const secrets = ['12.345', '12345', PASSPHRASE, encodeURIComponent(PASSPHRASE)];
    expect(sent.filter((one) => secrets.some((secret) => one.includes(secret)))).toEqual([]);
    expect(wrong).toEqual([]);
    await context.close();

    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    await harness.runDueJobs();
    const route = `/api/tenders/${tender.tenderId}/bids/${last.bidId}/documents`;
    const headers = { authorization: `Bearer ${vendor.token}` };
    const offer = (await (await fetch(`${harness.url}${route}/0`, { headers })).json()) as Record<string, unknown>;
    const [desk, work] = tender.terms.items;
    expect(offer).toMatchObject({
      currency: 'EUR',
      total: '30964.63',
      answers: [{ slot_id: 'terms', value: 'yes' }],
      documents: [{ slot_id: 'offer', path: '1-surat penawaran.pdf' }],
      prices: [
        { slot_id: 'desk', item_id: desk!.id, unit_price: '12345.65', line_total: '30864.13' },
        { slot_id: 'work', item_id: work!.id, unit_price: '0', line_total: '100.50', lump_sum: true },
      ],
    });
    const document = Buffer.from(await (await fetch(`${harness.url}${route}/1`, { headers })).arrayBuffer());
    expect(document.equals(FILE)).toBe(true);
    expect(await tenderErrors(harness, tender.tenderId)).toEqual([]);
  });

  it('goes ahead of its sealed file when little time is left and the terms allow it', async () => {
    const tender = await openTender({ deadlineInMs: 300_000, terms: { precommit: { graceMinutes: 1 } } });
    const { vendor, context, wrong } = await vendorAt();
    const page = await context.newPage();
    await page.goto(bidPage(tender));
    await fillBid(page, { desk: '1', work: '2', file: SMALL, key: await keyFileOf(vendor) });
    await page.check('#shared');
    await page.click('#send');
    const { bidId } = await received(page);
    expect(await page.textContent('#receipt-notes')).toContain('berkas tersegelnya tercatat');
    expect(await page.textContent('#receipt-notes')).toContain('sudah dihapus dari perangkat ini');
    const bid = (await harness.get(`/api/tenders/${tender.tenderId}/bids/${bidId}`, vendor)).body;
    expect(bid['state']).toBe('submitted');
    expect(bid['deliveredAt']).toEqual(expect.any(String));
    expect(wrong).toEqual([]);
    await context.close();
  });

  it('is not sealed when the server shows an older log, or another policy, than this browser has seen', async () => {
    const tender = await openTender();
    const { vendor, context } = await vendorAt();
    const key = await keyFileOf(vendor);
    const page = await context.newPage();
    const old = (await harness.get('/log/checkpoint')).text;
    const rival = await approvedVendor(harness);
    await sealAndSubmit(harness, await chairsTender(harness), rival);
    await harness.published();
    await page.goto(bidPage(tender));
    await fillBid(page, { desk: '1', work: '2', file: SMALL, key });
    await page.click('#send');
    await received(page);
    const trying = async (): Promise<string> => {
      await page.goto(bidPage(tender));
      await fillBid(page, { desk: '1', work: '2', file: SMALL, key });
      await page.click('#send');
      await page.locator('#failure').waitFor();
      expect(await axe(page)).toEqual([]);
      return (await page.textContent('#failure-words'))!;
    };
    await context.route('**/log/checkpoint', (route) => route.fulfill({ body: old, contentType: 'text/plain' }));
    expect(await trying()).toContain('lebih tua');
    await context.unrouteAll();
    await context.route('**/log/policy', async (route) =>
      route.fulfill({ body: `# another\n${(await harness.get('/log/policy')).text}` }),
    );
    expect(await trying()).toContain('berubah sejak');
    await looks(page, 'bid-failed-phone');
    await context.close();
  });

  it('is confirmed after an addendum by a signature on its page', async () => {
    const tender = await chairsTender(harness);
    const { vendor, context } = await vendorAt();
    const bid = await sealAndSubmit(harness, tender, vendor);
    const body = { terms: { ...tender.terms, description: 'Kursi, diantar.' }, reason: 'A question showed a mistake.' };
    const route = `/api/tenders/${tender.tenderId}/addendum`;
    expect((await harness.call('PUT', route, { as: tender.people.preparer, body })).status).toBe(200);
    await signAndApprove(harness, tender);
    const page = await context.newPage();
    await page.goto(`${bidPage(tender)}/${bid.bidId}`);
    expect(await page.textContent('main')).toContain('Perlu tindakan');
    await signForm(page, '#kukuhkan', vendor);
    expect(await page.textContent('main')).toContain('Dikukuhkan, tersegel');
    await context.close();
  });

  it('is told to people who may not bid yet what they need, and to the others in both languages and themes', async () => {
    const tender = await chairsTender(harness);
    const stranger = await harness.person();
    const { vendor, context } = await vendorAt();
    const faults: string[] = [];
    const look = async (page: Page, address: string): Promise<void> => {
      for (const prefix of ['', '/en'])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width: 320, height: 640 });
          await page.goto(`${web.url}${prefix}${address}`);
          const found = await axe(page, colorScheme === 'light' ? 'everything' : 'colours');
          faults.push(...found.map((fault) => `${prefix}${address} ${colorScheme} ${fault}`));
          if ((await width(page)) > 320) faults.push(`${prefix}${address} is ${await width(page)} px wide`);
        }
    };
    const page = await context.newPage();
    const address = `/tender/${tender.tenderId}/penawaran`;
    const bid = await sealAndSubmit(harness, tender, vendor);
    for (const one of [address, `${address}/${bid.bidId}`, '/penyedia/saya', '/kerja']) await look(page, one);
    if (SCREENS !== undefined)
      for (const [name, one] of [
        ['bid-desk', address],
        ['bid-own-desk', `${address}/${bid.bidId}`],
        ['mine-desk', '/penyedia/saya'],
      ]) {
        await page.emulateMedia({ colorScheme: name === 'bid-desk' ? 'dark' : 'light' });
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(`${web.url}${one}`);
        await looks(page, name!);
      }
    await context.close();

    const nobody = await browser.newContext({ viewport: PHONE });
    const outside = await nobody.newPage();
    await look(outside, address);
    expect(await outside.locator('.tasks .tag').allTextContents()).toEqual([
      'not done',
      'not done',
      'not done',
      'not done',
    ]);
    await signIn(nobody, stranger.token, [web.url]);
    await outside.goto(web.url + address);
    await looks(outside, 'bid-needs');
    expect(await outside.locator('.tasks .tag').allTextContents()).toEqual(['selesai', 'belum', 'belum', 'belum']);
    expect(await outside.locator('#bid').count()).toBe(0);
    await outside.goto(`${web.url}/penyedia/saya`);
    expect(await outside.locator('h1').count()).toBe(1);
    // Nobody reads another company's bid.
    expect((await outside.goto(`${web.url}${address}/${bid.bidId}`))?.status()).toBe(404);
    await nobody.close();
    const rival = await vendorAt();
    const other = await rival.context.newPage();
    expect((await other.goto(`${web.url}${address}/${bid.bidId}`))?.status()).toBe(404);
    await rival.context.close();
    expect(faults).toEqual([]);
  });

  it('is for one lot of several, which are chosen first and shown with what was sent for each', async () => {
    const one = biddingTerms(harness);
    const [first, second] = [one.lots[0]!, biddingTerms(harness).lots[0]!];
    const other = { ...second, title: 'Kursi sekolah' };
    const chair = { id: `${first.id.slice(0, -1)}${first.id.endsWith('a') ? 'b' : 'a'}`, lotId: other.id };
    const slots = [
      ...one.slots,
      {
        id: 'chair',
        lotId: other.id,
        envelope: 'single',
        required: true,
        label: 'Kursi',
        kind: 'price',
        itemId: chair.id,
      },
    ] as const;
    const items = [...one.items, { ...chair, description: 'Kursi', quantity: '10', unit: 'buah' }];
    const estimate = { amount: '100000.00', currency: 'EUR' };
    const tender = await openTender({ terms: { lots: [first, other], items, slots, estimate } });
    const { vendor, context } = await vendorAt();
    const page = await context.newPage();
    await page.goto(bidPage(tender));
    expect(await axe(page)).toEqual([]);
    expect(await page.locator('.tasks li').allTextContents()).toEqual([
      'Mebel sekolahbelum ada penawaran',
      'Kursi sekolahbelum ada penawaran',
    ]);
    await page.click('text=Kursi sekolah');
    expect(await page.textContent('h1')).toBe('Siapkan penawaran: Kursi sekolah');
    expect(await page.locator('#price-desk').count()).toBe(0);
    await page.fill('#price-chair', '1.500');
    expect((await page.textContent('#total'))!.replace(/\s/g, '')).toBe('€15.000,00');
    await page.setInputFiles('#file-offer', { name: 'a.pdf', mimeType: 'application/pdf', buffer: SMALL });
    await page.selectOption('#answer-terms', 'yes');
    await page.setInputFiles('#key-file', { name: 'k.age', mimeType: '', buffer: await keyFileOf(vendor) });
    await page.fill('#passphrase', PASSPHRASE);
    await page.click('#send');
    await received(page);
    await page.goto(bidPage(tender));
    expect(await page.locator('.tasks .tag').allTextContents()).toEqual(['belum ada penawaran', 'Diterima, tersegel']);
    await context.close();
  });

  it('costs little to begin, and without scripts nothing can leave the page unsealed: nothing there is a form', async () => {
    const tender = await openTender();
    const { vendor, context } = await vendorAt();
    const page = await context.newPage();
    const { bytes } = await wireBytes(page, bidPage(tender));
    expect(bytes).toBeGreaterThan(5000);
    expect(bytes).toBeLessThanOrEqual(BID_PAGE_BUDGET);
    expect(page.workers()).toEqual([]);
    await context.close();
    const plain = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
    const still = await (await signIn(plain, vendor.token, [web.url])).context.newPage();
    await still.goto(bidPage(tender));
    expect(await still.textContent('main')).toContain('Menyegel memerlukan JavaScript');
    expect(await still.isDisabled('#price-desk')).toBe(true);
    expect(await still.locator('main form, main [name]').count()).toBe(0);
    await plain.close();
  });
});
