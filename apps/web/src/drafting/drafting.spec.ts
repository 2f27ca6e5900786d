import { describe, expect, it } from '@jest/globals';
import { rulePack, type TenderTerms } from '@segel/procurement';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { formats } from '../words/formats.js';
import { translator } from '../words/words.js';
import { FINDINGS } from './checks.js';
import { differences } from './difference.js';
import { decimalOf, shownDecimal } from './numbers.js';
import { firstTerms, withItem, withLot, withoutItem, withoutLot, withPack } from './terms-changes.js';

const NOW = new Date('2026-06-01T03:00:00.000Z');
const buyer = { id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'Kota Merapi' };
const pack = rulePack('id/tender-goods');
const begun = firstTerms(
  { title: 'Meja belajar', description: 'Meja.', category: 'goods', language: 'id', buyer, currency: 'IDR' },
  pack,
  NOW,
);
const lotId = begun.lots[0]!.id;
const item = { id: 'a', lotId, description: 'Meja', quantity: '30', unit: 'buah' };

describe('numbers as people type them', () => {
  it.each([
    ['480.000.000', 'id', '480000000'],
    ['Rp 1.250,50', 'id', '1250.50'],
    ['480000000', 'id', '480000000'],
    ['1,250.50', 'en', '1250.50'],
    ['2,5', 'id', '2.5'],
    ['1.5', 'id', undefined],
    ['12.00', 'id', undefined],
    ['tiga', 'id', undefined],
    ['1,2,3', 'id', undefined],
    ['-4', 'en', undefined],
    ['', 'en', undefined],
  ] as const)('%s in %s is %s', (typed, locale, decimal) => expect(decimalOf(typed, locale)).toBe(decimal));

  it('are shown so that they are read back as they were', () => {
    for (const decimal of ['0.000001', '1234567.50', '12', '100', '999999999999999999'])
      for (const locale of ['id', 'en'] as const)
        expect(decimalOf(shownDecimal(decimal, locale), locale)).toBe(decimal);
  });
});

describe('a change of the terms', () => {
  const withOne = withItem(begun, item, pack, NOW);

  it('keeps an item and the place of its price together', () => {
    expect(withOne.slots).toMatchObject([{ kind: 'price', itemId: 'a', lotId, label: 'Meja', required: true }]);
    const changed = withItem(withOne, { ...item, description: 'Meja kayu' }, pack, NOW);
    expect(changed.slots).toEqual([{ ...withOne.slots[0], label: 'Meja kayu' }]);
    expect(withoutItem(changed, 'a')).toMatchObject({ items: [], slots: [] });
    expect(withoutLot(withOne, lotId)).toMatchObject({ lots: [], items: [], slots: [] });
  });

  it('adds the estimates of the lots, once each has one, without a binary fraction', () => {
    const one = withLot(begun, { id: lotId, title: 'A', estimate: { amount: '0.10', currency: 'IDR' } });
    expect(one.estimate).toEqual({ amount: '0.10', currency: 'IDR' });
    const two = withLot(one, { id: 'b', title: 'B' });
    expect(two.estimate).toBeUndefined();
    const three = withLot(two, { id: 'b', title: 'B', estimate: { amount: '0.2', currency: 'IDR' } });
    expect(three.estimate?.amount).toBe('0.30');
    expect(withPack(three, rulePack('generic/open'), 'EUR').lots[1]?.estimate?.currency).toBe('EUR');
  });
});

describe('the difference of an addendum', () => {
  const say = (after: TenderTerms) =>
    differences({ t: translator('id'), f: formats('id') }, begun, after, {
      timeZone: 'Asia/Jakarta',
      nameOf: (id) => id,
    });

  it('is nothing for the same terms, in whatever order their members come', () => {
    expect(say({ ...begun })).toEqual([]);
    const turned = Object.fromEntries(Object.entries(begun.lots[0]!).toReversed()) as (typeof begun.lots)[number];
    expect(say({ ...begun, lots: [turned] })).toEqual([]);
  });

  it('names what is new, gone and changed, and who the openers are', () => {
    const group = { name: 'x', institution: 'Kota', external: false, k: 2, openerIds: ['ana', 'budi', 'citra'] };
    expect(say({ ...withItem(begun, item, pack, NOW), title: 'Meja baru', groups: [group] })).toMatchObject([
      { what: 'Nama tender', before: 'Meja belajar', after: 'Meja baru' },
      { what: 'Barang atau jasa', after: 'Meja: 30 buah' },
      { what: 'Yang diminta dari penyedia', after: 'Meja (wajib)' },
      { what: 'Kelompok pembuka', after: 'Kota: 2 dari 3 pembuka (ana, budi, citra)' },
    ]);
  });
});

it('every finding of the rules about terms has words', async () => {
  const folder = path.resolve(import.meta.dirname, '../../../../libs/procurement/src');
  const names = (await readdir(folder)).filter((name) => /^(terms.*|precommit)\.ts$/.test(name));
  const sources = await Promise.all(names.map(async (name) => readFile(path.join(folder, name), 'utf8')));
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/found\.(?:error|warn)\(\s*[^,]+,\s*'(\w+)'/g)].map(([, code]) => code),
  );
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !(FINDINGS as readonly (string | undefined)[]).includes(code))).toEqual([]);
});
