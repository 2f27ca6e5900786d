/** A small firm comes in: account, link, company, documents; without scripts, on a phone. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AccountsFixture } from '../apps/api/src/accounts/accounts.fixture.js';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser } from './support/browser.js';
import { startHarness, type Harness } from './support/harness.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`Nobody registered in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const PASSWORD = 'beberapa kata acak';
const EMAIL = 'sari@example.org';

inBrowser('a small firm', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let phone: BrowserContext;
  let page: Page;
  const seen: string[] = [];

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    // Axe itself needs scripts; the pages have none of their own (test/web.spec.ts walks them with scripts off).
    phone = await browser.newContext({ viewport: { width: 320, height: 640 } });
    page = await phone.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  const look = async (): Promise<void> => {
    const [width, findings] = [await page.evaluate<number>('document.documentElement.scrollWidth'), await axe(page)];
    seen.push(...findings, ...(width > 320 ? [`${page.url()} is ${width} px wide`] : []));
  };
  const fill = async (values: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, value] of Object.entries(values)) await page.fill(`#${name}`, value);
  };
  const press = async (selector = 'main .button'): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
  };

  const tokenFor = (link: string): Promise<string> => new AccountsFixture(harness).tokenFor(EMAIL, link);

  it('opens an account, and a link in a mail that only a press of a button uses up', async () => {
    await page.goto(`${web.url}/masuk`);
    await page.click('text=Belum punya akun');
    await look();
    await fill({ name: 'Sari', email: EMAIL, password: 'pendek' });
    await press();
    expect(await page.textContent('[role=alert]')).toContain('Belum tersimpan');
    expect(await page.inputValue('#email')).toBe(EMAIL);
    await fill({ password: PASSWORD });
    await press();
    expect(await page.textContent('h1')).toBe('Periksa surel Anda');
    await look();
    const there = `${web.url}/akun/konfirmasi?token=${await tokenFor('/akun/konfirmasi')}`;
    // Programs that read mail open every link.
    for (let i = 0; i < 3; i++) await page.goto(there);
    await look();
    await press();
    expect(await page.textContent('main')).toContain('sudah dikonfirmasi');
    await press();
    await fill({ email: EMAIL, password: PASSWORD });
    await press();
    expect(await page.textContent('h1')).toBe('Meja kerja');
  });

  it('registers its company part by part, and nothing is lost in between', async () => {
    await page.click('text=Pendaftaran perusahaan');
    await look();
    expect(await page.textContent('main')).toMatch(/Identitas perusahaan\s*Belum mulai/);
    await page.click('text=Identitas perusahaan');
    await look();
    await fill({ name: 'CV Maju Bersama' });
    await press();
    expect(await page.textContent('main')).toMatch(/Identitas perusahaan\s*Sebagian/);
    // Another day, another device.
    const elsewhere = await browser.newContext({ javaScriptEnabled: false });
    await elsewhere.addCookies(await phone.cookies());
    const desk = await elsewhere.newPage();
    await desk.goto(`${web.url}/daftar/perusahaan/identitas`);
    expect(await desk.inputValue('#name')).toBe('CV Maju Bersama');
    await elsewhere.close();

    const tasks = {
      identitas: { country: 'id', scheme: 'ID-NIB', identifier: '9120001234567' },
      kontak: { address: 'Jalan Merdeka 1, Bandung', email: 'kantor@example.org' },
      usaha: { kbli: '41011, 41012' },
      pemilik: { owner1: 'Sari', owner1share: '60' },
      pengurus: { director: 'Sari', bank: 'Bank Jabar', account: '0012345', holder: 'CV Maju Bersama' },
    };
    await page.goto(`${web.url}/daftar/perusahaan/kirim`);
    expect(await page.textContent('main')).toContain('Masih ada isian wajib yang kosong');
    for (const [task, values] of Object.entries(tasks)) {
      await page.goto(`${web.url}/daftar/perusahaan/${task}`);
      await fill(values);
      await press();
    }
    await press();
    await look();
    await press();
    expect(await page.textContent('[role=alert]')).toContain('Centang pernyataan');
    await page.check('#declared');
    await press();
    expect(await page.textContent('main')).toContain('Menunggu pemeriksaan dua petugas');
    await look();
    expect(await page.textContent('#record ~ *')).toContain('Bank Jabar');
  });

  it('brings its documents, and is told what is no document and which one ends soon', async () => {
    const folder = os.tmpdir();
    const [pdf, other] = [path.join(folder, 'segel-izin.pdf'), path.join(folder, 'segel-bukan.pdf')];
    await writeFile(pdf, '%PDF-1.7 izin usaha');
    await writeFile(other, 'hanya teks');
    await page.setInputFiles('#file', other);
    await press('text=Unggah berkas >> nth=-1');
    expect(await page.textContent('[role=alert]')).toContain('Belum tersimpan');
    await page.setInputFiles('#file', pdf);
    const soon = new Date(harness.clock.now().getTime() + 10 * 86_400_000).toISOString().slice(0, 10);
    await page.fill('#expiresOn', soon);
    await press('text=Unggah berkas >> nth=-1');
    expect(await page.textContent('main')).toContain(`Segera berakhir: ${soon}`);
    await look();
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=segel-izin.pdf')]);
    expect(download.suggestedFilename()).toBe('segel-izin.pdf');
  });

  it('is approved by two operators, each on their own page', async () => {
    const operators = [await harness.person({ role: 'operator' }), await harness.person({ role: 'operator' })];
    for (const [i, operator] of operators.entries()) {
      const own = await browser.newContext({ viewport: { width: 320, height: 640 } });
      await own.addCookies([{ name: 'segel', value: operator.token, url: web.url }]);
      page = await own.newPage();
      await page.goto(`${web.url}/kerja`);
      await page.click('text=Pendaftaran perusahaan');
      await page.click('text=CV Maju Bersama');
      await look();
      expect(await page.textContent('#record ~ *')).toContain('Bank Jabar');
      await press('text=Setujui >> nth=-1');
      expect(await page.textContent('main')).toContain('Keputusan Anda tercatat');
      if (i === 0) {
        // Nobody approves twice.
        await press('text=Setujui >> nth=-1');
        expect(await page.textContent('[role=alert]')).toContain('Belum tersimpan');
      }
      for (const there of [
        '/kerja/pendaftaran?status=approved',
        '/kerja/orang',
        '/kerja/kesehatan',
        '/en/kerja/orang',
      ]) {
        await page.goto(web.url + there);
        await look();
      }
      await own.close();
    }
    page = await phone.newPage();
    await page.goto(`${web.url}/penyedia/perusahaan`);
    expect(await page.textContent('main')).toContain('Perusahaan Anda dapat mengajukan penawaran');
  });

  it('brings in officials: one operator asks, another confirms, the person accepts', async () => {
    await harness.organisation('buyer', 'Dinas Pendidikan');
    const operators = [await harness.person({ role: 'operator' }), await harness.person({ role: 'operator' })];
    const pages = await Promise.all(
      operators.map(async ({ token }) => {
        const own = await browser.newContext();
        await own.addCookies([{ name: 'segel', value: token, url: web.url }]);
        return own.newPage();
      }),
    );
    page = pages[0]!;
    await page.goto(`${web.url}/kerja/orang`);
    await page.fill('#email', 'budi@example.org');
    await page.selectOption('#role', 'preparer');
    await page.selectOption('#organisation', { label: 'Dinas Pendidikan' });
    await press('text=Ajukan undangan');
    expect(await page.textContent('main')).toContain('Pengelola lain harus mengonfirmasinya');
    expect(await page.textContent('main')).not.toContain('Konfirmasi dan kirim');
    page = pages[1]!;
    await page.goto(`${web.url}/kerja/orang`);
    await press('text=Konfirmasi dan kirim');
    expect(await page.textContent('main')).toContain('Undangan dikirim');
    const token = await new AccountsFixture(harness).tokenFor('budi@example.org', '/akun/undangan');
    page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${web.url}/akun/undangan?token=${token}`);
    await look();
    await fill({ name: 'Budi', password: PASSWORD });
    await press();
    expect(await page.textContent('main')).toContain('Undangan diterima');
    for (const one of [page, ...pages]) await one.context().close();
    page = await phone.newPage();
  });

  it('finds no page that a machine can fault, and every step is in the log', async () => {
    expect(seen).toEqual([]);
    await harness.verifyLog();
  });

  it('may forget its password', async () => {
    await page.goto(`${web.url}/akun/sandi`);
    await fill({ email: EMAIL });
    await press();
    const token = await tokenFor('/akun/sandi');
    await page.goto(`${web.url}/akun/sandi?token=${token}`);
    await fill({ password: `${PASSWORD} baru` });
    await press();
    expect(await page.textContent('main')).toContain('sudah diganti');
    // The session of the old password is dead, and so is the link.
    await page.goto(`${web.url}/akun`);
    expect(page.url()).toContain('/masuk');
    await page.goto(`${web.url}/akun/sandi?token=${token}`);
    await fill({ password: `${PASSWORD} lagi` });
    await press();
    expect(await page.textContent('[role=alert]')).toContain('Belum tersimpan');
  });
});
