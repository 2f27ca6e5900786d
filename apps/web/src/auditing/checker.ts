import type { checking } from '../words/id/auditing.js';
import type { Locale, Translated } from '../words/translate.js';

/** What the island that checks proofs is given. */
export type Checker = {
  readonly locale: Locale;
  readonly words: Translated<typeof checking>;
  /** The witness rules that this server has now. */
  readonly policy: string;
  /** The entry that the page shows, with the fingerprint it shows; nothing on the page for receipts. */
  readonly entry?: { readonly index: number; readonly shown: string };
};
