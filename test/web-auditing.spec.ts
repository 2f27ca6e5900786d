/** Checking in a real browser what nobody should have to believe: receipts without a network, entries from the log's own
 *  files, and what auditors see. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fromBase64, toBase64 } from '@segel/encoding';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axe, chromiumPath, NO_CHROMIUM, startBrowser, wireBytes } from './support/browser.js';
import { startHarness, type Harness, type Person } from './support/harness.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(300_000);
if (chromiumPath === undefined) console.log(`Nothing was checked in a browser: ${NO_CHROMIUM}.`);
const inBrowser = chromiumPath === undefined ? describe.skip : describe;
const PUBLIC_BUDGET = 15_000;
const SCREENS = process.env['SEGEL_SCREENS'];

inBrowser('checking in the page', () => {
  let harness: Harness;
  let web: WebApp;
  let browser: Browser;
  let tender: PublishedTender;
  let receipt: string;
  let promise: string;
  let leafSha256: string;
  let curious: Person;

  beforeAll(async () => {
    harness = await startHarness();
    web = await startWebApp(harness);
    browser = await startBrowser();
    // Before the tender: nothing is erased while a box is open.
    curious = await harness.person({ role: 'approver' });
    expect((await harness.get('/api/audit/trail', curious)).status).toBe(403);
    await harness.published();
    tender = await publishTender(harness, { terms: { title: 'Rehabilitasi Gedung Sekolah Dasar' } });
    const vendor = await approvedVendor(harness, 'CV Maju Bersama');
    const { bidId, submitted } = await sealAndSubmit(harness, tender, vendor);
    await harness.published();
    const address = `/api/tenders/${tender.tenderId}/bids/${bidId}/receipt?waitMs=20000`;
    receipt = (await harness.get(address, vendor)).text;
    promise = JSON.stringify(submitted.promise);
    leafSha256 = submitted.leafSha256;
  });
  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await harness?.stop();
  });

  type Visit = { readonly page: Page; readonly context: BrowserContext; readonly wrong: string[] };
  const visit = async (path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> => {
    const context = await browser.newContext({ viewport: { width: 320, height: 700 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    await page.goto(web.url + path);
    return { page, context, wrong };
  };
  const looks = async (page: Page, name: string): Promise<void> => {
    if (SCREENS !== undefined) await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage: true });
  };
  const width = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth');
  const failing = (page: Page): Promise<readonly string[]> =>
    page.$$eval('[data-outcome=fails]', (steps) => steps.map((step) => step.getAttribute('data-step') ?? ''));

  async function paste(page: Page, text: string): Promise<string> {
    await page.fill('#receipt', text);
    await page.click('#checker button');
    await page.locator('#checked:visible, #check-status:has-text("Belum")').first().waitFor();
    return (await page.locator('#checked:visible').count()) > 0 ? (await page.textContent('#verdict'))! : '';
  }

  it('proves a receipt with the network cut, and says TIDAK cocok for every changed part of it', async () => {
    const { page, context, wrong } = await visit('/audit/periksa');
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await page.locator('#offline', { hasText: 'boleh diputus' }).waitFor();
    await context.setOffline(true);
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url()));

    expect(await paste(page, receipt)).toBe('Terbukti tercatat');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('verdict');
    expect(await page.textContent('#verdict-entry')).toContain('bid.submitted');
    expect(await page.textContent('#verdict-policy')).toContain('server ini sendiri');
    await page.$$eval('#proof-steps details', (all) => all.forEach((one) => one.setAttribute('open', '')));
    expect(await page.textContent('[data-step=path]')).toMatch(/Tetangga di (kiri|kanan)/);
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await looks(page, 'checker-proven-phone');

    for (const [what, changed, steps] of changes(receipt)) {
      expect([what, await paste(page, changed)]).toEqual([what, 'TIDAK cocok']);
      expect([what, await failing(page)]).toEqual([what, steps]);
    }
    expect(await axe(page)).toEqual([]);
    await looks(page, 'checker-wrong-phone');
    // As it was copied: without its last line end, with those of a form.
    expect(await paste(page, receipt.trim().replaceAll('\n', '\r\n'))).toBe('Terbukti tercatat');
    expect([asked, wrong]).toEqual([[], []]);
    await context.close();
  });

  it('judges a receipt by the rules that somebody brought, and a promise by the log', async () => {
    const { page, context, wrong } = await visit('/en/audit/periksa', { colorScheme: 'dark' });
    expect(await axe(page)).toEqual([]);
    const policy = await (await fetch(`${harness.url}/log/policy`)).text();
    await page.click('#checker summary');
    const file = (text: string) => ({ name: 'rules.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.setInputFiles('#policy-file', file(policy));
    await page.setInputFiles('#receipt-file', { ...file(receipt), name: 'mine.tlog-proof' });
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'Proven to be in the log' }).waitFor();
    expect(await page.textContent('#verdict-policy')).toContain('rules.txt');
    // Rules that know another log: nothing of this server's counts.
    const other = policy.replaceAll(
      /^log .*$/gm,
      'log example.org/other+6cab51b6+AbUE6nkHp5Xq3q6kbrq0oWpmm7TDZQXb3BEbmfkZKBN9',
    );
    await page.setInputFiles('#policy-file', file(other));
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'Does NOT match' }).waitFor();

    await page.setInputFiles('#policy-file', []);
    await page.fill('#receipt', promise);
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'Proven to be in the log' }).waitFor();
    const broken = JSON.stringify(JSON.parse(promise)).replace(/"promised_at":"20../, '"promised_at":"2031');
    const given = broken === promise ? promise.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, 'x') : broken;
    await page.fill('#receipt', given);
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'Does NOT match' }).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  });

  it('proves an entry from the log’s files, and compares the fingerprint of a document without sending it', async () => {
    const index = Number(/^index (\d+)$/m.exec(receipt)![1]);
    const { page, context, wrong } = await visit(`/r/${index}#${leafSha256}`);
    const asked: string[] = [];
    context.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
    expect(await page.textContent('#check-status')).toContain('sama dengan yang ditunjukkan');
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'Terbukti tercatat' }).waitFor();
    expect(await page.locator('[data-step=document][data-outcome=holds]').count()).toBe(1);
    expect(await page.locator('[data-step=earlier][data-outcome=holds]').count()).toBe(1);
    await looks(page, 'checker-document-phone');
    await page.fill('#document-hash', toBase64(new Uint8Array(32)));
    await page.click('#checker button');
    await page.locator('#verdict', { hasText: 'TIDAK cocok' }).waitFor();
    expect(await failing(page)).toEqual(['document']);
    expect(asked.filter((one) => one.includes(encodeURIComponent(leafSha256)) || one.includes(leafSha256))).toEqual([]);

    await page.goto(`${web.url}/audit/entri/1`);
    await page.click('#checker > button');
    await page.locator('#verdict', { hasText: 'Terbukti tercatat' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await looks(page, 'checker-entry-phone');
    expect(wrong).toEqual([]);

    // A server whose page shows another entry than its log has.
    await page.route('**/audit/entri/2', async (route) => {
      const response = await route.fetch();
      const shown = /"shown":"([^"]+)"/.exec(await response.text())![1]!;
      await route.fulfill({ response, body: (await response.text()).replaceAll(shown, toBase64(new Uint8Array(32))) });
    });
    await page.goto(`${web.url}/audit/entri/2`);
    await page.click('#checker > button');
    await page.locator('#verdict', { hasText: 'TIDAK cocok' }).waitFor();
    expect(await failing(page)).toEqual(['shown']);
    await context.close();
  });

  it('shows an auditor who was denied what, and lets nobody else look', async () => {
    const auditor = await harness.person({ role: 'auditor' });
    const operator = await harness.person({ role: 'operator' });
    const query = '/api/audit/trail?type=access.denied';
    const { items } = (await harness.get<{ items: { id: string; actorId: string }[] }>(query, auditor)).body;
    const denied = items.find(({ actorId }) => actorId === curious.id)!;
    const asked = { entryId: denied.id, reason: 'subject_request' };
    expect((await harness.post('/api/erasures', asked, operator)).status).toBe(201);

    const signIn = async (token: string): Promise<Visit> => {
      const visited = await visit('/status');
      await visited.context.addCookies([{ name: 'segel', value: token, url: web.url }]);
      await visited.page.goto(`${web.url}/kerja`);
      return visited;
    };
    const { page, context, wrong } = await signIn(auditor.token);
    await page.click('text=Jejak tindakan');
    await page.click('a:has-text("Percobaan yang ditolak")');
    await page.click(`a[href$="${denied.id}"]`);
    expect(await page.textContent('main')).toContain(curious.id);
    expect(await page.textContent('pre')).toContain('"reason"');
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await looks(page, 'audit-entry-phone');
    await page.goto(`${web.url}/en/kerja/audit`);
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await looks(page, 'audit-trail-phone');

    await page.goto(`${web.url}/kerja/penghapusan`);
    expect(await axe(page)).toEqual([]);
    expect(await width(page)).toBe(320);
    await looks(page, 'audit-erasures-phone');
    await Promise.all([page.waitForURL(/selesai=1/), page.click('text=Setujui penghapusan')]);
    const decided = (await harness.get<{ items: { state: string }[] }>('/api/erasures', auditor)).body.items;
    expect(['confirmed', 'erased']).toContain(decided[0]!.state);
    expect(wrong).toEqual([]);
    await context.close();

    const other = await signIn(curious.token);
    const answer = await other.page.goto(`${web.url}/kerja/audit`);
    expect(answer!.status()).toBe(403);
    expect(await other.page.textContent('h1')).toBe('Halaman ini untuk auditor');
    await other.context.close();
    await harness.verifyLog();
  });

  it('costs little before somebody checks, and says without scripts what to do instead', async () => {
    const context = await browser.newContext();
    const sizes: Record<string, number> = {};
    for (const path of ['/audit/periksa', '/r/1', '/audit/entri/1'])
      sizes[path] = (await wireBytes(await context.newPage(), web.url + path)).bytes;
    console.log(sizes);
    expect(Object.values(sizes).filter((bytes) => bytes > PUBLIC_BUDGET)).toEqual([]);
    await context.close();
    const still = await visit('/audit/periksa', { javaScriptEnabled: false });
    expect(await still.page.locator('#checker').isVisible()).toBe(false);
    expect(await still.page.textContent('main')).toContain('memerlukan JavaScript');
    await still.context.close();
  });
});

