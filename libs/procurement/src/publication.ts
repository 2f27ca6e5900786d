/** Submission for approval, publication, cancellation and failure of a tender (procurement.md section 2). */
import type { Assignment } from './duties.js';
import { demandRole } from './duties.js';
import type { EvaluationResult } from './evaluation-types.js';
import { transition } from './lifecycle.js';
import { demand, Refusal } from './refusal.js';
import type { RulePack } from './rule-pack.js';
import { refuseInProduction } from './rule-pack.js';
import type { LotState, TenderState, TenderTerms } from './tender.js';
import { demandComplete } from './terms.js';

type Act = {
  readonly state: TenderState;
  readonly accountId: string;
  readonly assignments: readonly Assignment[];
  readonly terms: TenderTerms;
  readonly pack: RulePack;
  readonly production: boolean;
  /** Openers whose tender key is registered. */
  readonly registeredOpenerIds: readonly string[];
  readonly now: Date;
};

/** The preparer hands complete terms to the approver.
 *  @throws Refusal `not_allowed`, `wrong_state`, `rule_pack_refused_in_production`, `terms_incomplete`,
 *  `opener_key_missing` */
export function submitTender(act: Act): { readonly state: TenderState } {
  demandRole(act.assignments, act.accountId, 'preparer');
  const state = transition(act.state, 'submit');
  demandPublishable(act);
  return { state };
}

/** Another person publishes exactly what the preparer submitted. The checks run again: time has passed.
 *  @param act.submittedTermsSha256 hash the preparer signed @param act.termsSha256 hash of the terms now
 *  @throws Refusal as {@link submitTender}, `same_person_twice`, `terms_changed` */
export function approveTender(
  act: Act & { readonly preparerId: string; readonly submittedTermsSha256: string; readonly termsSha256: string },
): { readonly state: TenderState; readonly publishedAt: Date } {
  demandRole(act.assignments, act.accountId, 'approver');
  const state = transition(act.state, 'approve');
  demandTwoPeople(act.preparerId, act.accountId);
  demand(act.submittedTermsSha256 === act.termsSha256, 'terms_changed', 'The terms are not those the preparer signed.');
  demandPublishable(act);
  return { state, publishedAt: act.now };
}

/** Cancels a tender or a lot: two people and a reason. Bids not opened by then stay sealed for ever.
 *  @throws Refusal `not_allowed`, `same_person_twice`, `reason_missing`, `wrong_state` */
export function cancelTender(act: {
  readonly state: TenderState;
  readonly assignments: readonly Assignment[];
  readonly requestedBy: string;
  readonly confirmedBy: string;
  readonly reason: string;
}): { readonly state: TenderState; readonly reason: string } {
  demandRole(act.assignments, act.requestedBy, 'preparer');
  demandRole(act.assignments, act.confirmedBy, 'approver');
  demandTwoPeople(act.requestedBy, act.confirmedBy);
  const reason = demandReason(act.reason);
  return { state: transition(act.state, 'cancel'), reason };
}

export type FailureReason = 'no_bids' | 'too_few_bids' | 'none_valid' | 'all_over_estimate';

/** Ends a lot without an award. Before the opening only an empty box is a ground; afterwards the evaluation's
 *  result says the ground.
 *  @param act.boxCount bids in the frozen box
 *  @throws Refusal `wrong_state`, `failure_unfounded` */
export function failLot(act: {
  readonly state: LotState;
  readonly boxCount: number;
  readonly result?: EvaluationResult;
}): {
  readonly state: LotState;
  readonly reason: FailureReason;
} {
  const state = transition(act.state, 'fail');
  const reason = act.boxCount === 0 ? 'no_bids' : act.result?.failure;
  demand(reason !== undefined, 'failure_unfounded', 'The lot has a bid that can win; it cannot be declared failed.');
  return { state, reason };
}

/** Throws `same_person_twice` when both acts are one person's. */
export function demandTwoPeople(first: string, second: string): void {
  demand(first !== second, 'same_person_twice', 'Two different people must do this.');
}

/** The trimmed reason. Throws `reason_missing` when nothing is said. */
export function demandReason(reason: string): string {
  const text = reason.trim();
  demand(text.length >= 10, 'reason_missing', 'A reason of at least ten characters is needed.');
  return text;
}

function demandPublishable(act: Act): void {
  refuseInProduction(act.pack, act.production);
  demandComplete(act.terms, act.pack, act.now);
  for (const id of act.terms.groups.flatMap((group) => group.openerIds)) {
    if (act.registeredOpenerIds.includes(id)) continue;
    throw new Refusal('opener_key_missing', 'An opener has not registered a key for this tender.', { openerId: id });
  }
}
