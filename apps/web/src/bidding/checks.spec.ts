import { describe, expect, it } from '@jest/globals';
import { checkOffer, correctOffer, decimal, type Item, type Offer, type TenderTerms } from '@segel/procurement';
import { assertPaths } from '@segel/sealing';
import fc from 'fast-check';
import { isMore, lineTotal, readAmount, sumOf } from './amount.js';
import { checkBid, type Filled } from './checks.js';
import type { BidForm } from './bid-form.js';
import { pathsOf } from './file-names.js';

const RULES = { scale: 2, rounding: 'half_up' } as const;

describe('amounts as people type them', () => {
  it('are read as the language of the page writes them', () => {
    const read = [
      ['id', '1500000', '1500000'],
      ['id', '1.500.000', '1500000'],
      ['id', 'Rp 1.500.000,50', '1500000.50'],
      ['id', '0,001', '0.001'],
      ['id', '007', '7'],
      ['en', '1,500,000.50', '1500000.50'],
      ['en', ' 12 500.5', '12500.5'],
      ['id', '1.500', '1500'],
      ['en', '1,500', '1500'],
      ['id', '123456789012345678,123456', '123456789012345678.123456'],
    ] as const;
    for (const [locale, typed, amount] of read) expect([typed, readAmount(typed, locale)]).toEqual([typed, { amount }]);
  });

  it('are not guessed: what another language reads as a thousandfold is refused', () => {
    const refused = [
      ['id', '1,500', 'ambiguous'],
      ['en', '1.500', 'ambiguous'],
      ['id', '1.5', 'malformed'],
      ['id', '1.500.00', 'malformed'],
      ['id', '1,5,0', 'malformed'],
      ['en', '-5', 'malformed'],
      ['en', '1e9', 'malformed'],
      ['en', '5.', 'malformed'],
      ['id', '٣', 'malformed'],
      ['id', '1234567890123456789', 'malformed'],
      ['id', '', 'empty'],
      ['id', ' Rp ', 'empty'],
    ] as const;
    for (const [locale, typed, wrong] of refused)
      expect([typed, readAmount(typed, locale)]).toEqual([typed, { wrong }]);
  });

  it('are multiplied and added as the evaluation does it, whatever they are', () => {
    expect(lineTotal('0.1', '3', RULES)).toBe('0.30');
    expect(lineTotal('1.005', '1', RULES)).toBe('1.01');
    const amount = fc
      .tuple(
        fc.bigInt({ min: 0n, max: 10n ** 11n }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 0, max: 6 }),
      )
      .map(([whole, fraction, digits]) =>
        digits === 0 ? `${whole}` : `${whole}.${String(fraction).padStart(6, '0').slice(0, digits)}`,
      );
    const rounding = fc.constantFrom('half_up', 'half_even', 'down');
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 5 }), rounding, (lines, how) => {
        const rules = { scale: 2, rounding: how } as const;
        const totals = lines.map(([price, quantity]) => lineTotal(price, quantity, rules));
        const prices = lines.map(([unitPrice], i) => ({
          slotId: `s${i}`,
          itemId: `i${i}`,
          unitPrice,
          lineTotal: totals[i]!,
        }));
        const items = lines.map(([, quantity], i) => ({ id: `i${i}`, quantity }) as Item);
        const total = sumOf(totals, rules);
        fc.pre(totals.every((one) => one.length <= 18) && total.length <= 18);
        const corrected = correctOffer({ prices, total } as unknown as Offer, items, rules);
        expect(corrected.corrections).toEqual([]);
        expect(isMore(total, totals[0]!)).toBe(decimal(total).gt(decimal(totals[0]!)));
      }),
    );
  });
});

const FORM: BidForm = {
  tenderId: 'tender',
  lotId: 'lot',
  currency: 'EUR',
  rules: RULES,
  maxBidBytes: 5_000_000,
  ceiling: '1000.00',
  documents: [
    { slotId: 'doc', label: 'Proposal', required: true, mediaTypes: ['application/pdf'], maxBytes: 1_000_000 },
    { slotId: 'more', label: 'Brochure', required: false, mediaTypes: ['image/png', 'x/y'], maxBytes: 9_000_000 },
  ],
  answers: [
    { slotId: 'yes', label: 'We accept', required: true, answer: 'yes_no' },
    { slotId: 'days', label: 'Days', required: false, answer: 'number' },
  ],
  prices: [
    { slotId: 'p1', itemId: 'desk', label: 'Desk', quantity: '3', unit: 'piece', lumpSum: false },
    { slotId: 'p2', itemId: 'work', label: 'Assembly', quantity: '1', unit: 'lump', lumpSum: true },
  ],
};
const GOOD: Filled = {
  prices: { p1: '100,5', p2: '50' },
  answers: { yes: 'yes', days: '' },
  files: { doc: { name: 'proposal.pdf', size: 1000 } },
  hasKey: true,
  hasPassphrase: true,
};

