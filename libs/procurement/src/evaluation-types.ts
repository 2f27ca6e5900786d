import type { Rounding } from './decimal.js';
import type { FailureReason } from './publication.js';
import type { EvaluationMethod, RulePack } from './rule-pack.js';
import type { Offer } from './tender.js';

/** Why a bid of the box has no offer to evaluate (protocol section 6): `ciphertext_missing` when it was committed and its
 *  sealed files never came; `offer_malformed`: it opened, but its form does not parse. */
export type OpeningFailure =
  | 'invalid_dealing'
  | 'context_mismatch'
  | 'undecryptable'
  | 'openers_failed'
  | 'ciphertext_missing'
  | 'offer_malformed';

/** A bid of the box after the opening. `commitment` is the base64 C of its log entry, `index` its place in the log. */
export type OpenedBid = {
  readonly bidId: string;
  readonly commitment: string;
  readonly vendorId: string;
  readonly index: number;
} & ({ readonly offer: Offer } | { readonly offer: null; readonly failure: OpeningFailure });

/** An evaluator's structured rejection of one bid. */
export type Rejection = {
  readonly bidId: string;
  readonly criterionId: string;
  /** Where it shows: a file and page, a slot. */
  readonly evidence: string;
  readonly text: string;
};

export type ReasonCode =
  | 'not_opened'
  | 'offer_mismatch'
  | 'prices_incomplete'
  | 'criterion'
  | 'over_estimate'
  | 'lowest_price'
  | 'higher_price'
  | 'tie';

/** A sentence for the bidder, and what it rests on. */
export type Reason = {
  readonly code: ReasonCode;
  readonly text: string;
  readonly criterionId?: string;
  readonly evidence?: string;
};

/** An arithmetic correction; the original is kept beside the corrected. Without `itemId` it is the total. */
export type PriceCorrection = { readonly itemId?: string; readonly original: string; readonly corrected: string };

export type BidResult = {
  readonly bidId: string;
  readonly commitment: string;
  readonly vendorId: string;
  readonly index: number;
  readonly status: 'ranked' | 'rejected';
  /** 1 is the best. */
  readonly rank?: number;
  readonly originalTotal?: string;
  readonly correctedTotal?: string;
  readonly corrections: readonly PriceCorrection[];
  readonly reasons: readonly Reason[];
  /** Abnormally low triggers that fired; each opens a justification, none rejects. */
  readonly flags: readonly AbnormallyLow[];
  /** The hash that ordered equal prices by draw, base64. */
  readonly tieKey?: string;
};

export type AbnormallyLow = {
  readonly trigger: 'below_mean' | 'below_next' | 'below_estimate';
  readonly percent: string;
  readonly text: string;
};

/** The evaluation of one lot, as everybody computes it. Ranked bids by rank, then rejected ones by commitment. */
export type EvaluationResult = {
  readonly v: 1;
  readonly lotId: string;
  readonly rulePackId: string;
  readonly rulePackVersion: number;
  readonly method: EvaluationMethod;
  readonly currency: string;
  readonly scale: number;
  readonly rounding: Rounding;
  readonly tieRule: RulePack['tieRule'];
  readonly estimate?: string;
  readonly bids: readonly BidResult[];
  readonly winner?: {
    readonly bidId: string;
    readonly commitment: string;
    readonly vendorId: string;
    readonly amount: string;
  };
  /** Set exactly when there is no winner. */
  readonly failure?: FailureReason;
};
