import { describe, expect, it } from '@jest/globals';
import type { Canonical } from '@segel/encoding';
import { canonicalBytes, fromBase64, fromDocument, sha256, toBase64 } from '@segel/encoding';
import fc from 'fast-check';
import { bid, hash, offer, refused, TERMS, vectors } from '../vectors/examples.js';
import type { EvaluationInput, OpenedBid, Rejection, RulePack, TenderTerms } from './index.js';
import {
  correctOffer,
  decimalOfNumber,
  evaluate,
  failLot,
  isDecimal,
  resultDocument,
  rulePack,
  tieKey,
} from './index.js';

const generic = rulePack('generic/open');
const input = (bids: readonly OpenedBid[], change: Partial<EvaluationInput> = {}): EvaluationInput => ({
  terms: TERMS,
  pack: generic,
  lotId: 'lot-1',
  setRoot: hash('root'),
  bids,
  rejections: [],
  ...change,
});
const ranking = (given: EvaluationInput): string[] =>
  evaluate(given).bids.map(
    (entry) => `${entry.bidId} ${entry.rank ?? entry.reasons.map(({ code }) => code).join('+')}`,
  );
const because = (bidId: string, change: Partial<Rejection> = {}): Rejection => ({
  bidId,
  criterionId: 'criterion-2',
  evidence: 'proposal.pdf, page 3',
  text: 'The desks are of cardboard.',
  ...change,
});