describe('the check before sealing', () => {
  const codes = (change: Partial<Filled>): readonly string[] =>
    checkBid(FORM, { ...GOOD, ...change }, 'id').faults.map(
      ({ code, field, warning }) => `${code} ${field}${warning ? ' (warning)' : ''}`,
    );

  it('lets a whole bid pass, and makes the offer that the evaluation reads without a correction', () => {
    const { faults, offer } = checkBid(FORM, GOOD, 'id');
    expect(faults).toEqual([]);
    expect(offer).toEqual({
      currency: 'EUR',
      answers: [{ slotId: 'yes', value: 'yes' }],
      documents: [{ slotId: 'doc', path: '1-proposal.pdf' }],
      prices: [
        { slotId: 'p1', itemId: 'desk', unitPrice: '100.5', lineTotal: '301.50' },
        { slotId: 'p2', itemId: 'work', unitPrice: '0', lineTotal: '50.00', lumpSum: true },
      ],
      total: '351.50',
    });
    const slots = [
      ...FORM.documents.map(({ slotId: id, ...slot }) => ({ ...slot, id, kind: 'document' })),
      ...FORM.answers.map(({ slotId: id, ...slot }) => ({ ...slot, id, kind: 'answer' })),
      ...FORM.prices.map(({ slotId: id, itemId, label }) => ({ id, itemId, label, kind: 'price', required: true })),
    ];
    const items = FORM.prices.map(({ itemId: id, quantity }) => ({ id, lotId: 'lot', quantity }));
    const whole = { v: 1, tenderId: 'tender', lotId: 'lot', bidId: 'bid', ...offer! } as const;
    const files = [{ path: '1-proposal.pdf', sizeBytes: 1000 }];
    expect(checkOffer(whole, { currency: 'EUR', items, slots } as unknown as TenderTerms, 'lot', files)).toEqual([]);
  });

  it('names every field that must be mended', () => {
    expect(codes({ prices: { p1: '', p2: 'abc' } })).toEqual(['price_empty price-p1', 'price_malformed price-p2']);
    expect(codes({ prices: { p1: '1,500', p2: '1' } })).toEqual(['price_ambiguous price-p1']);
    expect(codes({ prices: { p1: '0', p2: '0' } })).toEqual(['total_zero price-p1']);
    expect(codes({ prices: { p1: '999999999999999999', p2: '1' } })).toContain('total_too_large price-p1');
    expect(codes({ answers: { yes: ' ', days: 'ten' } })).toEqual([
      'answer_empty answer-yes',
      'answer_malformed answer-days',
    ]);
    expect(codes({ files: {} })).toEqual(['file_missing file-doc']);
    expect(codes({ files: { doc: { name: 'a.pdf', size: 0 } } })).toEqual(['file_empty file-doc']);
    expect(codes({ files: { doc: { name: 'a.pdf', size: 1_000_001 } } })).toEqual(['file_large file-doc']);
    expect(codes({ files: { ...GOOD.files, more: { name: 'b', size: 5_000_000 } } })).toEqual(['bid_large file-doc']);
    expect(codes({ hasKey: false, hasPassphrase: false })).toEqual([
      'key_missing key-file',
      'passphrase_missing passphrase',
    ]);
  });

  it('only warns where a bid may be right all the same', () => {
    expect(codes({ prices: { p1: '0', p2: '50' } })).toEqual(['price_zero price-p1 (warning)']);
    expect(codes({ prices: { p1: '316,67', p2: '50' } })).toEqual(['above_ceiling price-p1 (warning)']);
    expect(codes({ prices: { p1: '316,66', p2: '50,02' } })).toEqual([]);
    expect(codes({ files: { doc: { name: 'a.docx', size: 10 } } })).toEqual(['file_type file-doc (warning)']);
  });
});

describe('names of files', () => {
  it('are what a sealed bid takes, whatever a file is called', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      fc.constantFrom('..', 'offer.json'),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const paths = pathsOf(names.map((one) => ({ name: one, size: 1 })));
        assertPaths(paths.map((path) => path!));
      }),
    );
    expect(pathsOf([undefined, { name: 'Surat/Penawaran (1).PDF', size: 1 }])).toEqual([
      undefined,
      '2-Surat-Penawaran (1).PDF',
    ]);
  });
});
