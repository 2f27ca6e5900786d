/** The evaluation of a lot: arithmetic anyone can repeat (procurement.md section 6). Lowest price, one envelope. */
import { compareBytes, fromBase64 } from '@segel/encoding';
import { abnormallyLow } from './abnormally-low.js';
import type { CorrectedOffer } from './correction.js';
import { correctOffer } from './correction.js';
import type { Decimal } from './decimal.js';
import { decimal, fixed } from './decimal.js';
import type { BidResult, EvaluationResult, OpenedBid, Reason, Rejection } from './evaluation-types.js';
import { repeated } from './finding.js';
import { supportsMethod } from './methods.js';
import type { FailureReason } from './publication.js';
import { rank } from './ranking.js';
import { demand } from './refusal.js';
import { checkRejection, formalReasons } from './rejection.js';
import type { FrozenDocument, RulePack } from './rule-pack.js';
import { freezeDocument } from './rule-pack.js';
import type { Item, TenderTerms } from './tender.js';

export type EvaluationInput = {
  readonly terms: TenderTerms;
  readonly pack: RulePack;
  readonly lotId: string;
  /** The `set_root` of the lot's `box.closed`, base64: what a draw between equal prices is made from. */
  readonly setRoot: string;
  /** Every bid of the box, opened or not, in any order. */
  readonly bids: readonly OpenedBid[];
  readonly rejections: readonly Rejection[];
};

type Judged = { readonly bid: OpenedBid; readonly reasons: readonly Reason[]; readonly price?: CorrectedOffer };

/** Evaluates a lot. The same input gives the same result whatever the order of bids and rejections.
 *  @throws Refusal `method_unsupported`, `not_found` (lot), `bid_unknown`, `criterion_unknown`,
 *  `rejection_incomplete`; Error on a bid or commitment that occurs twice */
