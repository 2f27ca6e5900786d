/** What a document is made of, before it is set: words and values, no layout. `templates/document.typ` reads it. */
export type Styled = { readonly text: string; readonly style: 'mono' | 'strong' | 'small' };
export type Part = string | Styled;
export type Words = Part | readonly Part[];

export type Column = { readonly name: string; readonly width: number; readonly end: boolean };

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: Words }
  | { readonly kind: 'facts'; readonly lines: readonly (readonly [name: string, value: Words])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Words[])[];
      /** The row that stands out; -1: none. */
      readonly marked: number;
    }
  | {
      readonly kind: 'note';
      readonly tone: 'ok' | 'warn' | 'seal' | 'plain';
      readonly title?: string;
      readonly lines: readonly Words[];
    }
  | { readonly kind: 'command'; readonly lead: Words; readonly text: string }
  | {
      readonly kind: 'check';
      readonly title: string;
      readonly svg: string;
      readonly alt: string;
      readonly lines: readonly Words[];
    };

/** One document in one language. */
export type Document = {
  readonly lang: 'id' | 'en';
  readonly title: string;
  /** What it is about: stands under the title. */
  readonly subject: string;
  /** Said at the foot of every page. */
  readonly running: string;
  readonly site: string;
  readonly host: string;
  /** `hal. #n dari #total` */
  readonly page: string;
  /** UTC: year, month, day, hour, minute, second of the event. Never of the clock: the same event, the same bytes. */
  readonly at: readonly number[];
  readonly blocks: readonly Block[];
  /** A file inside the PDF. */
  readonly attached?: { readonly name: string; readonly text: string; readonly words: string };
};

export const mono = (text: string): Styled => ({ text, style: 'mono' });
export const strong = (text: string): Styled => ({ text, style: 'strong' });
export const small = (text: string): Styled => ({ text, style: 'small' });

export const momentOf = (instant: string): readonly number[] => {
  const at = new Date(instant);
  return [
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  ];
};
