/** Dates always with their zone, numbers and money by language. */
import type { Locale } from './words.js';

/** What Indonesians call their zones; others by the name that Intl knows. */
const ZONES: Readonly<Record<string, string>> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
  UTC: 'UTC',
};

export type Formats = {
  /** `Rabu, 25 November 2026 pukul 14.00 WIB` */
  readonly moment: (instant: string | Date, zone: string) => string;
  /** `25 Nov 2026, 14.00 WIB` */
  readonly short: (instant: string | Date, zone: string) => string;
  readonly money: (value: { readonly amount: string; readonly currency: string }) => string;
  readonly number: (value: number | string) => string;
  readonly bytes: (size: number) => string;
};

const tag = (locale: Locale): string => (locale === 'id' ? 'id-ID' : 'en-GB');

/** Making an Intl object costs more than using it a thousand times. */
function cached<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

function maker(locale: Locale): Formats {
  const style = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const long = cached((timeZone) => {
    const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
    return new Intl.DateTimeFormat(tag(locale), { ...day, ...style, timeZone });
  });
  const brief = cached((timeZone) => {
    const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
    return new Intl.DateTimeFormat(tag(locale), { ...day, ...style, timeZone });
  });
  const named = cached((timeZone) => new Intl.DateTimeFormat(tag(locale), { timeZone, timeZoneName: 'short' }));
  // With as many digits after the point as were written: no amount is rounded, and none looks more exact than it is.
  const currencies = cached((key) => {
    const [currency, digits] = key.split(' ');
    const fraction = { minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits) };
    return new Intl.NumberFormat(tag(locale), { style: 'currency', currency: currency ?? 'XXX', ...fraction });
  });
  const number = new Intl.NumberFormat(tag(locale), { maximumFractionDigits: 20 });
  const zoneOf = (at: Date, zone: string): string =>
    ZONES[zone] ??
    named(zone)
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ??
    zone;
  const say = (format: Intl.DateTimeFormat, instant: string | Date, zone: string): string => {
    const at = new Date(instant);
    return `${format.format(at)} ${zoneOf(at, zone)}`;
  };
  // Decimal text stays decimal: an amount is never a binary fraction.
  const decimal = (value: number | string): number => value as number;
  return {
    moment: (instant, zone) => say(long(zone), instant, zone),
    short: (instant, zone) => say(brief(zone), instant, zone),
    money: ({ amount, currency }) => {
      const digits = amount.split('.')[1]?.length ?? 0;
      return currencies(`${currency} ${digits}`).format(decimal(amount));
    },
    number: (value) => number.format(decimal(value)),
    bytes: (size) => sizeIn(number, size),
  };
}

/** 1000 bytes are a kB here, as on people's phones. */
function sizeIn(number: Intl.NumberFormat, size: number): string {
  if (size < 1e6) return `${number.format(Math.ceil(size / 1000))} kB`;
  const [unit, of] = size < 1e9 ? (['MB', 1e6] as const) : (['GB', 1e9] as const);
  return `${number.format(Math.round((size / of) * 10) / 10)} ${unit}`;
}

const FORMATS: Readonly<Record<Locale, Formats>> = { id: maker('id'), en: maker('en') };

export const formats = (locale: Locale): Formats => FORMATS[locale];
