/** Documents as they are set: the same bytes wherever, text of people as text, nothing over the edge. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { pdfRuns, says } from '../../../../test/support/pdf-text.js';
import { mono, small, strong, type Block, type Document, type Words } from './blocks.js';
import { coverage, readFonts } from './fonts.js';
import { slug } from './pdfs.js';
import { printable, printableAll } from './printable.js';
import { qrSvg } from './qr.js';
import { Typesetter } from './typesetter.js';

const HASH = 'LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=';
const WORST = [
  '#read("/etc/passwd") *bold* _it_ $x^2$ <label> @ref \\u{41} `raw` // gone? /* gone? */ = head',
  'quotes " \' “ ” ] [ #[ }{ \\',
  'A'.repeat(500),
  'emoji 😀, Arabic مرحبا, Han 漢字, hidden \u202e\u200b\u0000\u00ad end',
  'Ñandú, Þórr, Łódź, Đà Nẵng, Ελλάς, Кириллица',
];

const table = (rows: readonly (readonly Words[])[]): Block => ({
  kind: 'table',
  marked: 0,
  columns: [
    { name: 'Penyedia', width: 4, end: false },
    { name: 'Harga', width: 3, end: true },
    { name: 'Sidik jari', width: 4, end: false },
  ],
  rows,
});

const documentOf = (blocks: readonly Block[], given: Partial<Document> = {}): Document => ({
  lang: 'id',
  title: 'Berita acara',
  subject: 'Tender',
  running: 'Berita acara · ocds-1',
  site: 'Segel',
  host: 'segel.example',
  page: 'hal. #n dari #total',
  at: [2026, 11, 25, 7, 0, 0],
  blocks,
  ...given,
});

const check = (alt: string): Block => ({
  kind: 'check',
  title: 'Periksa',
  svg: qrSvg(`https://segel.example/r/12#${HASH}`),
  alt,
  lines: ['Pindai', mono(HASH)],
});

const everyBlock: readonly Block[] = [
  {
    kind: 'facts',
    lines: WORST.map((text, i) => [i === 0 ? 'Nama yang amat panjang sekali' : 'Nama', [text, mono(HASH)]]),
  },
  { kind: 'heading', level: 2, text: WORST[0]! },
  { kind: 'heading', level: 3, text: WORST[2]! },
  ...WORST.map((text): Block => ({ kind: 'text', text: [text, small(text), strong(text)] })),
  { kind: 'note', tone: 'warn', title: WORST[2]!, lines: WORST },
  { kind: 'command', lead: WORST[1]!, text: `npm run segel -- verify ${'x'.repeat(300)}` },
  table(WORST.map((text) => [strong(text), 'Rp 123.456.789.012.345.678,91', [mono(HASH), small(text)]])),
  check('Kode QR'),
];

