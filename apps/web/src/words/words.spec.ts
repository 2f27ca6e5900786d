import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { en } from './en.js';
import { formats } from './formats.js';
import { id } from './id.js';
import { refusalWords } from './refusals.js';
import { translator, type Catalogue } from './words.js';

const variants = (words: Catalogue[keyof Catalogue]): readonly string[] =>
  typeof words === 'string' ? [words] : [words.other, ...(words.one === undefined ? [] : [words.one])];
const placesOf = (text: string): string =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name ?? '')
    .sort()
    .join();

describe('the words', () => {
  it('have the same places in both languages, and none is left empty or untranslated', () => {
    const catalogue: Catalogue = id;
    for (const key of Object.keys(id) as (keyof Catalogue)[]) {
      const places = variants(catalogue[key]).map(placesOf);
      for (const words of variants(en[key])) {
        expect([key, placesOf(words)]).toEqual([key, places[0]]);
        expect(words.trim()).not.toBe('');
      }
    }
  });

  it('have no key in two areas: the later one would silently win', async () => {
    const folder = path.join(import.meta.dirname, 'id');
    const files = (await readdir(folder)).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    const keys = files.flatMap((text) => [...text.matchAll(/^  '([^']+)':/gm)].map(([, key]) => key));
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(new Set(keys)).toEqual(new Set(Object.keys(id)));
  });

  it('count as each language counts, and never fill a place twice', () => {
    expect(translator('en')('search.count', { n: 1 })).toBe('1 tender found');
    expect(translator('en')('search.count', { n: 1234 })).toBe('1,234 tenders found');
    expect(translator('id')('search.count', { n: 1234 })).toBe('1.234 tender ditemukan');
    expect(translator('en')('search.near', { q: '{q} $& {n}' })).toContain('“{q} $& {n}”');
  });

  it('know what to do after every refusal, and nothing of codes that are none', () => {
    expect(refusalWords('en', 'bid_late')).toContain('keep it as evidence');
    expect(refusalWords('id', 'bid_late')).not.toBe(refusalWords('en', 'bid_late'));
    for (const code of [undefined, 'constructor', '__proto__', 'unknown'])
      expect(refusalWords('id', code)).toBeUndefined();
  });
});

describe('dates, money and sizes', () => {
  const { moment, short, money, bytes, number } = formats('id');

  it('say the zone, as Indonesians call it, and the day that it is there', () => {
    const at = '2026-11-25T17:30:00.000Z';
    expect(moment(at, 'Asia/Jakarta')).toMatch(/^Kamis, 26 November 2026 .*00.30 WIB$/);
    expect(short(at, 'Asia/Makassar')).toBe('26 Nov 2026, 01.30 WITA');
    expect(short(at, 'Asia/Jayapura')).toMatch(/02.30 WIT$/);
    expect(formats('en').short(at, 'UTC')).toBe('25 Nov 2026, 17:30 UTC');
    expect(formats('en').short(at, 'Europe/Berlin')).toMatch(/18:30 (CET|GMT\+1)$/);
  });

  it('round no amount: decimal text stays decimal', () => {
    expect(money({ amount: '480000000', currency: 'IDR' }).replace(/\s/g, ' ')).toBe('Rp 480.000.000');
    expect(money({ amount: '123456789012345678.91', currency: 'IDR' })).toContain('123.456.789.012.345.678,91');
    expect(formats('en').money({ amount: '350.50', currency: 'EUR' })).toBe('€350.50');
    expect(number('0.000001')).toBe('0,000001');
  });

  it('are short where people only need the order', () => {
    expect([1, 999_999, 8 * 2 ** 20, 2 ** 30].map(bytes)).toEqual(['1 kB', '1.000 kB', '8,4 MB', '1,1 GB']);
  });
});
