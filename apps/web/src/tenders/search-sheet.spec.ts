import { describe, expect, it } from '@jest/globals';
import { inflateRawSync } from 'node:zlib';
import type { Visitor } from '../http/visitor.js';
import { translator } from '../words/words.js';
import { toSheet } from './search-sheet.js';
import type { FoundTender } from './tender-list.js';

const VISITOR = { href: (to: string) => to, t: translator('id') } as Visitor;
const ROW = {
  id: '1',
  ocid: 'ocds-1',
  title: '=HYPERLINK("https://example.org";"x")',
  buyerName: '@Kota\u0000 <Contoh>',
  category: 'works',
  state: 'tendering',
  region: 'ID-PA',
  rulePackId: 'generic/open',
  rulePackTitle: '-2+3',
  estimate: { amount: '2500000000.50', currency: 'IDR' },
  publishedAt: '2026-11-22T23:30:00.000Z',
  deadlineAt: '2026-12-01T02:00:00.000Z',
  timeZone: 'Asia/Jayapura',
} as FoundTender;

describe('the result of a search as a workbook', () => {
  it('has typed cells, a head that stays, and no formula', async () => {
    const files = unzipped(await toSheet(VISITOR, [ROW], 'https://x'));
    const sheet = files.get('xl/worksheets/sheet1.xml')!;
    const strings = files.get('xl/sharedStrings.xml')!;
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('<v>2500000000.5</v>');
    // 23 Nov 2026, 08:30 in Jayapura, in days since the epoch of spreadsheets.
    const days = (Date.UTC(2026, 10, 23, 8, 30) - Date.UTC(1899, 11, 30)) / 86_400_000;
    const numbers = [...sheet.matchAll(/<c (?![^>]*t="s")[^>]*><v>([^<]+)<\/v>/g)].map(([, value]) => Number(value));
    expect(numbers.some((value) => Math.abs(value - days) < 1e-6)).toBe(true);
    expect(strings).toContain('=HYPERLINK(');
    expect(strings).toContain('@Kota &lt;Contoh>'.replace('>', strings.includes('&gt;') ? '&gt;' : '>'));
    expect(strings).toContain('Papua');
  });

  it('keeps an amount exact that no spreadsheet could hold', async () => {
    const long = { ...ROW, estimate: { amount: '123456789012345678.12', currency: 'IDR' } };
    const files = unzipped(await toSheet(VISITOR, [long], 'https://x'));
    expect(files.get('xl/sharedStrings.xml')).toContain('123456789012345678.12');
  });
});

/** The files of a zip archive, by its central directory. */
function unzipped(zip: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (
    let at = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') + 16);
    zip.readUInt32LE(at) === 0x02014b50;
  ) {
    const [method, size, name, extra, comment] = [10, 20, 28, 30, 32].map((o) =>
      o === 20 ? zip.readUInt32LE(at + o) : zip.readUInt16LE(at + o),
    ) as [number, number, number, number, number];
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + size);
    files.set(zip.toString('utf8', at + 46, at + 46 + name), (method === 0 ? data : inflateRawSync(data)).toString());
    at += 46 + name + extra + comment;
  }
  return files;
}
