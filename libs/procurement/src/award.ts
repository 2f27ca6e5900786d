/** From the evaluators' declarations to the award (procurement.md sections 2, 6 and 7). */
import { periodEnd } from './calendar.js';
import type { Assignment } from './duties.js';
import { demandRole, holds } from './duties.js';
import type { EvaluationResult } from './evaluation-types.js';
import { resultDocument } from './evaluation.js';
import { transition } from './lifecycle.js';
import { demand, Refusal } from './refusal.js';
import type { RulePack } from './rule-pack.js';
import type { LotState } from './tender.js';
import type { VendorStanding } from './vendor.js';
import { demandGoodStanding } from './vendor.js';

/** A signed declaration on conflicts of interest; the latest one of an evaluator counts. */
export type ConflictDeclaration = { readonly accountId: string; readonly conflict: boolean };

/** Lets an evaluator at the bids: role held, declaration signed, no conflict declared.
 *  @throws Refusal `not_allowed`, `conflict_not_declared`, `conflict_declared` */
export function demandEvaluator(
  accountId: string,
  assignments: readonly Assignment[],
  declarations: readonly ConflictDeclaration[],
): void {
  demandRole(assignments, accountId, 'evaluator');
  const latest = declarations.findLast((declaration) => declaration.accountId === accountId);
  demand(latest, 'conflict_not_declared', 'An evaluator first declares conflicts of interest.');
  demand(!latest.conflict, 'conflict_declared', 'Who declared a conflict of interest takes no part.');
}

/** The evaluators who may evaluate: assigned, declared, without conflict. In the order of the assignments. */
export function ableEvaluators(
  assignments: readonly Assignment[],
  declarations: readonly ConflictDeclaration[],
): readonly string[] {
  return assignments
    .filter(({ role }) => role === 'evaluator')
    .map(({ accountId }) => accountId)
    .filter((id) => declarations.findLast((declaration) => declaration.accountId === id)?.conflict === false);
}

/** Throws `evaluators_insufficient` unless the committee is odd and at least the pack's minimum. */
export function demandCommittee(able: readonly string[], pack: Pick<RulePack, 'evaluatorMinimum'>): void {
  const enough = able.length >= pack.evaluatorMinimum && able.length % 2 === 1;
  demand(
    enough,
    'evaluators_insufficient',
    `An odd number of evaluators, at least ${pack.evaluatorMinimum}, is needed.`,
    {
      able: able.length,
      minimum: pack.evaluatorMinimum,
    },
  );
}

/** An evaluator completes the evaluation: the result they signed must be the one the arithmetic gives.
 *  @param act.signedSha256 base64 hash of the result document the evaluator signed
 *  @throws Refusal `wrong_state`, as {@link demandEvaluator} and {@link demandCommittee}, `evaluation_differs` */
export function completeEvaluation(act: {
  readonly lotState: LotState;
  readonly accountId: string;
  readonly assignments: readonly Assignment[];
  readonly declarations: readonly ConflictDeclaration[];
  readonly pack: RulePack;
  readonly result: EvaluationResult;
  readonly signedSha256: string;
}): { readonly resultSha256: string } {
  demandEvaluator(act.accountId, act.assignments, act.declarations);
  demandEvaluating(act.lotState);
  demandCommittee(ableEvaluators(act.assignments, act.declarations), act.pack);
  const { sha256 } = resultDocument(act.result);
  demand(sha256 === act.signedSha256, 'evaluation_differs', 'The signed result is not the computed one.', {
    computed: sha256,
  });
  return { resultSha256: sha256 };
}

export type IntendedAward = {
  readonly lotState: LotState;
  readonly bidId: string;
  readonly commitment: string;
  readonly vendorId: string;
  readonly amount: string;
  readonly currency: string;
  readonly resultSha256: string;
  readonly standstillEndAt: Date;
};

/** The award authority confirms the first rank; the standstill begins with the same act. With a standstill of length 0
 *  the lot stays `intended_award` and may be awarded at once.
 *  @param act.completedBy evaluators who signed the completion of exactly this result
 *  @param act.vendor standing of the winner now
 *  @throws Refusal `not_allowed`, `role_conflict`, `wrong_state`, `evaluation_incomplete`, `evaluators_insufficient`,
 *  `vendor_not_approved`, `vendor_blacklisted` */
export function intendAward(act: {
  readonly lotState: LotState;
  readonly accountId: string;
  readonly assignments: readonly Assignment[];
  readonly declarations: readonly ConflictDeclaration[];
  readonly completedBy: readonly string[];
  readonly result: EvaluationResult;
  readonly vendor: VendorStanding;
  readonly pack: RulePack;
  readonly now: Date;
}): IntendedAward {
  const { assignments, pack, result } = act;
  demandAwardAuthority(act.accountId, assignments);
  const intended = transition(act.lotState, 'intend_award');
  const able = ableEvaluators(assignments, act.declarations);
  demandCommittee(able, pack);
  const signed = able.filter((id) => act.completedBy.includes(id));
  demand(
    signed.length * 2 > able.length,
    'evaluation_incomplete',
    'Most of the committee has not signed the result yet.',
    {
      signed: signed.length,
      committee: able.length,
    },
  );
  if (!result.winner)
    throw new Refusal('evaluation_incomplete', 'The evaluation names no winner.', { failure: result.failure ?? '' });
  demandGoodStanding(act.vendor, act.now);
  const immediate = pack.standstill.length === 0;
  return {
    lotState: immediate ? intended : transition(intended, 'start_standstill'),
    ...result.winner,
    currency: result.currency,
    resultSha256: resultDocument(result).sha256,
    standstillEndAt: standstillEnd(act.now, pack),
  };
}

/** When a standstill that an event began is over: the pack's length, calendar, office hours and time zone. */
export function standstillEnd(from: Date, pack: Pick<RulePack, 'standstill' | 'calendar'>): Date {
  return pack.standstill.length === 0 ? from : periodEnd(from, pack.standstill, pack.calendar);
}

/** The award, at or after the end of the standstill.
 *  @throws Refusal `not_allowed`, `role_conflict`, `wrong_state`, `standstill_running`, `vendor_not_approved`,
 *  `vendor_blacklisted` */
export function decideAward(act: {
  readonly lotState: LotState;
  readonly accountId: string;
  readonly assignments: readonly Assignment[];
  readonly standstillEndAt: Date;
  readonly vendor: VendorStanding;
  readonly now: Date;
}): { readonly lotState: LotState } {
  demandAwardAuthority(act.accountId, act.assignments);
  const lotState = transition(act.lotState, 'decide_award');
  demand(act.now >= act.standstillEndAt, 'standstill_running', 'The standstill is not over.', {
    endsAt: act.standstillEndAt.toISOString(),
  });
  demandGoodStanding(act.vendor, act.now);
  return { lotState };
}

function demandAwardAuthority(accountId: string, assignments: readonly Assignment[]): void {
  demandRole(assignments, accountId, 'award_authority');
  const evaluates = holds(assignments, accountId, 'evaluator');
  demand(!evaluates, 'role_conflict', 'Who evaluates does not award.', { held: 'evaluator', role: 'award_authority' });
}

function demandEvaluating(state: LotState): void {
  demand(state === 'evaluating', 'wrong_state', 'The lot is not being evaluated.', { state });
}
