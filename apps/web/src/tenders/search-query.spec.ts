import { describe, expect, it } from '@jest/globals';
import { addressOf, askedOf, readQuery, withoutFilter } from './search-query.js';

describe('the address of a search', () => {
  it('says the same as it did when it was made', () => {
    const address =
      '/tender?q=atap&status=open&jenis=works&wilayah=ID-JB&metode=id%2Ftender-works&min=1000&max=2000&urut=deadline';
    const { query, wrong } = readQuery(Object.fromEntries(new URL(address, 'https://x').searchParams));
    expect(wrong).toEqual([]);
    expect(addressOf('/tender', query)).toBe(address);
    expect(askedOf(query)).toEqual({
      q: 'atap',
      state: 'tendering',
      category: 'works',
      region: 'ID-JB',
      rulePackId: 'id/tender-works',
      amountFrom: '1000',
      amountTo: '2000',
      sort: 'deadline',
    });
    expect(withoutFilter(query, 'amount')).toMatchObject({ min: undefined, max: undefined, region: 'ID-JB' });
  });

  it.each([
    ['1250000', '1250000'],
    ['1.250.000', '1250000'],
    ['1,250,000', '1250000'],
    ['Rp 1.250.000', '1250000'],
    ['007', '7'],
    ['0', '0'],
  ])('takes %s for an amount', (typed, min) => {
    expect(readQuery({ min: typed })).toMatchObject({ query: { min }, wrong: [] });
  });

  it.each(['1.25', '1.250,50', '1e9', '-1', 'murah', '9'.repeat(30), '１２', 'Rp', '1.2.3', ' - '])(
    'says that %s is none',
    (typed) => {
      const { query, wrong } = readQuery({ max: typed });
      expect([query.max, wrong.map(({ name, why }) => [name, why])]).toEqual([undefined, [['max', 'amount']]]);
    },
  );

  it('names every filter that it cannot read, and leaves out words that were never there', () => {
    const given = {
      min: '2',
      max: '1',
      wilayah: 'ID-XX',
      metode: "x' OR 1=1",
      status: 'bogus',
      hal: '1',
      q: ['a', 'b'],
    };
    const { query, wrong } = readQuery(given);
    expect(wrong.map(({ name, why }) => `${name} ${why}`)).toEqual(['wilayah region', 'metode method', 'min range']);
    expect(query).toMatchObject({ q: '', status: undefined, after: undefined, region: undefined });
    expect(readQuery({ min: ['1', '2'] }).wrong).toHaveLength(1);
    expect(readQuery({ wilayah: '__proto__' }).wrong).toHaveLength(1);
  });
});
