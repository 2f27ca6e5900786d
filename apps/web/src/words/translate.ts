/** How a sentence of a catalogue is said. It knows no catalogue: islands bring the few sentences that they need. */
export type Locale = 'id' | 'en';

type Params<S extends string> = S extends `${string}{${infer P}}${infer R}` ? P | Params<R> : never;
/** One sentence; or one for a single thing and one for several, told apart by `n`. */
export type Entry = string | { readonly one?: string; readonly other: string };
/** What another language must say for an entry of the source. */
export type Words<S> = S extends { readonly other: string }
  ? { readonly one?: string; readonly other: string }
  : string;
/** An area of the catalogue in another language. */
export type Translated<C> = { readonly [K in keyof C]: Words<C[K]> };
type Sentence<E> = E extends { readonly other: infer S extends string } ? S : E;
type Values<E> = { readonly [P in Params<Sentence<E> & string>]: string | number };
type Arguments<E> = [Params<Sentence<E> & string>] extends [never] ? [] : [Values<E>];

/** Says the sentence of a key of the catalogue `C`. */
export type Say<C> = <K extends keyof C & string>(key: K, ...values: Arguments<C[K]>) => string;

/** @param catalogue its sentences; keys that are missing are a bug of the page that gave it */
export function sayIn<C>(locale: Locale, catalogue: Translated<C>): Say<C> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale === 'id' ? 'id-ID' : 'en-GB');
  return (key, ...[given]) => {
    const values = (given ?? {}) as Readonly<Record<string, string | number>>;
    const words: Entry = catalogue[key];
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
