/** Erasure of personal data (protocol section 4): what may be erased, when, and by whom. */
import { demand, demandTwoPeople, FINAL_STATES, Refusal, type TenderState } from '@segel/procurement';
import { ERASURE_REASONS } from './catalogue/log.js';
import { ENTRY_TYPES, type EntryTypeName } from './entry.js';

export { ERASURE_REASONS };
export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** How long is kept what a tender's verification, a court or an audit of the officials needs. */
export const RETENTION = {
  years: 10,
  source: 'Ten years, as Law 8/1997 (Indonesia) keeps company documents.',
  /** Nobody has checked yet which term holds for procurement records. */
  unverified: ['years'],
} as const;

/** A second person must confirm within this time. */
export const ERASURE_REQUEST_MS = 30 * 86_400_000;

/** What `segel verify tender` reads, and who was given power or used it over secrets. */
const KEPT: readonly EntryTypeName[] = [
  'chaff',
  'secret.read',
  'admin.acted',
  'erasure.requested',
  'erasure.declined',
  'role.granted',
  'role.revoked',
  'account.invitation_requested',
  'account.invited',
  'vendor.draft_saved',
  'tender.drafted',
  'tender.submitted',
  'tender.approved',
  'tender.cancellation_proposed',
  'opening.documents_scanned',
  'opening.seed_disclosed',
  'evaluation.conflict_declared',
  'evaluation.score_committed',
  'evaluation.consensus',
  'evaluation.completed',
  'objection.filed',
];

/** True when entries of the type are kept for the whole retention. */
export function isKept(type: EntryTypeName): boolean {
  return type.startsWith('bid.') || KEPT.includes(type);
}

/** The instant from which something of this instant may go. */
export function keptUntil(at: Date): Date {
  const until = new Date(at);
  until.setUTCFullYear(until.getUTCFullYear() + RETENTION.years);
  return until;
}

/** An entry somebody wants to erase. */
export type ErasableEntry = {
  readonly type: EntryTypeName;
  readonly at: Date;
  /** Accounts it is about: who acted and whom it concerns. */
  readonly people: readonly string[];
  /** State of the tender it is about; null when it is about none. */
  readonly tenderState: TenderState | null;
  /** True when it lies in the period of a tender whose box is not opened yet: auditors must open every leaf of it, or
   *  a bid could hide behind an erased one. */
  readonly inOpenPeriod: boolean;
};

/** Throws `entry_kept` (clear, or within its retention) or `entry_needed` (a tender that is not over needs it). */
export function demandErasable(entry: ErasableEntry, now: Date): void {
  const { type, at, tenderState, inOpenPeriod } = entry;
  demand(ENTRY_TYPES[type].form === 'blinded', 'entry_kept', 'A clear entry is public for good.', { type });
  const until = keptUntil(at);
  if (isKept(type) && now < until) {
    const sentence = `Entries of this type are kept for ${RETENTION.years} years.`;
    throw new Refusal('entry_kept', sentence, { type, until: until.toISOString() });
  }
  const over = tenderState === null || FINAL_STATES.includes(tenderState);
  demand(over, 'entry_needed', 'The tender it belongs to is not over.', { tenderState: tenderState ?? '' });
  demand(!inOpenPeriod, 'entry_needed', 'Auditors have yet to open it: it lies in the period of an open tender.');
}

/** An account whose personal data somebody wants to erase. */
export type ErasableAccount = {
  readonly id: string;
  readonly revokedAt: Date | null;
  /** It signed or decided something for which its person still answers: it holds or held a signing key or a role of a
   *  tender. */
  readonly answers: boolean;
};

/** Throws `wrong_state` while the account lives, `entry_kept` while its person answers for what was signed. */
export function demandErasableAccount({ revokedAt, answers }: ErasableAccount, now: Date): void {
  demand(revokedAt !== null, 'wrong_state', 'Only the data of a revoked account is erased.');
  const until = keptUntil(revokedAt);
  if (!answers || now >= until) return;
  const sentence = `Who signed or decided is known for ${RETENTION.years} years after the account ended.`;
  throw new Refusal('entry_kept', sentence, { until: until.toISOString() });
}

/** Throws `role_conflict` when the person is one of those it is about: nobody erases their own trace. */
export function demandUninvolved(people: readonly string[], accountId: string): void {
  demand(!people.includes(accountId), 'role_conflict', 'Nobody decides on the erasure of what is about themselves.');
}

/** A request as the second person finds it. */
export type WaitingErasure = {
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** True when the account of who asked was revoked since. */
  readonly requesterRevoked: boolean;
  readonly decided: boolean;
};

/** Throws `wrong_state` when the request was decided, has expired, or was made by somebody whose account was revoked
 *  since; `same_person_twice`. */
export function demandSecondPerson(request: WaitingErasure, accountId: string, now: Date): void {
  demand(!request.decided, 'wrong_state', 'The request was decided already.');
  const age = now.getTime() - request.requestedAt.getTime();
  demand(age <= ERASURE_REQUEST_MS, 'wrong_state', 'The request has expired; ask for it again.');
  demand(!request.requesterRevoked, 'wrong_state', 'The account of who asked for this was revoked.');
  demandTwoPeople(request.requestedBy, accountId);
}
