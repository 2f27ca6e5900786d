/** Changes after publication (procurement.md section 4, protocol section 4). */
import { canonicalize, formatInstant, parseInstant, toDocument } from '@segel/encoding';
import { addDays } from './calendar.js';
import type { Assignment } from './duties.js';
import { demandRole } from './duties.js';
import { transition } from './lifecycle.js';
import { demandReason, demandTwoPeople } from './publication.js';
import { demand, Refusal } from './refusal.js';
import type { RulePack } from './rule-pack.js';
import type { TenderState, TenderTerms } from './tender.js';
import { checkTerms } from './terms.js';

export type Addendum = {
  /** The new terms, with the deadline that holds. */
  readonly terms: TenderTerms;
  readonly deadlineAt: Date;
  /** True when bids must be sealed again; otherwise a reconfirmation is enough. */
  readonly resealRequired: boolean;
  /** Members of the terms that differ, in document spelling, sorted. */
  readonly changes: readonly string[];
  readonly reason: string;
};

// What a bid is sealed for and what its form consists of: the protocol's lots, envelopes and groups, and the items
// and slots that a sealed price form answers one by one.
const SEALED_MEMBERS = ['lots', 'items', 'slots', 'groups'] as const;
const FROZEN_MEMBERS = ['rulePackId', 'suite', 'buyer', 'currency', 'source', 'precommit'] as const;

/** Decides an addendum: two people, a reason, the deadline only later and only before it passed. When fewer days than
 *  the pack's `extensionAfterAddendumDays` would remain, the deadline moves so that they do.
 *  @throws Refusal `not_allowed`, `same_person_twice`, `reason_missing`, `wrong_state`, `deadline_passed`,
 *  `deadline_not_later`, `terms_invalid`, `terms_incomplete` */
export function addendum(act: {
  readonly state: TenderState;
  readonly assignments: readonly Assignment[];
  readonly preparerId: string;
  readonly approverId: string;
  readonly reason: string;
  readonly before: TenderTerms;
  readonly after: TenderTerms;
  readonly pack: RulePack;
  /** An opener lost the pinned key and registered another: that alone is a change, and bids are sealed to it again. */
  readonly keysReplaced?: boolean;
  readonly now: Date;
}): Addendum {
  const { before, pack, now, keysReplaced = false } = act;
  demandRole(act.assignments, act.preparerId, 'preparer');
  demandRole(act.assignments, act.approverId, 'approver');
  demandTwoPeople(act.preparerId, act.approverId);
  const reason = demandReason(act.reason);
  const deadline = parseInstant(before.deadlineAt);
  demand(now < deadline, 'deadline_passed', 'The deadline has passed; the terms cannot change any more.');
  transition(act.state, 'amend');

  demandSound(act.after, pack, now);
  demand(parseInstant(act.after.deadlineAt) >= deadline, 'deadline_not_later', 'A deadline only ever moves later.');
  demandFrozen(before, act.after);
  const changes = changedMembers(before, act.after).length > 0 || keysReplaced;
  demand(changes, 'terms_invalid', 'An addendum must change something.');

  const deadlineAt = extendedDeadline(parseInstant(act.after.deadlineAt), pack, now);
  const terms = { ...act.after, deadlineAt: formatInstant(deadlineAt) };
  return {
    terms,
    deadlineAt,
    resealRequired: keysReplaced || resealRequired(before, terms),
    changes: [...changedMembers(before, terms), ...(keysReplaced ? ['opener_keys'] : [])].sort(),
    reason,
  };
}

/** True when bids sealed under the first terms cannot be reconfirmed under the second. Also for a verifier. */
export function resealRequired(before: TenderTerms, after: TenderTerms): boolean {
  return SEALED_MEMBERS.some((member) => differs(before[member], after[member]));
}

/** The deadline that holds after an addendum at `now`: the proposed one, or later when too few days would remain; on a
 *  whole second, as witnesses count. */
export function extendedDeadline(proposed: Date, pack: RulePack, now: Date): Date {
  const earliest = addDays(now, pack.extensionAfterAddendumDays, pack.calendar);
  return wholeSecond(Math.max(proposed.getTime(), earliest.getTime()));
}

/** The whole second at or after an instant (ms): deadlines fall on one, as witnesses count. */
export function wholeSecond(ms: number): Date {
  return new Date(Math.ceil(ms / 1000) * 1000);
}

function changedMembers(before: TenderTerms, after: TenderTerms): readonly string[] {
  const [a, b] = [toDocument(before), toDocument(after)];
  const members = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return members.filter((member) => differs(a[member], b[member]));
}

function differs(a: unknown, b: unknown): boolean {
  const text = (value: unknown): string => (value === undefined ? '' : canonicalize(toDocument({ value })));
  return text(a) !== text(b);
}

function demandFrozen(before: TenderTerms, after: TenderTerms): void {
  const member = FROZEN_MEMBERS.find((name) => differs(before[name], after[name]));
  if (member) throw new Refusal('terms_invalid', 'An addendum cannot change this part of the terms.', { path: member });
}

// The minimum submission period counts from the publication; after an addendum the extension rule stands in for it.
function demandSound(after: TenderTerms, pack: RulePack, now: Date): void {
  const first = checkTerms(after, { ...pack, minimumSubmissionDays: 0 }, now).find(
    ({ severity, code }) => severity === 'error' && code !== 'period_too_short',
  );
  if (first) throw new Refusal('terms_incomplete', first.sentence, { path: first.path, finding: first.code });
}
