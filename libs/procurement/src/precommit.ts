/** Commit, then upload: before the deadline the vendor sends the signed manifest, which fixes every byte of the bid; the
 *  sealed bytes may follow within a grace that the terms state. A bid whose bytes do not come is void, by the clock and
 *  with an entry (requirement 17). Off unless the terms say so. */
import { formatInstant } from '@segel/encoding';
import type { Finder } from './finding.js';
import { Refusal } from './refusal.js';
import type { RulePack } from './rule-pack.js';
import type { Precommit, TenderTerms } from './tender.js';

const MINUTE_MS = 60_000;

/** Until when the sealed bytes of a bid that was committed in time may come: the deadline and the grace. Real minutes
 *  under every pack, also one whose day lasts seconds: uploads do not run faster in a demonstration. Undefined when the
 *  terms take no such bids. */
export function ciphertextDueAt(deadlineAt: Date, precommit: Precommit | undefined): Date | undefined {
  return precommit === undefined ? undefined : new Date(deadlineAt.getTime() + precommit.graceMinutes * MINUTE_MS);
}

/** From when a box may be opened at the latest: the deadline, or the end of the grace. */
export function openableAt(deadlineAt: Date, precommit: Precommit | undefined): Date {
  return ciphertextDueAt(deadlineAt, precommit) ?? deadlineAt;
}

/** Finds a grace that the rule pack does not know, or a longer one than it allows. */
export function checkPrecommit({ precommit }: TenderTerms, pack: RulePack, found: Finder): void {
  if (precommit === undefined) return;
  if (pack.precommit?.allowed !== true) {
    found.error('precommit', 'precommit_not_allowed', 'The rule pack wants the sealed files before the deadline.');
    return;
  }
  const { graceMinutes } = precommit;
  if (Number.isSafeInteger(graceMinutes) && graceMinutes >= 1 && graceMinutes <= pack.precommit.maxGraceMinutes) return;
  found.error(
    'precommit.graceMinutes',
    'number_outside',
    `The grace for sealed files is not between 1 and ${pack.precommit.maxGraceMinutes} minutes.`,
  );
}

/** What a grace is counted by. */
export type Grace = { readonly deadlineAt: Date; readonly precommit?: Precommit | undefined };

/** Throws `ciphertext_late` from the end of the grace on; at that very instant it is late. */
export function demandInGrace({ deadlineAt, precommit }: Grace, now: Date): void {
  const dueAt = openableAt(deadlineAt, precommit);
  if (now < dueAt) return;
  const params = { at: formatInstant(now), due: formatInstant(dueAt) };
  throw new Refusal('ciphertext_late', 'The time for sealed files has passed.', params);
}
