/** A tender drafted, signed, approved, changed and cancelled by people in real browsers. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { localText } from '@segel/procurement';
import { verifyTender } from '../apps/cli/src/verify/index.js';
import { signForm } from './support/bidding-browser.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { draftTender, publishTender, registerOpenerKey } from './support/published-tender.js';
import { openerIdentity, tenderPeople, type Signer, type TenderPeople } from './support/tender-people.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);
if (chromiumPath === undefined) console.log(`No tender was drafted in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

const STAFF_BUDGET = 60_000;
const SCREENS = process.env['SEGEL_SCREENS'];
const TITLE = 'Pengadaan meja belajar SD Negeri 4 Merapi';
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

inBrowser('officers', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let buyerId: string;
  let people: TenderPeople;
  const wrong: string[] = [];

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    buyerId = await harness.organisation('buyer', 'Dinas Pendidikan Kota Merapi');
    people = await tenderPeople(harness, buyerId, await harness.organisation('oversight', 'Universitas Merapi'));
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  async function as({ token }: Person, options: BrowserContextOptions = { viewport: DESK }): Promise<Page> {
    const context = await browser.newContext(options);
    await context.addCookies([{ name: 'segel', value: token, url: web.url }]);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) wrong.push(message.text());
    });
    return page;
  }

  const open = async (page: Page, to: string): Promise<void> => void (await page.goto(web.url + to));

  /** Sends a form and waits for the page that answers it. */
  const send = async (page: Page, button: string): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.click(button)]);
  };

  const sign = (page: Page, form: string, signer: Signer): Promise<void> => signForm(page, form, signer);

  const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';
  const later = (ms: number): string => localText(new Date(harness.clock.now().getTime() + ms), 'UTC');

  /** Nothing that a machine can see is wrong with the page, in either theme, and it fits a small phone. */
  async function sound(page: Page, name: string): Promise<void> {
    expect([name, await axe(page)]).toEqual([name, []]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect([name, await axe(page, 'colours')]).toEqual([name, []]);
    await page.emulateMedia({ colorScheme: 'light' });
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 320, height: 640 });
    expect([name, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([name, 320]);
    expect([name, await page.locator('h1').count()]).toEqual([name, 1]);
    await page.setViewportSize(size);
    if (SCREENS === undefined) return;
    await mkdir(SCREENS, { recursive: true });
    for (const [device, viewport] of [
      ['phone', PHONE],
      ['desk', DESK],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: path.join(SCREENS, `drafting-${name}-${device}.png`), fullPage: true });
    }
    await page.setViewportSize(size);
  }

  const idIn = (page: Page): string => /paket\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  let tenderId = '';

  it('draft a tender from nothing by plain forms, without scripts', async () => {
    const plain = await as(people.preparer, { viewport: DESK, javaScriptEnabled: false });
    await open(plain, '/kerja');
    await send(plain, 'text=Buka paket tender');
    await send(plain, 'text=Tender baru');
    await plain.selectOption('#rulePackId', 'demo/fast');
    await plain.fill('#title', TITLE);
    await plain.fill('#description', 'Meja belajar untuk 30 murid, diantar dan dirakit.');
    await send(plain, '#new .button');
    tenderId = idIn(plain);
    expect(await main(plain)).toMatch(/Lot, barang, dan HPSBelum.*KriteriaBelum.*Pemegang kunci pembukaBelum/s);

    await send(plain, 'text=Lot, barang, dan HPS');
    await plain.fill('#estimate', '48.000.000,50');
    await plain.fill('#lotTitle', 'Meja belajar');
    await send(plain, '#lot-form .button');
    await plain.fill('#itemDescription', 'Meja belajar kayu');
    await plain.fill('#quantity', 'tiga puluh');
    await plain.fill('#unit', 'buah');
    await send(plain, '#item-form .button');
    expect(await plain.textContent('[role=alert]')).toContain('Jumlah harus angka');
    expect(await plain.inputValue('#itemDescription')).toBe('Meja belajar kayu');
    await plain.fill('#quantity', '30');
    await send(plain, '#item-form .button');
    expect(await main(plain)).toMatch(/Meja belajar kayu.*30 buah/s);
    expect(await main(plain)).toMatch(/Rp\s?48\.000\.000,50/);

    await open(plain, `/kerja/paket/${tenderId}/kriteria`);
    await plain.fill('#title', 'Surat penawaran ditandatangani');
    await send(plain, '#add .button');
    await open(plain, `/kerja/paket/${tenderId}/syarat`);
    await plain.fill('#label', 'Surat penawaran');
    await send(plain, '#add .button');
    expect(await main(plain)).toContain('Surat penawaran (wajib)');

    await open(plain, `/kerja/paket/${tenderId}/dokumen`);
    await plain.fill('#add #title', 'Spesifikasi meja');
    await plain.setInputFiles('#file', {
      name: 'spek.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('bukan PDF'),
    });
    await send(plain, '#add .button');
    expect(await plain.textContent('[role=alert]')).toContain('isinya harus sesuai');
    await plain.setInputFiles('#file', { name: 'spek.pdf', mimeType: 'text/x', buffer: Buffer.from('%PDF-1.7 meja') });
    await send(plain, '#add .button');
    expect(await main(plain)).toContain('spek.pdf');
    await plain.context().close();
  });

  it('name the team, where nobody holds two duties that check each other', async () => {
    await harness.grant(people.preparer, { role: 'approver', organisationId: buyerId });
    const page = await as(people.preparer, { viewport: DESK, javaScriptEnabled: false });
    const add = async (role: string, { id }: Person): Promise<void> => {
      await page.selectOption(`#add-${role}`, id);
      await send(page, `form:has(#add-${role}) .button`);
    };
    await open(page, `/kerja/paket/${tenderId}/tim`);
    await add('approver', people.preparer);
    expect(await page.textContent('[role=alert]')).toMatch(/sudah menjadi Penyusun .* tidak dapat menjadi Penyetuju/);
    await add('approver', people.approver);
    for (const evaluator of people.evaluators) await add('evaluator', evaluator);
    await add('award_authority', people.awardAuthority);

    await open(page, `/kerja/paket/${tenderId}/pembuka`);
    for (const { id } of people.openers.slice(0, 3)) await page.check(`#opener-${id}`);
    await send(page, '#openers .button');
    await open(page, `/kerja/paket/${tenderId}/tinjau`);
    expect(await main(page)).toContain('Paling sedikit satu lembaga pembuka harus dari luar');
    await open(page, `/kerja/paket/${tenderId}/pembuka`);
    for (const { id } of people.openers.slice(3)) await page.check(`#opener-${id}`);
    await send(page, '#openers .button');
    expect(await page.locator('#keys ~ .scroll >> text=belum dibuat').count()).toBe(6);
    for (const opener of people.openers)
      expect((await registerOpenerKey(harness, tenderId, opener, openerIdentity('pq1', opener.id))).status).toBe(201);
    await open(page, `/kerja/paket/${tenderId}`);
    expect(await main(page)).toMatch(/Kunci pembuka6 dari 6 Selesai/);
    await page.context().close();
  });

  it('are told on a phone that a period is too short, and when the earliest deadline is', async () => {
    const page = await as(people.preparer, { viewport: PHONE, javaScriptEnabled: false });
    await open(page, `/kerja/paket/${tenderId}/jadwal`);
    await page.fill('#enquiryEndAt', later(-7_200_000));
    await page.fill('#deadlineAt', later(-3_600_000));
    await send(page, 'text=Periksa tanpa menyimpan');
    expect(await main(page)).toMatch(/Menghalangi.*Masa pengumuman kurang/s);
    expect(await page.inputValue('#deadlineAt')).toBe(later(-3_600_000));
    await page.fill('#enquiryEndAt', later(300_000));
    await page.fill('#deadlineAt', later(600_000));
    await send(page, '#schedule > .button');
    expect(await main(page)).toContain('Tersimpan');
    expect(await main(page)).not.toContain('Menghalangi');
    await page.context().close();
  });

  it('do not lose what a colleague changed meanwhile', async () => {
    const [one, two] = [await as(people.preparer), await as(people.preparer)];
    for (const page of [one, two]) await open(page, `/kerja/paket/${tenderId}/isi`);
    await one.fill('#description', 'Meja belajar untuk 30 murid, diantar, dirakit, dan diuji.');
    await send(one, '#what .button');
    await two.fill('#title', 'Judul dari rekan');
    await send(two, '#what .button');
    expect(await two.textContent('[role=alert]')).toContain('Syarat berubah sementara Anda bekerja');
    expect(await two.inputValue('#title')).toBe('Judul dari rekan');
    await open(two, `/kerja/paket/${tenderId}/isi`);
    expect(await two.inputValue('#title')).toBe(TITLE);
    for (const page of [one, two]) await page.context().close();
  });

  // In Indonesian test/web-roles.spec.ts walks them.
  it('have pages without a fault that a machine can see, in English too', async () => {
    const page = await as(people.preparer);
    const parts = ['', '/isi', '/aturan', '/jadwal', '/barang', '/dokumen', '/kriteria', '/syarat', '/pembuka', '/tim'];
    for (const start of ['', '/baru', '/impor']) {
      await open(page, `/en/kerja/paket${start}`);
      await sound(page, `list${start}`.replaceAll('/', '-'));
    }
    for (const part of [...parts, '/tinjau', '/batal']) {
      await open(page, `/en/kerja/paket/${tenderId}${part}`);
      await sound(page, `tender${part}`.replaceAll('/', '-'));
    }
    const { bytes } = await wireBytes(page, `${web.url}/kerja/paket/${tenderId}/tinjau`);
    console.log(`review with signature: ${bytes} bytes`);
    expect(bytes).toBeLessThan(STAFF_BUDGET);
    await page.context().close();
    expect(wrong).toEqual([]);
  });

  it('sign in the browser, and another person publishes exactly that', async () => {
    const preparer = await as(people.preparer);
    const approver = await as(people.approver);
    await open(preparer, `/kerja/paket/${tenderId}/tinjau`);
    expect(await main(preparer)).toContain('Inilah yang akan dibaca semua orang');
    await sign(preparer, '#submit-notice', people.preparer);
    expect(await main(preparer)).toContain('menunggu persetujuan orang kedua');

    // The first time it goes back, with a reason.
    await open(approver, '/kerja/paket');
    await sound(approver, 'waiting');
    await send(approver, `main a:has-text("${TITLE}")`);
    await sound(approver, 'approval');
    expect(await main(approver)).toContain('cocok, kuncinya terdaftar');
    await approver.fill('#reason', 'pendek');
    await send(approver, '#return .button');
    expect(await approver.textContent('[role=alert]')).toContain('Alasan harus ditulis');
    expect(await approver.inputValue('#reason')).toBe('pendek');
    await approver.fill('#reason', 'Uraian belum menyebut tempat pengantaran.');
    await send(approver, '#return .button');
    await open(preparer, `/kerja/paket/${tenderId}`);
    expect(await main(preparer)).toContain('Uraian belum menyebut tempat pengantaran.');

    await open(preparer, `/kerja/paket/${tenderId}/isi`);
    await preparer.fill('#description', 'Meja belajar untuk 30 murid, diantar ke SD Negeri 4 Merapi.');
    await send(preparer, '#what .button');
    await open(preparer, `/kerja/paket/${tenderId}/tinjau`);
    await sign(preparer, '#submit-notice', people.preparer);
    await open(approver, `/kerja/paket/${tenderId}/persetujuan`);
    await sign(approver, '#approve-notice', people.approver);
    expect(approver.url()).toContain('/terbit');
    await sound(approver, 'published');
    await send(approver, 'text=Lihat halaman umum tender');
    expect(await approver.textContent('h1')).toBe(TITLE);

    await harness.published();
    const policy = await readFile(path.join(harness.folder, 'policy'), 'utf8');
    const report = await verifyTender({ base: harness.url, tenderId, policy });
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.checks).toContain('notices');
    for (const page of [preparer, approver]) await page.context().close();
    expect(wrong).toEqual([]);
  });

  it('import a file, read what was assumed, and go on with the draft', async () => {
    const page = await as(people.preparer, { viewport: DESK, javaScriptEnabled: false });
    await open(page, '/kerja/paket/impor');
    await page.selectOption('#rulePackId', 'demo/fast');
    await page.setInputFiles('#file', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{oops') });
    await send(page, '#import .button');
    expect(await page.textContent('[role=alert]')).toContain('bukan JSON');
    await page.setInputFiles('#file', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await send(page, '#import .button');
    expect(await page.textContent('[role=alert]')).toContain('tidak dapat diimpor');
    expect(await page.inputValue('#rulePackId')).toBe('demo/fast');
    await page.setInputFiles('#file', path.join('test', 'data', 'ocds', 'cycle-lanes.json'));
    await send(page, '#import .button');
    expect(await page.locator('#notes ~ ul li').count()).toBeGreaterThan(0);
    await send(page, 'text=Lanjutkan rancangan');
    expect(await main(page)).toMatch(/Lot, barang, dan HPSSelesai/);
    await page.context().close();
  });

  it('are refused when the time has become too short between reading and signing', async () => {
    const drafted = await draftTender(harness, { deadlineInMs: 8_000 });
    const page = await as(drafted.people.preparer);
    await open(page, `/kerja/paket/${drafted.tenderId}/tinjau`);
    harness.clock.advance(7_000);
    await sign(page, '#submit-notice', drafted.people.preparer);
    expect(await page.textContent('[role=alert]')).toContain('Syarat belum lengkap');
    expect(await main(page)).toMatch(
      /MenghalangiMasa pengumuman terlalu pendek|Menghalangi Masa pengumuman terlalu pendek/,
    );
    expect((await harness.get(`/api/tenders/${drafted.tenderId}`, drafted.people.preparer)).body['state']).toBe(
      'draft',
    );
    await page.context().close();
  });

  it('change a published tender only by an addendum that shows what differs', async () => {
    const tender = await publishTender(harness, { deadlineInMs: 3_600_000 });
    const preparer = await as(tender.people.preparer);
    const approver = await as(tender.people.approver);
    const base = `/kerja/paket/${tender.tenderId}`;
    await open(preparer, `${base}/adendum`);
    await sound(preparer, 'addendum-begin');
    await send(preparer, 'main a:text-is("Jadwal")');
    const deadline = await preparer.inputValue('#deadlineAt');
    await preparer.fill('#deadlineAt', later(60_000));
    await preparer.fill('#enquiryEndAt', later(30_000));
    await preparer.fill('#schedule-reason', 'Lokasi belum dapat dikunjungi.');
    await send(preparer, '#schedule > .button');
    expect(await preparer.textContent('[role=alert]')).toContain('Batas waktu hanya boleh mundur');
    expect(await preparer.inputValue('#schedule-reason')).toBe('Lokasi belum dapat dikunjungi.');
    await preparer.fill('#deadlineAt', later(7_200_000));
    await send(preparer, '#schedule > .button');
    await open(preparer, `${base}/barang`);
    await preparer.fill('#itemDescription', 'Lemari');
    await preparer.fill('#quantity', '2');
    await preparer.fill('#unit', 'buah');
    await send(preparer, '#item-form .button');
    await open(preparer, `${base}/adendum`);
    const shown = await main(preparer);
    expect(shown).toMatch(/Batas waktu penawaran.*Barang atau jasabaruLemari: 2 buah/s);
    expect(shown).toContain('Lokasi belum dapat dikunjungi.');
    expect(shown).toContain('harus disegel ulang');
    await sound(preparer, 'addendum');
    // Until two people signed, what is in force stays.
    const inForce = await harness.get<{ deadlineAt: string }>(`/api/tenders/${tender.tenderId}`);
    expect(localText(new Date(inForce.body.deadlineAt), 'UTC')).toBe(deadline);
    await sign(preparer, '#submit-notice', tender.people.preparer);

    await open(approver, '/kerja/paket');
    expect(await main(approver)).toContain('Persetujuan adendum');
    await open(approver, `${base}/persetujuan`);
    expect(await main(approver)).toMatch(/Barang atau jasabaruLemari: 2 buah/);
    await sound(approver, 'addendum-approval');
    await sign(approver, '#approve-notice', tender.people.approver);
    expect(await main(approver)).toContain('Adendum');
    const after = await harness.get<{ version: number; terms: { items: object[] } }>(`/api/tenders/${tender.tenderId}`);
    expect(after.body.terms.items).toHaveLength(3);
    for (const page of [preparer, approver]) await page.context().close();
    expect(wrong).toEqual([]);
  });

  it('cancel a tender together: one proposes, another confirms', async () => {
    const { tenderId: cancelled, people: team } = await publishTender(harness, { deadlineInMs: 3_600_000 });
    const [preparer, approver] = [await as(team.preparer), await as(team.approver)];
    await open(preparer, `/kerja/paket/${cancelled}/batal`);
    await preparer.selectOption('#reasonCode', 'need_changed');
    await preparer.fill('#reason', 'pendek');
    await send(preparer, '#cancel .button');
    expect(await preparer.textContent('[role=alert]')).toContain('Alasan harus ditulis');
    expect(await preparer.inputValue('#reasonCode')).toBe('need_changed');
    await preparer.fill('#reason', 'Sekolahnya digabung dengan yang lain.');
    await send(preparer, '#cancel .button');
    await open(preparer, `/kerja/paket/${cancelled}/batal`);
    expect(await preparer.locator('button:has-text("Konfirmasi")').count()).toBe(0);
    await open(approver, '/kerja/paket');
    await send(approver, 'main li:has-text("Konfirmasi pembatalan") a');
    expect(await main(approver)).toContain('Sekolahnya digabung dengan yang lain.');
    await sound(approver, 'cancel');
    await send(approver, 'text=Konfirmasi pembatalan >> nth=-1');
    expect(await main(approver)).toContain('Dibatalkan');
    for (const page of [preparer, approver]) await page.context().close();
  });

  it('see nothing of tenders that are not theirs', async () => {
    const stranger = await as(await harness.person({ role: 'preparer', organisationId: buyerId }));
    for (const part of ['', '/isi', '/tinjau', '/persetujuan', '/adendum', '/batal', '/dokumen', '/tim']) {
      const answer = await stranger.goto(`${web.url}/kerja/paket/${tenderId}${part}`);
      expect([part, [403, 404].includes(answer?.status() ?? 0)]).toEqual([part, true]);
    }
    const approver = await as(people.approver);
    expect([403, 404]).toContain((await approver.goto(`${web.url}/kerja/paket/${tenderId}/isi`))?.status());
    const nobody = await browser.newPage();
    await nobody.goto(`${web.url}/kerja/paket`);
    expect(nobody.url()).toContain('/masuk');
    for (const page of [stranger, approver]) await page.context().close();
    await nobody.close();
    await harness.verifyLog();
  });
});
