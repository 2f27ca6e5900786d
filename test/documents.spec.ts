/** The documents people print and keep, of a real tender: what they say is what the API says, and only to whom it says it. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readReceipt } from '@segel/tlog';
import { startHarness, type Harness } from './support/harness.js';
import { evaluated, signed, type LotToEvaluate } from './support/lot-to-evaluate.js';
import { attestBox, closeBoxes, minutesOf, releaseShares } from './support/opening-day.js';
import { attachedTexts, pdfRuns, says } from './support/pdf-text.js';
import { publishTender, type PublishedTender } from './support/published-tender.js';
import { approvedVendor, sealAndSubmit, type VendorUser } from './support/sealed-bid.js';
import { startWebApp, type WebApp } from './support/web-app.js';

jest.setTimeout(600_000);

/** Where to leave the documents for people to look at. */
const FOLDER = process.env['SEGEL_DOCUMENTS'];
const PUBLIC_URL = 'https://segel.example';
/** One emoji in a name must not keep the minutes from everybody. */
const NAMES = ['CV Maju Bersama', 'PT #read("/etc/passwd") 😀', `Koperasi ${'Sejahtera'.repeat(15)}`];

describe('the documents of a tender', () => {
  let harness: Harness;
  let web: WebApp;
  let tender: PublishedTender;
  const vendors: VendorUser[] = [];
  const bids: Awaited<ReturnType<typeof sealAndSubmit>>[] = [];
  const early: Record<string, number> = {};

  beforeAll(async () => {
    harness = await startHarness({ RATE_LIMIT_PER_MINUTE: '10000' });
    web = await startWebApp(harness, { WEB_PUBLIC_URL: PUBLIC_URL });
    tender = await publishTender(harness, { terms: { title: 'Rehabilitasi Gedung Sekolah Dasar' } });
    for (const [i, name] of NAMES.entries()) {
      const vendor = await approvedVendor(harness, name);
      vendors.push(vendor);
      bids.push(await sealAndSubmit(harness, tender, vendor, { unitPrice: `${100 + i}.00` }));
    }
    await harness.published();
    for (const file of ['berita-acara.pdf', 'penetapan.pdf'])
      early[file] = (await get(`/tender/${tender.tenderId}/${file}`)).status;
    await keep('receipt', `/tender/${tender.tenderId}/penawaran/${bids[0]!.bidId}/tanda-terima.pdf`, vendors[0]);
  });
  afterAll(async () => {
    await web?.stop();
    await harness?.stop();
  });

  const get = async (at: string, as?: { readonly token: string }, headers = {}): Promise<Response> =>
    fetch(web.url + at, {
      redirect: 'manual',
      headers: { ...headers, ...(as === undefined ? {} : { cookie: `__Host-segel=${as.token}` }) },
    });

  const pdf = async (at: string, as?: { readonly token: string }): Promise<Uint8Array> => {
    const answer = await get(at, as);
    expect([at, answer.status, answer.headers.get('content-type')]).toEqual([at, 200, 'application/pdf']);
    return new Uint8Array(await answer.arrayBuffer());
  };

  async function keep(name: string, at: string, as?: { readonly token: string }): Promise<void> {
    if (FOLDER === undefined) return;
    await mkdir(FOLDER, { recursive: true });
    for (const prefix of ['', '/en'])
      await writeFile(path.join(FOLDER, `${name}-${prefix === '' ? 'id' : 'en'}.pdf`), await pdf(prefix + at, as));
  }

  const receiptAt = (i: number): string => `/tender/${tender.tenderId}/penawaran/${bids[i]!.bidId}/tanda-terima.pdf`;
  const missing = (bytes: Uint8Array, texts: readonly string[]): readonly string[] =>
    texts.filter((text) => !says(bytes, text));

  it('are not there before their time', () => {
    expect(early).toEqual({ 'berita-acara.pdf': 404, 'penetapan.pdf': 404 });
  });

  it('give a vendor the receipt of its bid, with the file that programs check inside', async () => {
    const route = `/api/tenders/${tender.tenderId}/bids/${bids[0]!.bidId}/receipt`;
    const { text } = await harness.get(route, vendors[0]!);
    const { index } = readReceipt(text);
    const { leafSha256 } = bids[0]!.submitted;
    for (const [prefix, title] of [
      ['', 'Tanda terima penawaran'],
      ['/en', 'Receipt of a bid'],
    ] as const) {
      const bytes = await pdf(prefix + receiptAt(0), vendors[0]);
      const told = [
        title,
        NAMES[0]!,
        bids[0]!.bidId,
        bids[0]!.manifestSha256,
        leafSha256,
        `${PUBLIC_URL}${prefix}/r/${index}`,
      ];
      expect(missing(bytes, told)).toEqual([]);
      expect(attachedTexts(bytes)).toEqual([text]);
      // Sealed: no price, neither as written nor as printed.
      expect(says(bytes, '100.00') || says(bytes, '100,00')).toBe(false);
    }
    const answer = await get(receiptAt(0), vendors[0]);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('content-disposition')).toBe(
      'inline; filename="tanda-terima-rehabilitasi-gedung-sekolah-dasar.pdf"',
    );
  });

  it('say nothing of a bid to anybody else: rivals, officials, strangers', async () => {
    const { preparer, auditor, openers } = tender.people;
    for (const other of [vendors[1]!, preparer, auditor, openers[0]!])
      expect((await get(receiptAt(0), other)).status).toBe(404);
    const stranger = await get(receiptAt(0));
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, expect.stringContaining('/masuk?ke=')]);
  });

  it('lead by their QR code to the entry, whose fingerprint people compare', async () => {
    const receipt = await harness.get(`/api/tenders/${tender.tenderId}/bids/${bids[0]!.bidId}/receipt`, vendors[0]!);
    const { index } = readReceipt(receipt.text);
    for (const prefix of ['', '/en']) {
      const page = await get(`${prefix}/r/${index}`);
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html).toContain(bids[0]!.submitted.leafSha256);
      expect(html).toContain(`${prefix}/audit/entri/${index}`);
    }
    const beyond = await get('/r/99999999');
    expect([beyond.status, await beyond.text()]).toEqual([404, expect.stringContaining('belum ada di buku umum')]);
    expect((await get('/r/x')).status).toBe(404);
  });

  it('tell the opening as it was: every bid, every opener, every entry', async () => {
    const [box] = await closeBoxes(harness, tender);
    await attestBox(harness, tender, box!);
    await releaseShares(harness, tender, box!, [0, 1, 3, 4]);
    await harness.published();
    const at = `/tender/${tender.tenderId}/berita-acara.pdf`;
    await keep('minutes', at);
    type Lot = {
      readonly entries: readonly { readonly type: string; readonly index: number; readonly leafSha256: string }[];
      readonly bids: readonly { readonly manifestSha256: string; readonly index: number; readonly total: string }[];
      readonly openers: readonly { readonly name: string }[];
      readonly setRoot: string;
    };
    const lot = (await minutesOf(harness, tender)).body.lots[0] as unknown as Lot;
    expect(lot.entries.map(({ type }) => type).sort()).toEqual([
      'box.attested',
      'box.closed',
      'opening.authorised',
      'opening.completed',
      ...Array.from({ length: 4 }, () => 'opening.share_released'),
    ]);
    const bytes = await pdf(`${at}?lot=${tender.lotIds[0]}`);
    const told = [
      ...lot.entries.flatMap(({ index, leafSha256 }) => [String(index), leafSha256]),
      ...lot.bids.flatMap(({ manifestSha256, index }) => [manifestSha256, `Catatan ${index}`]),
      ...lot.openers.map(({ name }) => name),
      NAMES[0]!,
      'PT #read("/etc/passwd") [U+1F600]',
      NAMES[2]!,
      lot.setRoot,
      'Audit',
    ];
    expect(lot.bids).toHaveLength(3);
    expect(missing(bytes, told)).toEqual([]);
    // 3 × 100 + the lump sum, and so on: as the vendors wrote it.
    for (const { total } of lot.bids) expect(says(bytes, total.replace('.', ','))).toBe(true);
    expect((await get(`${at}?lot=nothing`)).status).toBe(404);
  });

  it('are the same bytes for everybody, and are not sent twice', async () => {
    const at = `/tender/${tender.tenderId}/berita-acara.pdf`;
    const first = await get(at);
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(Buffer.from(await pdf(at, tender.people.auditor)).equals(bytes)).toBe(true);
    const another = await startWebApp(harness, { WEB_PUBLIC_URL: PUBLIC_URL });
    const elsewhere = await fetch(another.url + at);
    expect(Buffer.from(await elsewhere.arrayBuffer()).equals(bytes)).toBe(true);
    await another.stop();
    const etag = first.headers.get('etag')!;
    const again = await get(at, undefined, { 'if-none-match': etag });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
  });

  it('announce the award: intended with its standstill, decided after it', async () => {
    const { people, tenderId, lotIds } = tender;
    const lot: LotToEvaluate = {
      tenderId,
      lotId: lotIds[0]!,
      path: `/api/tenders/${tenderId}/lots/${lotIds[0]}`,
      evaluators: people.evaluators,
      authority: people.awardAuthority,
      preparer: people.preparer,
      bids: [],
    };
    const resultSha256 = await evaluated(harness, lot);
    type View = {
      readonly body: { readonly standstill_end: string };
      readonly decisionBody: object;
      readonly award: Record<string, string>;
    };
    const read = async (): Promise<View> => (await harness.get<View>(`${lot.path}/award`, lot.authority)).body;
    const at = `/tender/${tenderId}/penetapan.pdf`;
    // The authority sees a draft; it is no notice.
    expect((await get(at, lot.authority)).status).toBe(404);
    const { body } = await read();
    const intended = { standstillEndAt: body.standstill_end, ...signed(lot.authority, 'award.intended', body) };
    expect((await harness.post(`${lot.path}/award`, intended, lot.authority)).status).toBe(201);
    await harness.published();
    await keep('award-intended', at);
    const notice = await pdf(at);
    const told = [
      'Pengumuman calon pemenang',
      `Calon pemenang: ${NAMES[0]}`,
      resultSha256,
      'above the lowest',
      'Masa sanggah sampai',
    ];
    expect(missing(notice, told)).toEqual([]);
    harness.clock.set((await read()).award['standstillEndAt']!);
    await harness.runDueJobs();
    const decision = signed(lot.authority, 'award.decided', (await read()).decisionBody);
    expect((await harness.post(`${lot.path}/award/decision`, decision, lot.authority)).status).toBe(201);
    await harness.published();
    await keep('award-decided', at);
    expect(missing(await pdf(`/en${at}`), ['Notice of award', `Winner: ${NAMES[0]}`, 'The award was decided'])).toEqual(
      [],
    );
  });

  it('keep within their page', async () => {
    for (const file of ['berita-acara.pdf', 'penetapan.pdf']) {
      const runs = pdfRuns(await pdf(`/tender/${tender.tenderId}/${file}`));
      expect(runs.length).toBeGreaterThan(50);
      expect(runs.filter(({ rightPt }) => rightPt > 534)).toEqual([]);
    }
  });
});
