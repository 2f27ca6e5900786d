import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { uuidV7, isUuidV7 } from '@segel/encoding';
import type { OpenerGroup } from '@segel/procurement';
import { checkTerms, Refusal, rulePack } from '@segel/procurement';
import type { ImportedTender, ImportOptions } from './index.js';
import { importRelease } from './index.js';

const now = new Date('2026-06-01T12:00:00.000Z');
const deadlineAt = new Date('2026-06-01T12:00:40.000Z');
const groups: OpenerGroup[] = [
  { name: 'Audit', institution: 'Audit office', external: true, k: 2, openerIds: ['o1', 'o2', 'o3'] },
];

function options(): ImportOptions {
  let made = 0;
  const newId = (): string => uuidV7(now.getTime(), new Uint8Array(10).fill(++made));
  return { shift: { now, deadlineAt }, rulePackId: 'demo/fast', groups, suite: 'pq1', newId };
}

const file = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/data/ocds/${name}`, import.meta.url), 'utf8'));
const imported = (name: string): ImportedTender => importRelease(file(name), options());

describe('the import of OCDS release packages', () => {
  it.each(['cycle-lanes.json', 'microscopes.json', 'two-lots-school-meals.json'])(
    '%s becomes complete terms',
    (name) => {
      const { terms, notes } = imported(name);
      expect(checkTerms(terms, rulePack('demo/fast'), now).filter(({ severity }) => severity === 'error')).toEqual([]);
      const ids = [...terms.lots, ...terms.items, ...terms.slots, ...terms.criteria].map(({ id }) => id);
      expect(ids.every(isUuidV7)).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
      expect(terms.deadlineAt).toBe('2026-06-01T12:00:40.000Z');
      expect(notes.some((note) => note.includes('run by the lowest price'))).toBe(true);
    },
  );

  it('a tender without lots is one lot, its figures exact', () => {
    const { terms, bids, notes } = imported('cycle-lanes.json');
    expect(terms).toMatchObject({
      title: 'Planned cycle lane improvements',
      category: 'works',
      language: 'en',
      currency: 'GBP',
      buyer: { id: 'GB-LAC-E09000003', name: 'London Borough of Barnet' },
      estimate: { amount: '1100000', currency: 'GBP' },
      items: [{ quantity: '8', unit: 'Miles', lotId: terms.lots[0]!.id }],
      source: { ocid: 'ocds-213czf-000-00001' },
    });
    expect(bids).toEqual([]);
    expect(notes).toContain('The award criterion of the file (bestProposal) is run by the lowest price.');
    expect(notes.some((note) => note.includes('"Tender Notice"'))).toBe(true);
    // 13 of 31 days, as in the file
    expect(terms.enquiryEndAt > now.toISOString() && terms.enquiryEndAt < '2026-06-01T12:00:18.000Z').toBe(true);
  });

  it('two lots of one title are numbered, and the bids of the file follow their lots', () => {
    const { terms, bids, mapping } = imported('two-lots-school-meals.json');
    expect(terms.lots.map(({ title, estimate }) => [title, estimate?.amount])).toEqual([
      ['Лот №1 (1)', '500'],
      ['Лот №1 (2)', '500'],
    ]);
    expect(terms.items.map(({ lotId }) => lotId)).toEqual(terms.lots.map(({ id }) => id));
    expect(terms.slots.map(({ kind }) => kind)).toEqual(['document', 'answer', 'price', 'price']);
    expect(bids).toHaveLength(4);
    expect(bids[0]).toEqual({
      tenderers: [{ id: 'UA-EDR-b4c0612c', name: 'ДКП «Школяр»' }],
      lotId: terms.lots[0]!.id,
      amount: '500',
      currency: 'UAH',
    });
    expect(mapping.lots[1]).toEqual({ originalId: 'ffb255f57e054aaa9f45701dbce47420', id: terms.lots[1]!.id });
  });

  it('the only lot is worth what the tender is worth', () => {
    const { terms, notes } = imported('microscopes.json');
    expect(terms.lots[0]!.estimate).toEqual({ amount: '7225305', currency: 'UAH' });
    expect(notes.some((note) => note.includes('201'))).toBe(true);
  });

  it('the same file and ids give the same terms', () => {
    expect(imported('microscopes.json')).toEqual(imported('microscopes.json'));
  });
});

type Json = Record<string, unknown>;
const minimal = (tender: Json = {}, release: Json = {}): Json => ({
  version: '1.1',
  releases: [
    {
      ocid: 'ocds-1',
      buyer: { name: 'City' },
      tender: {
        title: 'Chairs',
        value: { amount: 0.1 + 0.2, currency: 'EUR' },
        items: [{ id: 1, description: 'Chair', quantity: 2.5 }],
        ...tender,
      },
      ...release,
    },
  ],
});
const T = 'releases[0].tender';

describe('what a file lacks or distorts', () => {
  it('no float reaches the terms', () => {
    const { terms } = importRelease(minimal(), options());
    expect(terms.estimate?.amount).toBe('0.3');
    expect(terms.items[0]).toMatchObject({ quantity: '2.5', unit: 'unit' });
  });

  it('long titles are cut between characters, and a lot without items is priced as a whole', () => {
    const lots = [{ id: 'a', title: '𝒳'.repeat(300) }];
    const { terms, notes } = importRelease(minimal({ title: `${'a'.repeat(248)}𝒳𝒳`, items: [], lots }), options());
    expect(terms.title).toBe(`${'a'.repeat(248)}…`);
    expect(terms.lots[0]!.title.isWellFormed()).toBe(true);
    expect(terms.items[0]).toMatchObject({ quantity: '1', unit: 'lot' });
    expect(notes.some((note) => note.includes('shortened'))).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['null', null, ''],
    ['a record package', { records: [] }, 'releases'],
    ['another version', { ...minimal(), version: '2.0' }, 'version'],
    ['releases that are no list', { releases: {} }, 'releases'],
    ['a release without a tender', { releases: [{ ocid: 'x' }] }, 'releases'],
    ['no ocid', minimal({}, { ocid: undefined }), 'releases[0].ocid'],
    ['no buyer', minimal({}, { buyer: null }), 'releases[0].buyer'],
    ['an empty title', minimal({ title: ' ' }), `${T}.title`],
    ['a title that is a number', minimal({ title: 7 }), `${T}.title`],
    ['a lone surrogate', minimal({ title: 'a\ud800' }), `${T}.title`],
    ['a negative value', minimal({ value: { amount: -1, currency: 'EUR' } }), `${T}.value.amount`],
    ['an amount in text', minimal({ value: { amount: '1', currency: 'EUR' } }), `${T}.value.amount`],
    ['no currency', minimal({ value: { amount: 1 } }), `${T}.value.currency`],
    ['no value at all', minimal({ value: undefined }), `${T}.value`],
    ['items that are no list', minimal({ items: {} }), `${T}.items`],
    ['an item without an id', minimal({ items: [{ description: 'x' }] }), `${T}.items[0].id`],
    [
      'an item of an unknown lot',
      minimal({ items: [{ id: '1', relatedLot: 'z' }], lots: [{ id: 'a' }] }),
      `${T}.items[0].relatedLot`,
    ],
    [
      'an item of no lot among several',
      minimal({ items: [{ id: '1' }], lots: [{ id: 'a' }, { id: 'b' }] }),
      `${T}.items[0].relatedLot`,
    ],
    ['a lot twice', minimal({ lots: [{ id: 'a' }, { id: 'a' }] }), `${T}.lots[1].id`],
    [
      'two currencies',
      minimal({ lots: [{ id: 'a', value: { amount: 1, currency: 'USD' } }, { id: 'b' }], items: [] }),
      T,
    ],
    ['a date that is none', minimal({ tenderPeriod: { startDate: 'soon' } }), `${T}.tenderPeriod.startDate`],
    ['a quantity in text', minimal({ items: [{ id: '1', quantity: '2' }] }), `${T}.items[0].quantity`],
  ])('%s is refused by its path', (_, json, path) => {
    try {
      importRelease(json, options());
      throw new Error('was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect(error).toMatchObject({ code: 'request_malformed', params: { path } });
    }
  });
});
