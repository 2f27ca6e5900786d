import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenderTerms } from '@segel/procurement';
import { startHarness, type Harness } from '../../../../test/support/harness.js';
import { draftTender, publishTender } from '../../../../test/support/published-tender.js';

type Found = {
  readonly items: readonly { readonly id: string; readonly title: string }[];
  readonly next?: string;
  readonly total: number;
  readonly approximate: boolean;
  readonly without?: readonly { readonly filter: string; readonly total: number }[];
};

type Place = Pick<Partial<TenderTerms>, 'region' | 'estimate'>;

const rupiah = (amount: string): Place => ({ estimate: { amount, currency: 'IDR' } });

describe('the search', () => {
  let harness: Harness;
  const find = async (query: Record<string, string>): Promise<Found> =>
    (await harness.get<Found>(`/api/tenders?${new URLSearchParams(query).toString()}`)).body;
  const titles = async (query: Record<string, string>): Promise<readonly string[]> =>
    (await find(query)).items.map(({ title }) => title);

  beforeAll(async () => {
    harness = await startHarness();
    const publish = async (title: string, description: string, minutes: number, place: Place): Promise<void> => {
      const terms = { title, description, ...place };
      await publishTender(harness, { deadlineInMs: minutes * 60_000, terms });
      harness.clock.advance(1000);
    };
    await publish('Pembangunan Jembatan Gantung', 'Jembatan untuk pejalan kaki di Sungai Citarum', 30, {
      region: 'ID-JB',
      ...rupiah('2500000000'),
    });
    await publish('Pengadaan Komputer Sekolah', 'Laptops and printers for schools', 10, {
      region: 'ID-PA',
      ...rupiah('750000000.50'),
    });
    await publish('Rehabilitasi Gedung Sekolah Dasar', 'Atap dan lantai', 20, {});
    await draftTender(harness, { terms: { title: 'Jembatan Rahasia', region: 'ID-BA', ...rupiah('5') } });
  });
  afterAll(() => harness.stop());

  it('finds words in the forms that people use, in both languages, also in the description', async () => {
    expect(await titles({ q: 'jembatan' })).toEqual(['Pembangunan Jembatan Gantung']);
    expect(await titles({ q: 'membangun' })).toEqual(['Pembangunan Jembatan Gantung']);
    expect(await titles({ q: 'printer' })).toEqual(['Pengadaan Komputer Sekolah']);
    expect(await titles({ q: 'sekolah atap' })).toEqual(['Rehabilitasi Gedung Sekolah Dasar']);
    expect((await titles({ q: 'sekolah' })).toSorted()).toEqual([
      'Pengadaan Komputer Sekolah',
      'Rehabilitasi Gedung Sekolah Dasar',
    ]);
  });

  it('forgives typing errors, and says that it did', async () => {
    const near = await find({ q: 'jembatn gantng' });
    expect(near).toMatchObject({ total: 1, approximate: true, items: [{ title: 'Pembangunan Jembatan Gantung' }] });
    expect(await titles({ q: 'komptuer' })).toEqual(['Pengadaan Komputer Sekolah']);
    expect(await find({ q: 'kapal selam' })).toMatchObject({ total: 0, items: [] });
    expect((await find({ q: 'jembatan' })).approximate).toBe(false);
  });

  it('shows no draft to anybody, whatever is asked', async () => {
    for (const q of ['rahasia', 'rahasi', 'Jembatan Rahasia'])
      expect(await titles({ q })).not.toContain('Jembatan Rahasia');
    expect(await titles({ state: 'draft' })).toEqual([]);
  });

  it('takes what is typed as words, not as a language', async () => {
    for (const q of ["'; DROP TABLE tender; --", '!!! & | <->', '%_\\', '"', '((', 'a:*b'])
      expect(typeof (await find({ q })).total).toBe('number');
  });

  it('orders by deadline and by age, a page at a time without a gap or a repeat', async () => {
    const inOrder = ['Pengadaan Komputer Sekolah', 'Rehabilitasi Gedung Sekolah Dasar', 'Pembangunan Jembatan Gantung'];
    expect(await titles({ sort: 'deadline' })).toEqual(inOrder);
    expect((await titles({}))[0]).toBe('Rehabilitasi Gedung Sekolah Dasar');
    for (const sort of ['deadline', 'newest']) {
      const walked: string[] = [];
      let page = await find({ sort, limit: '1' });
      for (; page.next !== undefined; page = await find({ sort, limit: '1', after: page.next }))
        walked.push(...page.items.map(({ title }) => title));
      walked.push(...page.items.map(({ title }) => title));
      expect(walked).toEqual(await titles({ sort }));
      expect(page.total).toBe(3);
    }
    harness.clock.advance(15 * 60_000);
    expect((await titles({ sort: 'deadline' })).at(-1)).toBe('Pengadaan Komputer Sekolah');
  });

  it.each(['newest', 'deadline', 'relevance'])(
    'goes on by %s where a page ended, though its last tender left the filter',
    async (sort) => {
      const asked = { sort, state: 'tendering', ...(sort === 'relevance' ? { q: 'sekolah' } : {}) };
      const all = (await find(asked)).items.map(({ id }) => id);
      const first = await find({ ...asked, limit: '1' });
      await harness.owner.query("UPDATE tender SET state = 'suspended' WHERE id = $1", [all[0]]);
      const rest = await find({ ...asked, after: first.next! });
      await harness.owner.query("UPDATE tender SET state = 'tendering' WHERE id = $1", [all[0]]);
      expect(all.length).toBeGreaterThan(1);
      expect(rest.items.map(({ id }) => id)).toEqual(all.slice(1));
    },
  );

  it('goes on where a page ended, though the deadline of its last tender passed meanwhile', async () => {
    const open = await titles({ sort: 'deadline' });
    const first = await find({ sort: 'deadline', limit: '1' });
    harness.clock.advance(6 * 60_000);
    expect(await titles({ sort: 'deadline' })).not.toEqual(open);
    expect(await titles({ sort: 'deadline', after: first.next! })).toEqual(open.slice(1));
  });

  it('refuses what is not the end of one of its pages', async () => {
    const [one] = (await find({})).items;
    for (const after of [one!.id, `1~2~${one!.id}x`, `1~2e9~${one!.id}`, `1~NaN~${one!.id}`])
      expect((await harness.get(`/api/tenders?${new URLSearchParams({ after }).toString()}`)).status).toBe(400);
  });

  it('filters by state and kind, and refuses kinds there are not', async () => {
    expect((await find({ state: 'tendering,closing' })).total).toBe(3);
    expect((await find({ state: 'awarded' })).total).toBe(0);
    expect((await find({ category: 'services' })).total).toBe(0);
    expect((await harness.get('/api/tenders?category=weapons')).status).toBe(400);
    expect((await harness.get('/api/tenders?sort=price')).status).toBe(400);
  });

  it('filters by where, by method and by value, and compares amounts of one currency only', async () => {
    const [bridge, computers, school] = [
      'Pembangunan Jembatan Gantung',
      'Pengadaan Komputer Sekolah',
      'Rehabilitasi Gedung Sekolah Dasar',
    ];
    expect(await titles({ region: 'ID-JB' })).toEqual([bridge]);
    expect((await find({ rulePackId: 'demo/fast' })).total).toBe(3);
    expect((await find({ rulePackId: 'id/tender-works' })).total).toBe(0);
    expect(await titles({ amountFrom: '750000000.5' })).toEqual(expect.arrayContaining([bridge, computers]));
    expect(await titles({ amountFrom: '750000000.51' })).toEqual([bridge]);
    expect(await titles({ amountFrom: '1', amountTo: '750000000.50', category: 'goods' })).toEqual([computers]);
    expect(await titles({ amountFrom: '1000', amountTo: '1000', currency: 'EUR' })).toEqual([school]);
    const [one] = (await find({ region: 'ID-PA' })).items;
    expect(one).toMatchObject({ region: 'ID-PA', rulePackId: 'demo/fast', category: 'goods' });
    // A draft has a region and an amount too.
    expect((await find({ region: 'ID-BA' })).total + (await find({ amountTo: '5' })).total).toBe(0);
  });

  it('says which filter leaves nothing, and what there would be without it', async () => {
    const hidden = async (query: Record<string, string>): Promise<unknown> => (await find(query)).without;
    expect(await hidden({ region: 'ID-JB' })).toBeUndefined();
    expect(await hidden({ region: 'ID-AC' })).toEqual([{ filter: 'region', total: 3 }]);
    expect(await hidden({ q: 'jembatn', region: 'ID-PA', amountFrom: '1', amountTo: '10' })).toEqual([]);
    expect(await hidden({ q: 'jembatn', region: 'ID-PA' })).toEqual([
      { filter: 'q', total: 1 },
      { filter: 'region', total: 1 },
    ]);
    expect(await hidden({ region: 'ID-PA', amountFrom: '1000000000', amountTo: '2000000000' })).toEqual([
      { filter: 'amount', total: 1 },
    ]);
    // What a draft would add is not counted.
    expect(await hidden({ q: 'rahasia', region: 'ID-BA' })).toEqual([]);
  });

  it('refuses what is no filter with a problem document', async () => {
    for (const query of [
      'amountFrom=2&amountTo=1',
      'amountFrom=murah',
      'amountFrom=-1',
      'amountTo=1e9',
      `amountTo=${'9'.repeat(400)}`,
      'amountTo=NaN',
      'currency=rupiah',
      'region=ID-XX',
      "region=ID-JB'--",
      'region=ID-JB&region=ID-JT',
      'rulePackId=../..',
      'amountFrom[gt]=1',
    ]) {
      const { status, body } = await harness.get<{ code: string; detail: string }>(`/api/tenders?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, 'request_malformed']);
    }
    expect((await harness.get<{ detail: string }>('/api/tenders?amountFrom=2&amountTo=1')).body.detail).toContain(
      'above the highest',
    );
  });
});