describe('a document', () => {
  const typesetter = new Typesetter();
  const has = coverage(readFonts());
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'segel-documents-'));
  });
  afterAll(async () => {
    await typesetter.onApplicationShutdown();
    await rm(folder, { recursive: true });
  });

  /** Sets it in a process of its own, in another time zone, at another time, in another language of the machine. */
  async function elsewhere(document: Document, TZ: string): Promise<Buffer> {
    const [input, output, program] = ['in.json', 'out.pdf', 'set.mjs'].map((name) => path.join(folder, name));
    const fonts = readFonts().map((font) => Buffer.from(font).toString('base64'));
    await writeFile(input!, JSON.stringify({ fonts, document: printableAll(document, has) }));
    const worker = path.join(import.meta.dirname, 'typesetter.worker.mjs');
    const templates = path.join(import.meta.dirname, 'templates');
    await writeFile(
      program!,
      `import { readFileSync, writeFileSync } from 'node:fs'; import { Worker } from 'node:worker_threads';
      const { fonts, document } = JSON.parse(readFileSync(${JSON.stringify(input)}, 'utf8'));
      const workerData = { templates: ${JSON.stringify(templates)}, main: ${JSON.stringify(path.join(templates, 'document.typ'))},
        fonts: fonts.map((font) => Buffer.from(font, 'base64')) };
      const worker = new Worker(${JSON.stringify(worker)}, { workerData });
      worker.on('message', ({ bytes, failed }) => { if (failed) throw new Error(failed);
        writeFileSync(${JSON.stringify(output)}, bytes); process.exit(0); });
      worker.postMessage({ id: 1, document: JSON.stringify(document), at: ${Date.UTC(2026, 10, 25, 7) / 1000} });`,
    );
    await promisify(execFile)(process.execPath, [program!], { env: { ...process.env, TZ, LANG: 'ar_SA.UTF-8' } });
    return readFile(output!);
  }

  it('has the same bytes twice, in another process and another time zone too', async () => {
    const document = documentOf(everyBlock);
    const bytes = Buffer.from(await typesetter.pdf(document));
    expect(Buffer.from(await typesetter.pdf(document)).equals(bytes)).toBe(true);
    for (const zone of ['Asia/Jayapura', 'America/Los_Angeles'])
      expect((await elsewhere(document, zone)).equals(bytes)).toBe(true);
    const later = await typesetter.pdf({ ...document, at: [2026, 11, 25, 7, 0, 1] });
    expect(Buffer.from(later).equals(bytes)).toBe(false);
    const text = bytes.toString('latin1');
    expect(text).toContain('/CreationDate (D:20261125070000');
    expect(text).toMatch(/<pdfuaid:part>1<\/pdfuaid:part>/);
    expect(text).toMatch(/\/Lang \(id\)/);
    expect(text).toMatch(/\/S \/TH\b/);
  });

  it('leaves the text of people text, whatever it says, and writes out what does not show', async () => {
    const bytes = await typesetter.pdf(documentOf(everyBlock, { subject: WORST[0]! }));
    for (const text of WORST) expect([text, says(bytes, printable(text, has))]).toEqual([text, true]);
    expect(says(bytes, 'emoji [U+1F600], Arabic [U+0645]')).toBe(true);
    expect(says(bytes, 'hidden [U+202E][U+200B][U+0000][U+00AD] end')).toBe(true);
    expect(says(bytes, 'root:')).toBe(false);
    expect(WORST[4]).toBe(printable(WORST[4]!, has));
  });

  it('keeps everything between its margins, on as many pages as it needs', async () => {
    const many = Array.from({ length: 400 }, (_, i) => [strong(`${WORST[2]} ${i}`), 'Rp 1.000', mono(HASH)]);
    for (const document of [
      documentOf(everyBlock, { subject: WORST[2]!, running: WORST[2]! }),
      documentOf([table(many)]),
    ]) {
      const runs = pdfRuns(await typesetter.pdf(document));
      expect(runs.filter(({ rightPt }) => rightPt > 534)).toEqual([]);
      const pages = new Set(runs.map(({ page }) => page)).size;
      expect(runs.map(({ text }) => text).join('')).toContain(`hal. ${pages} dari ${pages}`);
    }
    expect(
      pdfRuns(await typesetter.pdf(documentOf([table(many)]))).filter(({ text }) => text === 'Penyedia').length,
    ).toBeGreaterThan(10);
  });

  it('is refused by PDF/UA when its picture has no words, and the next one is set all the same', async () => {
    await expect(typesetter.pdf(documentOf([check(null as never)]))).rejects.toThrow(
      'PDF/UA-1 error: missing alt text',
    );
    await expect(typesetter.pdf(documentOf([], { title: '' }))).rejects.toThrow(/title/);
    expect((await typesetter.pdf(documentOf([check('Kode QR')]))).length).toBeGreaterThan(1000);
  });

  it('says that there is no typesetter where it has no binary, and nothing else breaks', async () => {
    const worker = await readFile(path.join(import.meta.dirname, 'typesetter.worker.mjs'), 'utf8');
    const bare = path.join(folder, 'typesetter.worker.mjs');
    await writeFile(bare, worker);
    const thread = new Worker(bare, { workerData: { templates: folder, main: folder, fonts: [] } });
    const reply = await new Promise<unknown>((resolve) => {
      thread.once('message', resolve).postMessage({ id: 1, document: '{}', at: 0 });
    });
    await thread.terminate();
    expect(reply).toMatchObject({ id: 1, missing: true, failed: expect.stringContaining('typst-ts-node-compiler') });
  });

  it('has a name that every device takes', () => {
    expect(slug('Pembangunan Gedung “Ñ” / Tahap 2 ../../etc')).toBe('pembangunan-gedung-n-tahap-2-etc');
    expect([slug('مرحبا'), slug('a'.repeat(90)).length]).toEqual(['', 50]);
  });
});

describe('a QR code', () => {
  it('is one path whose modules are those of its address', async () => {
    const { default: decode } = await import('qr/decode.js');
    const address = `https://segel.example/en/r/123456#${HASH}`;
    const svg = qrSvg(address);
    const size = Number(/viewBox="0 0 (\d+)/.exec(svg)![1]);
    const scale = 4;
    const data = new Uint8Array(4 * (size * scale) ** 2).fill(255);
    const pixel = (n: number): [number, number] => [4 * n, 4 * n + 3];
    for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g))
      for (let dx = 0; dx < Number(length) * scale; dx++)
        for (let dy = 0; dy < scale; dy++)
          data.fill(0, ...pixel((Number(y) * scale + dy) * size * scale + Number(x) * scale + dx));
    expect(decode({ width: size * scale, height: size * scale, data })).toBe(address);
  });
});