export function evaluate(input: EvaluationInput): EvaluationResult {
  const { terms, pack, lotId, bids } = input;
  demand(supportsMethod(pack), 'method_unsupported', 'This version evaluates one envelope by the lowest price only.');
  const lot = terms.lots.find((candidate) => candidate.id === lotId);
  demand(lot, 'not_found', 'The tender has no such lot.');
  const [twice] = [...repeated(bids.map((bid) => bid.bidId)), ...repeated(bids.map((bid) => bid.commitment))];
  if (twice !== undefined) throw new Error(`bid ${twice} occurs twice`);
  for (const rejection of input.rejections) checkRejection(rejection, terms, bids);

  const estimate = lotEstimate(terms, lotId);
  const judged = bids.map((bid) => judge(bid, input, estimate));
  const ranked = rankedResults(judged, input, estimate);
  const rejected = judged
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => compareBytes(fromBase64(a.bid.commitment), fromBase64(b.bid.commitment)))
    .map((entry) => result(entry, pack, { status: 'rejected', reasons: entry.reasons, flags: [] }));
  const failure = failureOf(judged, pack);
  const best = failure === undefined ? ranked[0] : undefined;
  return {
    v: 1,
    lotId,
    rulePackId: pack.id,
    rulePackVersion: pack.version,
    method: pack.evaluation,
    currency: terms.currency,
    scale: pack.scale,
    rounding: pack.rounding,
    tieRule: pack.tieRule,
    ...(estimate === undefined ? {} : { estimate }),
    bids: [...ranked, ...rejected],
    ...(best === undefined ? {} : { winner: winnerOf(best) }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** The result as the canonical document everybody gets, its bytes and their SHA-256 (base64). */
export function resultDocument(evaluation: EvaluationResult): FrozenDocument {
  return freezeDocument(evaluation);
}

/** The estimate that bids for the lot are measured by: the lot's own, or the tender's when it is the only lot. */
export function lotEstimate(terms: TenderTerms, lotId: string): string | undefined {
  const lot = terms.lots.find((candidate) => candidate.id === lotId);
  return (lot?.estimate ?? (terms.lots.length === 1 ? terms.estimate : undefined))?.amount;
}

function judge(bid: OpenedBid, input: EvaluationInput, estimate: string | undefined): Judged {
  const { terms, pack, lotId } = input;
  const items: readonly Item[] = terms.items.filter((item) => item.lotId === lotId);
  const formal = formalReasons(bid, terms, lotId);
  const byEvaluators = rejectionReasons(bid.bidId, input);
  if (bid.offer === null || formal.length > 0) return { bid, reasons: [...formal, ...byEvaluators] };
  const price = correctOffer(bid.offer, items, pack);
  const over = overEstimate(price.total, estimate, pack);
  return { bid, reasons: [...byEvaluators, ...over], price };
}

function rejectionReasons(bidId: string, { rejections, terms }: EvaluationInput): readonly Reason[] {
  const place = (criterionId: string): number => terms.criteria.findIndex((criterion) => criterion.id === criterionId);
  return rejections
    .filter((rejection) => rejection.bidId === bidId)
    .map(({ criterionId, evidence, text }) => ({ code: 'criterion' as const, text, criterionId, evidence }))
    .sort(
      (a, b) =>
        place(a.criterionId) - place(b.criterionId) ||
        compareText(a.evidence, b.evidence) ||
        compareText(a.text, b.text),
    );
}

function overEstimate(total: Decimal, estimate: string | undefined, pack: RulePack): readonly Reason[] {
  if (!pack.estimate.rejectAbove || estimate === undefined || total.lte(decimal(estimate))) return [];
  const text = `The price ${fixed(total, pack.scale)} is over the owner's estimate ${estimate}.`;
  return [{ code: 'over_estimate', text }];
}

function rankedResults(
  judged: readonly Judged[],
  input: EvaluationInput,
  estimate: string | undefined,
): readonly BidResult[] {
  const { pack } = input;
  const valid = judged.flatMap((entry) =>
    entry.reasons.length === 0 && entry.price ? [{ ...entry, total: entry.price.total }] : [],
  );
  const candidates = valid.map((entry) => ({ ...entry, commitment: entry.bid.commitment, index: entry.bid.index }));
  return rank(candidates, pack, input.setRoot).map(({ candidate, position, reasons, tieKey }) => {
    const others = valid.filter(({ bid }) => bid !== candidate.bid).map(({ total }) => total);
    const flags = abnormallyLow(
      candidate.total,
      others,
      estimate === undefined ? undefined : decimal(estimate),
      pack.abnormallyLow,
    );
    return result(candidate, pack, {
      status: 'ranked',
      rank: position,
      reasons,
      flags,
      ...(tieKey === undefined ? {} : { tieKey }),
    });
  });
}

function result(
  { bid, price }: Judged,
  pack: RulePack,
  rest: Pick<BidResult, 'status' | 'rank' | 'reasons' | 'flags' | 'tieKey'>,
): BidResult {
  return {
    bidId: bid.bidId,
    commitment: bid.commitment,
    vendorId: bid.vendorId,
    index: bid.index,
    ...(bid.offer === null ? {} : { originalTotal: bid.offer.total }),
    ...(price === undefined ? {} : { correctedTotal: fixed(price.total, pack.scale) }),
    corrections: price?.corrections ?? [],
    ...rest,
  };
}

function winnerOf(best: BidResult): EvaluationResult['winner'] & object {
  return { bidId: best.bidId, commitment: best.commitment, vendorId: best.vendorId, amount: best.correctedTotal! };
}

function failureOf(judged: readonly Judged[], pack: RulePack): FailureReason | undefined {
  if (judged.length === 0) return 'no_bids';
  if (judged.length < pack.minimumBids) return 'too_few_bids';
  if (judged.some(({ reasons }) => reasons.length === 0)) return undefined;
  const priced = judged.filter(({ price }) => price !== undefined);
  const over = priced.every(({ reasons }) => reasons.some(({ code }) => code === 'over_estimate'));
  return priced.length > 0 && over ? 'all_over_estimate' : 'none_valid';
}

// By UTF-16 code units: the same everywhere, unlike a locale's order.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
