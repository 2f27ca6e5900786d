/** Who reads: in which language. Parts that know no more than this are shown by the server and by the offline kit. */
import type { Formats } from './formats.js';
import type { Locale, Translate } from './words.js';

export type Reader = {
  readonly locale: Locale;
  readonly t: Translate;
  readonly f: Formats;
};
