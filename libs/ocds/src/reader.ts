/** Reading foreign JSON member by member. Whatever is not as expected is refused by its path. */
import { decimalOfNumber, Refusal } from '@segel/procurement';
import type { Money } from '@segel/procurement';

/** A place in the file: a value and the path that leads to it. */
export type Place = { readonly value: unknown; readonly path: string };

/** Throws `request_malformed` with the path. */
export function malformed({ path }: Pick<Place, 'path'>, what: string): never {
  throw new Refusal('request_malformed', `${path} ${what}.`, { path });
}

/** The member of an object; its value is undefined when absent or null. Throws when the place is no object. */
export function member(place: Place, key: string): Place {
  const { value, path } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed(place, 'is not an object');
  const found: unknown = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  return { value: found ?? undefined, path: path === '' ? key : `${path}.${key}` };
}

/** True when the place holds something. */
export function present(place: Place): boolean {
  return place.value !== undefined;
}

/** The members of a list; none when absent. */
export function list(place: Place, max: number): readonly Place[] {
  if (!present(place)) return [];
  const { value, path } = place;
  if (!Array.isArray(value)) return malformed(place, 'is not a list');
  if (value.length > max) return malformed(place, `has more than ${max} members`);
  return value.map((item: unknown, i) => ({ value: item, path: `${path}[${i}]` }));
}

/** A text, or undefined when absent. */
export function optionalText(place: Place): string | undefined {
  if (!present(place)) return undefined;
  if (typeof place.value !== 'string') return malformed(place, 'is not a text');
  if (!place.value.isWellFormed()) return malformed(place, 'is not well-formed Unicode');
  return place.value;
}

/** A text with something in it. */
export function text(place: Place): string {
  const value = optionalText(place);
  return value?.trim() ? value.trim() : malformed(place, present(place) ? 'is empty' : 'is missing');
}

/** An identifier: OCDS allows a text or a whole number. */
export function identifier(place: Place): string {
  return typeof place.value === 'number' && Number.isSafeInteger(place.value) ? String(place.value) : text(place);
}

/** Decimal text of a JSON number, or undefined when absent. */
export function optionalDecimal(place: Place): string | undefined {
  if (!present(place)) return undefined;
  if (typeof place.value !== 'number') return malformed(place, 'is not a number');
  try {
    return decimalOfNumber(place.value);
  } catch {
    return malformed(place, 'is negative or too large');
  }
}

/** An OCDS Value with amount and currency, or undefined when absent or without an amount. */
export function optionalMoney(place: Place): Money | undefined {
  if (!present(place)) return undefined;
  const amount = optionalDecimal(member(place, 'amount'));
  const currency = optionalText(member(place, 'currency'));
  if (amount === undefined) return undefined;
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
    return malformed(member(place, 'currency'), 'is not a currency');
  return { amount, currency };
}

/** The time of an OCDS date-time in milliseconds since 1970, or undefined when absent. */
export function optionalTime(place: Place): number | undefined {
  const value = optionalText(place);
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? malformed(place, 'is not a date') : time;
}
