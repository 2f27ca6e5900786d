/** People of one company: who registered it invites the others and ends their membership. Nobody else does, no operator
 *  either: who slipped a person into a company could withdraw its bids. */
import { demandRoleBeside } from './account.js';
import { demand, Refusal } from './refusal.js';
import type { Role } from './roles.js';

/** People of a company and invitations that wait, together: an invitation is a mail to a stranger in our name. */
const COLLEAGUES_MAX = 50;

/** What the rules need to know of a company. */
export type Company = {
  readonly registeredBy: string;
  /** Accounts of those who act for it now. */
  readonly people: readonly string[];
};

/** Throws `not_found` to whoever is not of the company, `not_allowed` to its people but the one who registered it. */
export function demandManager({ registeredBy, people }: Company, accountId: string): void {
  demand(people.includes(accountId), 'not_found', 'There is no such company.');
  demand(accountId === registeredBy, 'not_allowed', 'Who registered the company decides who acts for it.');
}

/** Invites somebody to act for the company.
 *  @param act.approved two operators approved it: before, its name is what any stranger typed, and we would mail it
 *  @param act.waiting invitations that nobody accepted yet
 *  @throws Refusal `not_found`, `not_allowed`, `vendor_not_approved`, `company_full` */
export function inviteColleague(act: {
  readonly company: Company;
  readonly actorId: string;
  readonly approved: boolean;
  readonly waiting: number;
}): void {
  demandManager(act.company, act.actorId);
  demand(act.approved, 'vendor_not_approved', 'The company is not approved yet.');
  const most = COLLEAGUES_MAX;
  if (act.company.people.length + act.waiting < most) return;
  throw new Refusal('company_full', `At most ${most} people act for one company, invited ones too.`, { most });
}

/** Lets the invited in. Whoever holds an official's role, or acts for another company, stays out.
 *  @param act.held roles the person holds now, in organisations (or companies) or on tenders
 *  @param act.invitedAt when the invitation was made @param act.endedAt when the person left this company last
 *  @throws Refusal `token_invalid` when who invited may do so no more, or when the person was sent away since: an older
 *  link must not lead back in; `role_conflict` */
export function joinCompany(act: {
  readonly vendorId: string;
  readonly company: Company;
  readonly invitedBy: string;
  readonly inviterRevoked: boolean;
  readonly invitedAt: Date;
  readonly endedAt: Date | null;
  readonly held: readonly { readonly role: Role; readonly organisationId: string | null }[];
}): void {
  const { company, invitedBy, held } = act;
  const stands = company.registeredBy === invitedBy && company.people.includes(invitedBy) && !act.inviterRevoked;
  demand(stands, 'token_invalid', 'Who invited may not do so any more.');
  const since = act.endedAt === null || act.invitedAt > act.endedAt;
  demand(since, 'token_invalid', 'The membership was ended after this invitation; ask for a new one.');
  demandRoleBeside(
    held.map(({ role }) => role),
    'vendor',
  );
  const elsewhere = held.some(({ organisationId }) => organisationId !== act.vendorId);
  if (!elsewhere) return;
  throw new Refusal('role_conflict', 'This person acts for another company.', { held: 'vendor', role: 'vendor' });
}

/** Ends a membership: who registered the company ends that of others, everybody else their own.
 *  @throws Refusal `not_found`, `not_allowed`, `wrong_state` for the one who registered it: a company is never without */
export function endMembership(act: {
  readonly company: Company;
  readonly actorId: string;
  readonly accountId: string;
}): void {
  const { company, actorId, accountId } = act;
  if (actorId !== accountId) demandManager(company, actorId);
  demand(company.people.includes(accountId), 'not_found', 'Nobody of this company is meant.');
  demand(accountId !== company.registeredBy, 'wrong_state', 'Who registered the company stays with it.');
}
