/** Rules of accounts: passwords, the pause after failed sign-ins, roles in organisations, revocation. */
import { demandReason, demandTwoPeople } from './publication.js';
import { demand, Refusal } from './refusal.js';
import type { Role } from './roles.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a session lasts, in milliseconds. */
export const SESSION_MS = 12 * HOUR;

/** What a one-use link is for, and how long it holds, in milliseconds. */
export const LINK_MS = { confirm: DAY, reset: HOUR, invite: 14 * DAY } as const;
export type LinkPurpose = keyof typeof LINK_MS;

const FAILURES_ALLOWED = 10;
const PAUSE_MS = 15 * MINUTE;
/** A second operator must agree within this time. */
export const REVOCATION_REQUEST_MS = 7 * DAY;

/** Throws `password_weak` unless the password has 12 to 200 characters and is not the e-mail address.
 *  @param password normalised text @param email lower case */
export function demandPassword(password: string, email: string): void {
  // Characters, not the halves of some that a string counts.
  const length = Array.from(password).length;
  demand(length >= 12, 'password_weak', 'A password has at least twelve characters.', { least: 12 });
  demand(length <= 200, 'password_weak', 'A password has at most two hundred characters.', { most: 200 });
  demand(password.trim().toLowerCase() !== email, 'password_weak', 'The e-mail address is not a password.');
}

/** Failed sign-ins of an account since the last one that held. */
export type SignInState = { readonly failedSignIns: number; readonly lockedUntil: Date | null };

/** True while no sign-in is accepted, however right the password. */
export function isPaused(state: SignInState, now: Date): boolean {
  return state.lockedUntil !== null && state.lockedUntil > now;
}

/** The state after a wrong password; the tenth in a row pauses sign-ins for 15 minutes.
 *  Sessions go on, and a password reset ends the pause: whoever guesses passwords must not be able to keep a
 *  vendor out on closing day (requirements, threat T4). */
export function afterFailedSignIn(state: SignInState, now: Date): SignInState & { readonly paused: boolean } {
  const failedSignIns = state.failedSignIns + 1;
  if (failedSignIns < FAILURES_ALLOWED) return { failedSignIns, lockedUntil: null, paused: false };
  return { failedSignIns: 0, lockedUntil: new Date(now.getTime() + PAUSE_MS), paused: true };
}

/** Roles that exclude every other one everywhere, not only on one tender. */
const ALONE: readonly Role[] = ['vendor', 'auditor', 'operator'];

/** Throws `role_conflict` when who holds these roles (in organisations or on tenders) may not take the new one.
 *  Pairs that exclude each other on one tender only are checked when a tender's team is composed. */
export function demandRoleBeside(held: readonly Role[], role: Role): void {
  const against = held.find((other) => other !== role && (ALONE.includes(other) || ALONE.includes(role)));
  if (against === undefined) return;
  throw new Refusal('role_conflict', `Who is ${against} may not also be ${role}.`, { held: against, role });
}

export type OrganisationKind = 'buyer' | 'oversight' | 'civil' | 'operator';

const HOMES: { readonly [role in Exclude<Role, 'vendor'>]: readonly OrganisationKind[] } = {
  operator: ['operator'],
  preparer: ['buyer'],
  approver: ['buyer'],
  opener: ['buyer', 'oversight', 'civil'],
  evaluator: ['buyer'],
  award_authority: ['buyer'],
  reviewer: ['buyer', 'oversight'],
  auditor: ['oversight', 'civil'],
};

/** Throws `role_conflict` when nobody holds this role in such an organisation. */
export function demandRoleAtHome(role: Exclude<Role, 'vendor'>, kind: OrganisationKind): void {
  if (HOMES[role].includes(kind)) return;
  throw new Refusal('role_conflict', `Nobody is ${role.replace('_', ' ')} in an organisation of this kind.`, {
    role,
    kind,
  });
}

/** An invitation to a role as it waits for a second operator. */
export type WaitingInvitation = {
  /** The operator who asked; null when the system invited. */
  readonly requestedBy: string | null;
  /** True when that operator's account was revoked since. */
  readonly requesterRevoked: boolean;
  readonly confirmed: boolean;
  readonly expiresAt: Date;
};

/** Confirms an invitation. Two operators give a role, so that one alone cannot make the people who watch or decide.
 *  @throws Refusal `wrong_state` when it is confirmed already, has expired or was asked for by somebody whose account
 *  was revoked since, `same_person_twice` */
export function confirmInvitation(invitation: WaitingInvitation, operatorId: string, now: Date): void {
  demand(!invitation.confirmed && invitation.requestedBy !== null, 'wrong_state', 'It is confirmed already.');
  demand(invitation.expiresAt > now, 'wrong_state', 'The request has expired; ask for it again.');
  demand(!invitation.requesterRevoked, 'wrong_state', 'The account of who asked for this was revoked.');
  demandTwoPeople(invitation.requestedBy, operatorId);
}

/** Revokes an account. A vendor's user is revoked by two operators, so that one alone cannot silence a bidder
 *  (requirement 78); an official by one, because it must be quick (requirement 76).
 *  @param act.requestedBy operators who asked before, within {@link REVOCATION_REQUEST_MS}
 *  @throws Refusal `reason_missing`, `same_person_twice`, `role_conflict`, `wrong_state` when it is revoked already */
export function revokeAccount(act: {
  readonly accountId: string;
  readonly revoked: boolean;
  readonly vendorUser: boolean;
  readonly requestedBy: readonly string[];
  readonly operatorId: string;
  readonly reason: string;
}): { readonly state: 'requested' | 'revoked'; readonly reason: string } {
  const reason = demandReason(act.reason);
  demand(!act.revoked, 'wrong_state', 'The account is revoked already.');
  demand(act.accountId !== act.operatorId, 'role_conflict', 'Nobody revokes their own account.');
  if (!act.vendorUser) return { state: 'revoked', reason };
  for (const before of act.requestedBy) demandTwoPeople(before, act.operatorId);
  return { state: act.requestedBy.length > 0 ? 'revoked' : 'requested', reason };
}
