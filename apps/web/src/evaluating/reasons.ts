/** What a result says about a bid, in the reader's language. Figures are the result's; so are the words of evaluators. */
import { fixed, decimal, type BidResult, type EvaluationResult, type Reason } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
import type { Key } from '../words/words.js';

/** Names of what a result only numbers. */
export type Names = {
  readonly bidder: (bidId: string) => string;
  readonly criterion: (criterionId: string) => string;
  readonly item: (itemId: string) => string;
};

type Terms = {
  readonly criteria: readonly { readonly id: string; readonly title: string }[];
  readonly items: readonly { readonly id: string; readonly description: string }[];
};

/** @param bidders names of the bidders by their bids */
export function namesOf({ criteria, items }: Terms, bidders: ReadonlyMap<string, string>): Names {
  return {
    bidder: (bidId) => bidders.get(bidId) ?? bidId,
    criterion: (criterionId) => criteria.find(({ id }) => id === criterionId)?.title ?? criterionId,
    item: (itemId) => items.find(({ id }) => id === itemId)?.description ?? itemId,
  };
}

/** The reasons for a bid's place, one sentence each; what several evaluators wrote alike is said once. */
export function reasonsFor(
  visitor: Visitor,
  result: EvaluationResult,
  bid: BidResult,
  names: Names,
): readonly string[] {
  return [...new Set(bid.reasons.map((reason) => sentenceOf(visitor, result, bid, reason, names)))];
}

function sentenceOf(
  { t, f }: Visitor,
  { bids, currency, estimate, scale, tieRule }: EvaluationResult,
  { correctedTotal }: BidResult,
  reason: Reason,
  names: Names,
): string {
  const { code, text, criterionId = '', evidence = '' } = reason;
  const money = (amount: string): string => f.money({ amount, currency });
  switch (code) {
    case 'criterion':
      return t('eval.reason.criterion', { criterion: names.criterion(criterionId), text, evidence });
    case 'over_estimate':
      return t('eval.reason.over_estimate', { estimate: estimate === undefined ? '' : money(estimate) });
    case 'higher_price': {
      const lowest = bids.find(({ rank }) => rank === 1)?.correctedTotal;
      if (lowest === undefined || correctedTotal === undefined) return text;
      return t('eval.reason.higher_price', {
        above: money(fixed(decimal(correctedTotal).minus(decimal(lowest)), scale)),
      });
    }
    case 'tie':
      return t(`eval.reason.tie.${tieRule}` satisfies Key);
    case 'not_opened':
    case 'offer_mismatch':
    case 'prices_incomplete':
    case 'lowest_price':
      return t(`eval.reason.${code}` satisfies Key);
  }
}

/** Each corrected figure with the original beside it. */
export function correctionsOf(
  { t, f }: Visitor,
  { currency }: Pick<EvaluationResult, 'currency'>,
  corrections: BidResult['corrections'],
  names: Names,
): readonly string[] {
  const money = (amount: string): string => f.money({ amount, currency });
  return corrections.map(({ itemId, original, corrected }) =>
    t('eval.result.correction', {
      item: itemId === undefined ? t('eval.result.total') : names.item(itemId),
      original: money(original),
      corrected: money(corrected),
    }),
  );
}

/** Why a lot failed. */
export const failureName = ({ t }: Visitor, failure: string): string => {
  const known = (['no_bids', 'too_few_bids', 'none_valid', 'all_over_estimate'] as const).find(
    (one) => one === failure,
  );
  return known === undefined ? failure : t(`eval.failure.${known}` satisfies Key);
};
