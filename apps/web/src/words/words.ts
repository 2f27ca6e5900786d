/** Words in two languages. A key that one of them lacks, or a parameter that is not given, does not compile. */
import { en } from './en.js';
import { id } from './id.js';

export type Locale = 'id' | 'en';

type Params<S extends string> = S extends `${string}{${infer P}}${infer R}` ? P | Params<R> : never;
/** One sentence; or one for a single thing and one for several, told apart by `n`. */
export type Words<S> = S extends { readonly other: string }
  ? { readonly one?: string; readonly other: string }
  : string;
export type Catalogue = { readonly [K in keyof typeof id]: Words<(typeof id)[K]> };
export type Key = keyof typeof id;
type Sentence<K extends Key> = (typeof id)[K] extends { readonly other: infer S extends string } ? S : (typeof id)[K];
type Values<K extends Key> = { readonly [P in Params<Sentence<K> & string>]: string | number };
type Arguments<K extends Key> = [Params<Sentence<K> & string>] extends [never] ? [] : [Values<K>];

export type Translate = <K extends Key>(key: K, ...values: Arguments<K>) => string;

const CATALOGUES = { id, en } as const satisfies Record<Locale, Catalogue>;

function maker(locale: Locale): Translate {
  const catalogue: Catalogue = CATALOGUES[locale];
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale === 'id' ? 'id-ID' : 'en-GB');
  return (key, ...[given]) => {
    const values = (given ?? {}) as Readonly<Record<string, string | number>>;
    const words: string | { readonly one?: string; readonly other: string } = catalogue[key];
    const chosen =
      typeof words === 'string'
        ? words
        : plural.select(Number(values['n'])) === 'one'
          ? (words.one ?? words.other)
          : words.other;
    return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? number.format(value) : String(value);
    });
  };
}

const translators: Readonly<Record<Locale, Translate>> = { id: maker('id'), en: maker('en') };

/** The words of a language. */
export const translator = (locale: Locale): Translate => translators[locale];
