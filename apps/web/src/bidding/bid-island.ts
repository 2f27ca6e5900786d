/** What the bid page gives its island. */
import type { sealing } from '../words/id/bidding.js';
import type { Locale, Translated } from '../words/translate.js';
import type { BidForm } from './bid-form.js';

export type BidIsland = {
  readonly locale: Locale;
  readonly words: Translated<typeof sealing>;
  /** Why it may fail and what to do next, by `failed.` and the code. */
  readonly failures: Readonly<Record<string, string>>;
  readonly form: BidForm;
  readonly accountId: string;
  readonly vendorId: string;
  /** Registered keys of the person. */
  readonly keys: readonly string[];
  readonly zone: string;
  readonly deadlineAt: string;
  /** The server's clock when the page was made. */
  readonly now: string;
  readonly formToken: string;
  /** Where bids of the tender are shown, and where entries of the log are. */
  readonly page: string;
  readonly entries: string;
  readonly mayCommitFirst: boolean;
  readonly replaces?: string;
  readonly offerId?: string;
};
