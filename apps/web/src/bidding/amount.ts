/** Amounts as people type them, and the sums of a price form: decimal text and whole numbers, never binary fractions. The
 *  evaluation counts the same way (libs/procurement, correction.ts). */
import type { Locale } from '../words/translate.js';

/** How an amount is rounded that has more digits than the rules keep. */
export type Rounding = { readonly scale: number; readonly rounding: 'half_up' | 'half_even' | 'down' };

export type ReadAmount = { readonly amount: string } | { readonly wrong: 'empty' | 'malformed' | 'ambiguous' };

const DIGITS_BEFORE = 18;
const DIGITS_AFTER = 6;

/** Decimal text of what somebody typed: `1.500.000,50` in Indonesian, `1,500,000.50` in English. What means a thousand in
 *  one language and one in the other (`1,500`) is not guessed: it could be a price a thousand times too high. */
export function readAmount(typed: string, locale: Locale): ReadAmount {
  const text = typed.replace(/\s/g, '').replace(/^rp\.?/i, '');
  if (text === '') return { wrong: 'empty' };
  const [group, point] = locale === 'id' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction, ...more] = text.split(point);
  const grouped = whole.includes(group);
  const wellGrouped = grouped ? groups(whole, group) : /^\d+$/.test(whole);
  if (more.length > 0 || !wellGrouped || (fraction !== undefined && !/^\d+$/.test(fraction)))
    return { wrong: 'malformed' };
  if (!grouped && fraction?.length === 3 && whole.length <= 3 && whole !== '0') return { wrong: 'ambiguous' };
  const digits = whole.replaceAll(group, '').replace(/^0+(?=\d)/, '');
  if (digits.length > DIGITS_BEFORE || (fraction?.length ?? 0) > DIGITS_AFTER) return { wrong: 'malformed' };
  return { amount: fraction === undefined ? digits : `${digits}.${fraction}` };
}

function groups(whole: string, group: string): boolean {
  const [first = '', ...rest] = whole.split(group);
  return /^\d{1,3}$/.test(first) && rest.every((three) => /^\d{3}$/.test(three));
}

/** A number of so many digits after the point. */
type Exact = { readonly digits: bigint; readonly scale: number };

function exact(text: string): Exact {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function textOf({ digits, scale }: Exact): string {
  const all = String(digits).padStart(scale + 1, '0');
  return scale === 0 ? all : `${all.slice(0, -scale)}.${all.slice(-scale)}`;
}

function rounded({ digits, scale: from }: Exact, { scale, rounding }: Rounding): Exact {
  if (from <= scale) return { digits: digits * 10n ** BigInt(scale - from), scale };
  const unit = 10n ** BigInt(from - scale);
  const [kept, rest] = [digits / unit, digits % unit];
  const up =
    rounding !== 'down' &&
    (rounding === 'half_up' ? 2n * rest >= unit : 2n * rest > unit || (2n * rest === unit && kept % 2n === 1n));
  return { digits: kept + (up ? 1n : 0n), scale };
}

/** Unit price times quantity, rounded as the evaluation rounds it. Arguments are decimal text. */
export function lineTotal(unitPrice: string, quantity: string, rules: Rounding): string {
  const [a, b] = [exact(unitPrice), exact(quantity)];
  return textOf(rounded({ digits: a.digits * b.digits, scale: a.scale + b.scale }, rules));
}

/** An amount with as many digits after the point as the rules keep. */
export const roundedAmount = (amount: string, rules: Rounding): string => textOf(rounded(exact(amount), rules));

/** The sum of amounts of the rules' scale. */
export function sumOf(amounts: readonly string[], { scale }: Rounding): string {
  return textOf({ digits: amounts.reduce((sum, amount) => sum + exact(amount).digits, 0n), scale });
}

export const isZero = (amount: string): boolean => exact(amount).digits === 0n;

export function isMore(a: string, b: string): boolean {
  const [left, right] = [exact(a), exact(b)];
  const scale = Math.max(left.scale, right.scale);
  const up = ({ digits, scale: from }: Exact): bigint => digits * 10n ** BigInt(scale - from);
  return up(left) > up(right);
}

/** False for what is longer than an offer may state. */
export const fitsOffer = (amount: string): boolean => amount.split('.')[0]!.length <= DIGITS_BEFORE;
