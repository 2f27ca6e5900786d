/** Rejections: by an evaluator on a criterion, or because the opened form cannot be evaluated at all. */
import type { OpenedBid, OpeningFailure, Reason, Rejection } from './evaluation-types.js';
import { demand } from './refusal.js';
import type { TenderTerms } from './tender.js';

const MIN_TEXT = 10;

/** Checks one rejection of one bid: a criterion of the tender, evidence and text. There is no bulk rejection.
 *  @param bids the bids of the box
 *  @throws Refusal `bid_unknown`, `criterion_unknown`, `rejection_incomplete` */
export function checkRejection(
  rejection: Rejection,
  terms: Pick<TenderTerms, 'criteria'>,
  bids: readonly { readonly bidId: string }[],
): void {
  demand(
    bids.some((bid) => bid.bidId === rejection.bidId),
    'bid_unknown',
    'The rejected bid is not in the box.',
  );
  const known = terms.criteria.some((criterion) => criterion.id === rejection.criterionId);
  demand(known, 'criterion_unknown', 'A bid is rejected only on a criterion of the tender.');
  demand(rejection.evidence.trim().length > 0, 'rejection_incomplete', 'A rejection names its evidence.', {
    path: 'evidence',
  });
  demand(rejection.text.trim().length >= MIN_TEXT, 'rejection_incomplete', 'A rejection says why.', { path: 'text' });
}

const NOT_OPENED: Readonly<Record<OpeningFailure, string>> = {
  invalid_dealing: "The seed does not reproduce the bid's manifest.",
  context_mismatch: 'The payload was sealed for another context.',
  undecryptable: 'The payload does not decrypt.',
  openers_failed: 'The openers did not release enough shares and the vendor did not disclose the seed.',
  ciphertext_missing: 'The sealed files of the bid did not come within the grace after the deadline.',
  offer_malformed: 'The form of the bid cannot be read.',
};

/** Reasons that need no judgement: the bid did not open, its form is for something else, or lacks prices. */
export function formalReasons(bid: OpenedBid, terms: TenderTerms, lotId: string): readonly Reason[] {
  if (bid.offer === null) return [{ code: 'not_opened', text: NOT_OPENED[bid.failure] }];
  const { offer } = bid;
  if (offer.bidId !== bid.bidId || offer.lotId !== lotId) {
    return [{ code: 'offer_mismatch', text: 'The form inside the bid names another bid or lot.' }];
  }
  if (offer.currency !== terms.currency) {
    return [{ code: 'offer_mismatch', text: `The offer is not in ${terms.currency}.` }];
  }
  const items = terms.items.filter((item) => item.lotId === lotId).map((item) => item.id);
  const priced = offer.prices.map((line) => line.itemId);
  const missing = items.filter((id) => !priced.includes(id)).length;
  if (missing > 0)
    return [{ code: 'prices_incomplete', text: `Prices are missing for ${missing} of ${items.length} items.` }];
  if (priced.length !== items.length || priced.some((id) => !items.includes(id))) {
    return [{ code: 'prices_incomplete', text: 'The offer prices an item twice, or one that is not in the lot.' }];
  }
  return [];
}
