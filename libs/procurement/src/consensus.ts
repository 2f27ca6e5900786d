/** From individual findings to the committee's rejections (procurement.md section 6): each evaluator commits a finding
 *  on every bid before seeing another's, and a bid is rejected when most of the committee rejects it. */
import type { OpenedBid, Rejection } from './evaluation-types.js';
import { demand } from './refusal.js';
import { checkRejection } from './rejection.js';
import type { FrozenDocument } from './rule-pack.js';
import { freezeDocument } from './rule-pack.js';
import type { TenderTerms } from './tender.js';

/** One evaluator's finding on one bid: admitted, or rejected on a criterion, with evidence and text. */
export type BidFinding = {
  readonly bidId: string;
  readonly evaluatorId: string;
  readonly admitted: boolean;
  readonly criterionId?: string;
  readonly evidence?: string;
  readonly text?: string;
};

/** A finding that an evaluator of the committee still owes. */
export type MissingFinding = { readonly bidId: string; readonly evaluatorId: string };

export type Consensus = {
  /** What the evaluation takes: all rejections of the bids that a majority rejects. */
  readonly rejections: readonly Rejection[];
  readonly missing: readonly MissingFinding[];
};

/** Checks one finding before it is committed. A bid that did not open is rejected by itself and gets none.
 *  @param bids the bids of the box
 *  @throws Refusal `bid_unknown`, `wrong_state` (the bid did not open), `request_malformed` (an admission with a
 *  criterion), `criterion_unknown`, `rejection_incomplete` */
export function checkFinding(
  finding: BidFinding,
  terms: Pick<TenderTerms, 'criteria'>,
  bids: readonly OpenedBid[],
): void {
  const bid = bids.find(({ bidId }) => bidId === finding.bidId);
  demand(bid, 'bid_unknown', 'The bid is not in the box.');
  demand(bid.offer !== null, 'wrong_state', 'A bid that did not open is rejected by itself.');
  const { criterionId, evidence, text } = finding;
  if (finding.admitted) {
    const plain = criterionId === undefined && evidence === undefined && text === undefined;
    demand(plain, 'request_malformed', 'An admission names no criterion, evidence or reason.');
    return;
  }
  demand(criterionId !== undefined, 'rejection_incomplete', 'A rejection names its criterion.', {
    path: 'criterionId',
  });
  checkRejection({ bidId: bid.bidId, criterionId, evidence: evidence ?? '', text: text ?? '' }, terms, bids);
}

/** The finding as the canonical document whose hash is logged when it is committed.
 *  @param tenderId, lotId where the bid belongs */
export function findingDocument(
  finding: BidFinding & { readonly tenderId: string; readonly lotId: string },
): FrozenDocument {
  const { tenderId, lotId, bidId, evaluatorId, admitted, criterionId, evidence, text } = finding;
  return freezeDocument({ v: 1, tenderId, lotId, bidId, evaluatorId, admitted, criterionId, evidence, text });
}

/** Counts the findings of the committee; those of anybody else count for nothing. A bid is rejected when more than
 *  half of the committee rejects it, on whatever criteria; a finding that is missing rejects nothing.
 *  @param given.committee able evaluators @param given.bids bids of the box, in any order */
export function consensus(given: {
  readonly committee: readonly string[];
  readonly bids: readonly OpenedBid[];
  readonly findings: readonly BidFinding[];
}): Consensus {
  const rejections: Rejection[] = [];
  const missing: MissingFinding[] = [];
  for (const { bidId } of given.bids.filter((bid) => bid.offer !== null)) {
    const own = given.findings.filter((found) => found.bidId === bidId && given.committee.includes(found.evaluatorId));
    const found = new Set(own.map(({ evaluatorId }) => evaluatorId));
    missing.push(...given.committee.filter((id) => !found.has(id)).map((evaluatorId) => ({ bidId, evaluatorId })));
    const against = own.flatMap((finding) => rejectionOf(finding));
    if (against.length * 2 > given.committee.length) rejections.push(...against);
  }
  return { rejections, missing };
}

/** Throws `evaluation_incomplete` while anybody of the committee owes a finding. */
export function demandFindings({ missing }: Pick<Consensus, 'missing'>): void {
  demand(missing.length === 0, 'evaluation_incomplete', 'Not every evaluator has a finding on every bid yet.', {
    missing: missing.length,
  });
}

function rejectionOf({ bidId, admitted, criterionId, evidence, text }: BidFinding): readonly Rejection[] {
  if (admitted || criterionId === undefined) return [];
  return [{ bidId, criterionId, evidence: evidence ?? '', text: text ?? '' }];
}