describe('the evaluation by lowest price', () => {
  it('ranks by the corrected total, and the first wins', () => {
    const result = evaluate(input([bid('a', 1, '110.00'), bid('b', 2, '100.10'), bid('c', 3, '105.00')]));
    expect(result.bids.map(({ bidId, rank, correctedTotal }) => [bidId, rank, correctedTotal])).toEqual([
      ['b', 1, '350.30'],
      ['c', 2, '365.00'],
      ['a', 3, '380.00'],
    ]);
    expect(result.winner).toEqual({ bidId: 'b', commitment: hash('b'), vendorId: 'vendor-b', amount: '350.30' });
    expect(result.failure).toBeUndefined();
    expect(result.bids[1]!.reasons[0]!.text).toBe('The price 365.00 is 14.70 above the lowest.');
  });

  it('unit price times quantity governs over the line total, a lump sum stands, the original is kept', () => {
    const wrong = offer('a', '100.10', '50.00', { lineTotal: '200.30', total: '250.30' });
    const [entry] = evaluate(input([{ ...bid('a', 1, '1.00'), offer: wrong }])).bids;
    expect(entry).toMatchObject({ originalTotal: '250.30', correctedTotal: '350.30' });
    expect(entry!.corrections).toEqual([
      { itemId: 'item-1', original: '200.30', corrected: '300.30' },
      { original: '250.30', corrected: '350.30' },
    ]);
  });

  it('adds decimals exactly: 0.1 + 0.2 is 0.30', () => {
    const items = ['x', 'y'].map((id) => ({ id, lotId: 'lot-1', description: id, quantity: '1', unit: 'piece' }));
    const prices = [
      { slotId: 'sx', itemId: 'x', unitPrice: '0.1', lineTotal: '0.1' },
      { slotId: 'sy', itemId: 'y', unitPrice: '0.2', lineTotal: '0.2' },
    ];
    const corrected = correctOffer({ ...offer('a', '1.00', '1.00'), prices, total: '0.3' }, items, generic);
    expect(corrected.total.toFixed()).toBe('0.3');
    expect(corrected.corrections).toEqual([]);
  });

  it.each([
    ['half_up', '0.125', '0.13'],
    ['half_even', '0.125', '0.12'],
    ['half_even', '0.135', '0.14'],
    ['down', '0.129', '0.12'],
  ] as const)('rounds each line by the pack: %s makes %s %s', (rounding, unitPrice, expected) => {
    const items = [{ id: 'x', lotId: 'lot-1', description: 'x', quantity: '1', unit: 'piece' }];
    const prices = [{ slotId: 's', itemId: 'x', unitPrice, lineTotal: unitPrice }];
    const pack = { scale: 2, rounding };
    expect(
      correctOffer({ ...offer('a', '1.00', '1.00'), prices, total: unitPrice }, items, pack).total.toFixed(2),
    ).toBe(expected);
  });

  it('equal prices: the earlier place in the log first, where the pack says so', () => {
    const bids = [bid('late', 9, '100.00'), bid('early', 2, '100.00'), bid('dear', 1, '101.00')];
    expect(ranking(input(bids, { pack: { ...generic, tieRule: 'earliest' } }))).toEqual([
      'early 1',
      'late 2',
      'dear 3',
    ]);
  });

  it('equal prices: the draw follows the hash of the box and the bid, and says its key', () => {
    const bids = ['p', 'q', 'r', 's'].map((name, i) => bid(name, i, '100.00'));
    const result = evaluate(input(bids));
    const keys = result.bids.map((entry) => entry.tieKey!);
    expect(keys).toEqual(result.bids.map((entry) => toBase64(tieKey(hash('root'), entry.commitment))));
    const hex = keys.map((key) => Buffer.from(fromBase64(key)).toString('hex'));
    expect(hex).toEqual([...hex].sort());
    const orders = ['root', 'root 2', 'root 3', 'root 4'].map((root) =>
      ranking(input(bids, { setRoot: hash(root) })).join(),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('numbers that are written differently are the same price', () => {
    const long = { ...bid('b', 2, '1.00'), offer: { ...offer('b', '100.00', '50.00'), total: '350' } };
    const result = evaluate(input([bid('a', 1, '100.00'), long], { pack: { ...generic, tieRule: 'earliest' } }));
    expect(result.bids.map(({ rank, correctedTotal }) => [rank, correctedTotal])).toEqual([
      [1, '350.00'],
      [2, '350.00'],
    ]);
    expect(result.bids[1]!.corrections).toEqual([]);
  });
});

describe('rejections', () => {
  it('a rejected bid has no rank and keeps its price, criterion and evidence', () => {
    const result = evaluate(input([bid('a', 1, '100.00'), bid('b', 2, '110.00')], { rejections: [because('a')] }));
    expect(result.winner?.bidId).toBe('b');
    expect(result.bids[1]).toMatchObject({
      bidId: 'a',
      status: 'rejected',
      correctedTotal: '350.00',
      reasons: [
        {
          code: 'criterion',
          criterionId: 'criterion-2',
          evidence: 'proposal.pdf, page 3',
          text: 'The desks are of cardboard.',
        },
      ],
    });
  });

  it.each([
    ['a bid that is not in the box', because('z'), 'bid_unknown'],
    ['a criterion the tender does not have', because('a', { criterionId: 'taste' }), 'criterion_unknown'],
    ['no evidence', because('a', { evidence: ' ' }), 'rejection_incomplete'],
    ['no text', because('a', { text: 'bad' }), 'rejection_incomplete'],
  ])('are refused with %s', (_, rejection, code) => {
    expect(refused(() => evaluate(input([bid('a', 1, '100.00')], { rejections: [rejection] })))).toBe(code);
  });

  it('follow by themselves from a bid that did not open, is for something else, lacks a price or is over the estimate', () => {
    const lacking = { ...offer('c', '100.00', '50.00'), prices: offer('c', '100.00', '50.00').prices.slice(0, 1) };
    const bids: OpenedBid[] = [
      { bidId: 'a', commitment: hash('a'), vendorId: 'v', index: 1, offer: null, failure: 'undecryptable' },
      { ...bid('b', 2, '1.00'), offer: offer('other', '100.00', '50.00') },
      { ...bid('c', 3, '1.00'), offer: lacking },
      { ...bid('d', 4, '1.00'), offer: { ...offer('d', '100.00', '50.00'), currency: 'USD' } },
      bid('e', 5, '316.67', '50.00'),
      bid('f', 6, '316.00', '52.00'),
    ];
    expect(ranking(input(bids)).sort()).toEqual([
      'a not_opened',
      'b offer_mismatch',
      'c prices_incomplete',
      'd offer_mismatch',
      'e over_estimate',
      'f 1',
    ]);
    const lenient: RulePack = { ...generic, estimate: { ...generic.estimate, rejectAbove: false } };
    expect(ranking(input([bid('e', 5, '316.67')], { pack: lenient }))).toEqual(['e 1']);
  });
});

describe('abnormally low prices', () => {
  const flags = (unitPrices: readonly string[], pack = generic): string[][] =>
    evaluate(
      input(
        unitPrices.map((price, i) => bid(`b${i}`, i, price, '0.00')),
        { pack },
      ),
    ).bids.map((entry) => entry.flags.map(({ trigger }) => trigger));

  it('exactly 40 % below the mean of the others, or exactly 30 % below the next, is flagged; less is not', () => {
    expect(flags(['60.00', '100.00', '100.00'])[0]).toEqual(['below_mean', 'below_next']);
    expect(flags(['60.01', '80.00', '120.00'])[0]).toEqual([]);
    expect(flags(['70.00', '100.00', '100.00'])[0]).toEqual(['below_next']);
    expect(flags(['70.01', '100.00', '100.00'])[0]).toEqual([]);
    expect(flags(['50.00'])[0]).toEqual([]);
  });

  it('under 80 % of the estimate is flagged for works in Indonesia', () => {
    const works = rulePack('id/tender-works');
    expect(flags(['266.66'], works)[0]).toEqual(['below_estimate']);
    expect(flags(['266.67'], works)[0]).toEqual([]);
  });
});

describe('failure', () => {
  const over = [bid('a', 1, '400.00'), bid('b', 2, '500.00')];

  it.each([
    ['no_bids', input([])],
    ['too_few_bids', input([bid('a', 1, '100.00')], { pack: { ...generic, minimumBids: 2 } })],
    ['none_valid', input([bid('a', 1, '100.00')], { rejections: [because('a')] })],
    ['all_over_estimate', input(over)],
  ] as const)('is said: %s', (failure, given) => {
    const result = evaluate(given);
    expect(result).toMatchObject({ failure });
    expect(result.winner).toBeUndefined();
    expect(failLot({ state: 'evaluating', boxCount: given.bids.length, result })).toEqual({
      state: 'failed',
      reason: failure,
    });
  });
});

describe('the result', () => {
  type Case = { name: string; input: Canonical; result: Canonical; sha256: string };
  const { cases } = vectors<{ cases: Case[] }>('evaluation.json');

  it.each(cases)('is the same bytes for everybody: $name', (given) => {
    const { terms, pack, ...rest } = fromDocument<EvaluationInput & { terms: TenderTerms }>(given.input);
    const bids = rest.bids.map((entry) => ({ ...entry, offer: entry.offer ?? null }) as OpenedBid);
    const { document, sha256: digest } = resultDocument(evaluate({ ...rest, terms, pack, bids }));
    expect(document).toEqual(given.result);
    expect(digest).toBe(given.sha256);
    expect(toBase64(sha256(canonicalBytes(given.result)))).toBe(given.sha256);
  });

  const price = fc
    .integer({ min: 1, max: 40_000 })
    .map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`);
  const someBids = fc
    .array(price, { minLength: 1, maxLength: 8 })
    .map((prices) => prices.map((p, i) => bid(`b${i}`, i, p)));

  it('does not depend on the order of bids and rejections', () => {
    fc.assert(
      fc.property(
        someBids.chain((bids) => fc.tuple(fc.constant(bids), fc.shuffledSubarray(bids, { minLength: bids.length }))),
        fc.constantFrom('earliest' as const, 'draw' as const),
        ([bids, shuffled], tieRule) => {
          const rejections = [because('b0'), because('b0', { criterionId: 'criterion-1' })];
          const pack = { ...generic, tieRule };
          const first = resultDocument(evaluate(input(bids, { pack, rejections })));
          const second = resultDocument(evaluate(input(shuffled, { pack, rejections: [...rejections].reverse() })));
          expect(second.sha256).toBe(first.sha256);
        },
      ),
    );
  });

  it('never ranks a bid worse because its price fell', () => {
    fc.assert(
      fc.property(someBids, price, (bids, lower) => {
        const rankOf = (given: readonly OpenedBid[]): number =>
          evaluate(input(given)).bids.find(({ bidId }) => bidId === 'b0')!.rank ?? Infinity;
        const cheaper = bid('b0', 0, lower);
        const fell = Number(lower) <= Number(bids[0]!.offer!.prices[0]!.unitPrice);
        if (fell) expect(rankOf([cheaper, ...bids.slice(1)])).toBeLessThanOrEqual(rankOf(bids));
      }),
    );
  });

  it('refuses bids that occur twice, other methods and unknown lots', () => {
    expect(() => evaluate(input([bid('a', 1, '1.00'), bid('a', 2, '1.00')]))).toThrow('twice');
    expect(refused(() => evaluate(input([], { pack: { ...generic, evaluation: 'weighted' } })))).toBe(
      'method_unsupported',
    );
    expect(refused(() => evaluate(input([], { lotId: 'lot-2' })))).toBe('not_found');
  });
});

describe('decimal text', () => {
  it.each(['0', '1', '0.1', '999999999999999999.999999'])('%s is a decimal', (text) =>
    expect(isDecimal(text)).toBe(true),
  );
  it.each(['', '-1', '+1', '01', '.5', '1.', '1e3', '1,5', ' 1', '1000000000000000000', '0.0000001', '0x1', 'NaN'])(
    '%j is none',
    (text) => expect(isDecimal(text)).toBe(false),
  );
  it.each([
    [0.1, '0.1'],
    [7225305, '7225305'],
    [500.0, '500'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '0'],
    [12345678.9, '12345678.9'],
  ])('the JSON number %d is %s', (value, text) => expect(decimalOfNumber(value)).toBe(text));
  it.each([-1, Number.NaN, Infinity, 1e18])('the number %d has none', (value) =>
    expect(() => decimalOfNumber(value)).toThrow(),
  );
});
