/** What the bid page gives its island. */
import type { StandingBid } from '@segel/acts';
import type { sealing } from '../words/id/bidding.js';
import type { elsewhere } from '../words/id/offline.js';
import type { Locale, Translated } from '../words/translate.js';
import type { BidForm } from './bid-form.js';

export type BidIsland = {
  readonly locale: Locale;
  readonly words: Translated<typeof sealing & typeof elsewhere>;
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
  readonly title: string;
  /** The vendor's bids of this tender that stand, of every lot: a kit takes them along. */
  readonly standing: readonly StandingBid[];
  readonly mayCommitFirst: boolean;
  readonly replaces?: string;
  readonly offerId?: string;
};
