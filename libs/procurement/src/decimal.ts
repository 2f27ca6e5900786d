/** Decimal arithmetic for money and quantities: never binary floating point (procurement.md section 6). */
import BigJs from 'big.js';

// A constructor of our own: strict mode throws on JavaScript numbers, so that no float slips in unseen.
const Decimal = BigJs();
Decimal.strict = true;

export type Decimal = BigJs;

/** How the last kept digit is decided. `half_up` rounds 0.5 away from zero, `half_even` to the even neighbour. */
export type Rounding = 'half_up' | 'half_even' | 'down';

const MODES = { down: 0, half_up: 1, half_even: 2 } as const satisfies Record<Rounding, BigJs.RoundingMode>;

// At most 18 digits before and 6 after the point: more is a mistake, and unbounded digits are an attack.
const DECIMAL = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?$/;

/** True for the accepted decimal text: no sign, exponent, leading zero, white space or thousands separator;
 *  at most 18 digits before and 6 after the point. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** The number a decimal text names. Throws when {@link isDecimal} is false. */
export function decimal(text: string): Decimal {
  if (!isDecimal(text)) throw new Error(`${JSON.stringify(text)} is not a decimal`);
  return new Decimal(text);
}

/** Sum, exactly. Zero of nothing. */
export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal('0'));
}

/** The number with `scale` digits after the point. */
export function roundTo(value: Decimal, scale: number, rounding: Rounding): Decimal {
  return value.round(scale, MODES[rounding]);
}

/** Text with exactly `scale` digits after the point; the value is expected to be rounded already. */
export function fixed(value: Decimal, scale: number): string {
  return value.toFixed(scale, MODES.half_up);
}

/** Plain decimal text of a JSON number, by its shortest JSON form (0.1 stays `0.1`), rounded half up to at most
 *  six digits after the point and without trailing zeros. Throws on negative numbers, on what is not finite,
 *  and on 10^18 and above. */
export function decimalOfNumber(value: number): string {
  if (!Number.isFinite(value) || value < 0 || value >= 1e18) throw new Error('number is outside 0 to 10^18');
  const text = roundTo(new Decimal(String(value)), 6, 'half_up').toFixed();
  if (!isDecimal(text)) throw new Error('number has no decimal form');
  return text;
}