/** Each part of a receipt with one bit changed, and the steps that notice. */
function changes(receipt: string): readonly (readonly [string, string, readonly string[]])[] {
  const flip = (base64: string, at: number): string => {
    const bytes = Uint8Array.from(fromBase64(base64));
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    return toBase64(bytes);
  };
  const lines = receipt.split('\n');
  const edit = (i: number, change: (line: string) => string): string =>
    lines.map((line, n) => (n === i ? change(line) : line)).join('\n');
  const extra = lines.findIndex((line) => line.startsWith('extra '));
  const index = lines.findIndex((line) => line.startsWith('index '));
  const note = lines.indexOf('') + 1;
  const signature = lines.findIndex((line, i) => i > note && line.startsWith('— '));
  return [
    ['the salt', edit(extra, (line) => `extra ${flip(line.slice(6), 5)}`), ['path']],
    ['the entry', edit(extra, (line) => `extra ${flip(line.slice(6), -3)}`), ['path', 'entry']],
    ['a hash of the proof', edit(index + 1, (line) => flip(line, 0)), ['path']],
    ['the index', edit(index, (line) => `index ${Number(line.slice(6)) ^ 1}`), ['path']],
    ['the root', edit(note + 2, (line) => flip(line, 3)), ['log']],
    ['the signature', edit(signature, (line) => line.replace(/\S+$/, (sig) => flip(sig, -1))), ['log']],
    ['nothing but its beginning', receipt.slice(0, 200), ['form']],
    ['another kind of text', 'Yth. panitia', ['form']],
  ];
}
