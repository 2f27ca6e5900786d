/** Data the specs share. Not part of the library. */
import { readFileSync } from 'node:fs';
import { fromDocument, sha256, toBase64, utf8 } from '@segel/encoding';
import type { Canonical } from '@segel/encoding';
import type { Offer, OpenedBid, TenderTerms } from '../src/index.js';
import { Refusal } from '../src/index.js';

export function vectors<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}

export const TERMS = fromDocument<TenderTerms>(vectors<Canonical>('terms.json'));
export const NOW = new Date('2026-02-01T12:00:00.000Z');

/** 32 bytes that stand for a commitment or a root. */
export const hash = (name: string): string => toBase64(sha256(utf8(name)));

/** An offer for the example's lot: a unit price for three desks and a lump sum. */
export function offer(
  bidId: string,
  unitPrice: string,
  lumpSum: string,
  totals?: { lineTotal: string; total: string },
): Offer {
  const cents = BigInt(unitPrice.replace('.', '')) * 3n;
  const line = totals?.lineTotal ?? `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  const sum = cents + BigInt(lumpSum.replace('.', ''));
  return {
    v: 1,
    tenderId: 'tender-1',
    lotId: 'lot-1',
    bidId,
    currency: 'EUR',
    answers: [{ slotId: 'slot-a', value: 'yes' }],
    documents: [{ slotId: 'slot-d', path: 'proposal.pdf' }],
    prices: [
      { slotId: 'slot-1', itemId: 'item-1', unitPrice, lineTotal: line },
      { slotId: 'slot-2', itemId: 'item-2', unitPrice: '0', lineTotal: lumpSum, lumpSum: true },
    ],
    total: totals?.total ?? `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`,
  };
}

/** An opened bid; prices have two digits after the point. */
export function bid(name: string, index: number, unitPrice: string, lumpSum = '50.00'): OpenedBid {
  return {
    bidId: name,
    commitment: hash(name),
    vendorId: `vendor-${name}`,
    index,
    offer: offer(name, unitPrice, lumpSum),
  };
}

/** The code of the refusal an act throws; `none` when it throws nothing. Other errors pass. */
export function refused(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'none';
}
