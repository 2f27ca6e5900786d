/** Words in two languages. A key that one of them lacks, or a parameter that is not given, does not compile. */
import { en } from './en.js';
import { id } from './id.js';
import { sayIn, type Locale, type Say, type Translated } from './translate.js';

export type { Locale } from './translate.js';
type Source = typeof id;
export type Catalogue = Translated<Source>;
export type Key = keyof Source;
export type Translate = Say<Source>;

const CATALOGUES = { id, en } as const satisfies Record<Locale, Catalogue>;
const translators: Readonly<Record<Locale, Translate>> = { id: sayIn<Source>('id', id), en: sayIn<Source>('en', en) };

/** The words of a language. */
export const translator = (locale: Locale): Translate => translators[locale];

/** True for a key of the catalogue: of words that come from elsewhere, kinds and fields that programs name. */
export const isKey = (key: string): key is Key => Object.hasOwn(id, key);

/** The sentences of one area, for an island: a page gives it no more than it says. */
export function sentencesOf<A extends object>(locale: Locale, area: A): Translated<A> {
  const catalogue: Readonly<Record<string, unknown>> = CATALOGUES[locale];
  return Object.fromEntries(Object.keys(area).map((key) => [key, catalogue[key]])) as Translated<A>;
}
