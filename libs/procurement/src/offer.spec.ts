import { describe, expect, it } from '@jest/globals';
import type { Canonical } from '@segel/encoding';
import { toDocument } from '@segel/encoding';
import { refused, TERMS, vectors } from '../vectors/examples.js';
import type { Offer, OfferFile } from './index.js';
import { checkOffer, parseOffer, Refusal } from './index.js';

type Failing = { name: string; set: Record<string, Canonical>; path: string };
const { valid, must_fail: mustFail } = vectors<{ valid: Record<string, Canonical>; must_fail: Failing[] }>(
  'offer.json',
);
const good = parseOffer(valid);
const files: OfferFile[] = [{ path: 'proposal.pdf', sizeBytes: 5000 }];

describe('the form of a bid', () => {
  it('parses, and gives the same document back', () => {
    expect(toDocument(good)).toEqual(valid);
  });

  it.each(mustFail)('is refused with $name', ({ set, path }) => {
    try {
      parseOffer({ ...valid, ...set });
      throw new Error('was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      expect((error as Refusal).code).toBe('offer_malformed');
      expect((error as Refusal).params).toEqual({ path });
    }
  });

  it('is refused when a field is missing or it is no object', () => {
    const { total: _, ...rest } = valid;
    expect(refused(() => parseOffer(rest))).toBe('offer_malformed');
    expect(refused(() => parseOffer([]))).toBe('offer_malformed');
  });
});

describe('the checker before sealing', () => {
  const codes = (offer: Offer, given = files, lotId = 'lot-1'): string[] =>
    checkOffer(offer, TERMS, lotId, given).map(({ code, severity }) => `${severity} ${code}`);
  const [first, second] = good.prices;

  it('finds nothing in the example', () => {
    expect(codes(good)).toEqual([]);
  });

  it.each<[string, Partial<Offer>, string]>([
    ['a missing document', { documents: [] }, 'error slot_empty'],
    ['a document without its file', { documents: [{ slotId: 'slot-d', path: 'other.pdf' }] }, 'error file_missing'],
    ['an unanswered question', { answers: [] }, 'error slot_empty'],
    [
      'an answer that is neither yes nor no',
      { answers: [{ slotId: 'slot-a', value: 'maybe' }] },
      'error answer_malformed',
    ],
    ['a missing price', { prices: [first!] }, 'error slot_empty'],
    ['a price of another item', { prices: [{ ...first!, itemId: 'item-2' }, second!] }, 'error item_differs'],
    [
      'a slot that does not exist',
      { answers: [...good.answers, { slotId: 'slot-x', value: 'yes' }] },
      'error slot_unknown',
    ],
    ['a slot filled twice', { answers: [...good.answers, ...good.answers] }, 'error slot_repeated'],
    ['another currency', { currency: 'USD' }, 'error currency_differs'],
    ['a wrong line total', { prices: [{ ...first!, lineTotal: '300.00' }, second!] }, 'warning line_total_differs'],
    ['a wrong total', { total: '350.31' }, 'warning total_differs'],
  ])('finds %s', (_, change, expected) => {
    expect(codes({ ...good, ...change })).toContain(expected);
  });

  it('finds another lot, and files that are too large, of a wrong kind or in no slot', () => {
    expect(codes(good, files, 'lot-2')).toContain('error lot_differs');
    expect(codes(good, [{ path: 'proposal.pdf', sizeBytes: 1_000_001 }])).toEqual(['error file_large']);
    const word = { ...good, documents: [{ slotId: 'slot-d', path: 'proposal.doc' }] };
    expect(codes(word, [{ path: 'proposal.doc', sizeBytes: 1 }])).toEqual(['warning file_type']);
    expect(codes(good, [...files, { path: 'extra.pdf', sizeBytes: 1 }])).toEqual(['warning file_unplaced']);
  });
});
