import { ROLES, type OrganisationKind, type Role } from '@segel/procurement';
import { Email, Id, Instant, Nested, Text, Word } from '../platform/http/fields.js';
import { PageQuery } from '../platform/http/page.js';

export const LANGUAGES = ['id', 'en'] as const;
export const ORGANISATION_KINDS = ['buyer', 'oversight', 'civil', 'operator'] as const;
/** Vendors' people come by registering a company. */
export type OfficialRole = Exclude<Role, 'vendor'>;
export const OFFICIAL_ROLES = ROLES.filter((role): role is OfficialRole => role !== 'vendor');

const PASSWORD = { doc: 'At least 12 characters.' };

export class SignUp {
  @Email()
  email: string;

  @Text(200)
  name: string;

  @Text(1000, PASSWORD)
  password: string;

  @Word(LANGUAGES)
  language: string;
}

export class Confirmation {
  @Text(200, { doc: 'The token of the link in the mail.' })
  token: string;
}

export class ForgottenPassword {
  @Email()
  email: string;
}

export class NewPassword {
  @Text(200, { doc: 'The token of the link in the mail.' })
  token: string;

  @Text(1000, PASSWORD)
  password: string;
}

export class PasswordChange {
  @Text(1000)
  currentPassword: string;

  @Text(1000, PASSWORD)
  password: string;
}

export class Invitation {
  @Email()
  email: string;

  @Word(OFFICIAL_ROLES)
  role: OfficialRole;

  @Id()
  organisationId: string;
}

export const INVITATION_STATES = ['requested', 'confirmed'] as const;
const INVITATION_STATE = { doc: '`requested`: a second operator must confirm it; nothing was mailed yet.' };

export class InvitationState {
  @Id()
  id: string;

  @Word(INVITATION_STATES, INVITATION_STATE)
  state: string;

  @Instant({ doc: 'Confirmed and accepted before this instant.' })
  expiresAt: string;
}

export class InvitationParam {
  @Id()
  invitationId: string;
}

export class InvitationView {
  @Id()
  id: string;

  @Email()
  email: string;

  @Word(OFFICIAL_ROLES)
  role: string;

  @Id()
  organisationId: string;

  @Id({ optional: true, doc: 'The operator who asked; absent for those of the first start.' })
  requestedBy?: string;

  @Instant()
  requestedAt: string;

  @Instant()
  expiresAt: string;

  @Word(INVITATION_STATES, INVITATION_STATE)
  state: string;
}

export class InvitationPage {
  @Nested(() => InvitationView, { list: 200 })
  items: readonly InvitationView[];

  @Text(100, { optional: true })
  next?: string;
}

export class Acceptance {
  @Text(200, { doc: 'The token of the link in the mail.' })
  token: string;

  @Text(200, { optional: true, doc: 'Needed when there is no account with the address yet.' })
  name?: string;

  @Text(1000, { optional: true, ...PASSWORD })
  password?: string;

  @Word(LANGUAGES, { optional: true })
  language?: string;
}

export class Accepted {
  @Id()
  accountId: string;
}

export class NewOrganisation {
  @Word(ORGANISATION_KINDS)
  kind: OrganisationKind;

  @Text(200)
  name: string;

  @Text(40, { optional: true })
  identifierScheme?: string;

  @Text(60, { optional: true })
  identifier?: string;
}

export class Created {
  @Id()
  id: string;
}

export class OrganisationView {
  @Id()
  id: string;

  @Word(ORGANISATION_KINDS)
  kind: string;

  @Text(200)
  name: string;

  @Text(40, { optional: true })
  identifierScheme?: string;

  @Text(60, { optional: true })
  identifier?: string;
}

export class OrganisationPage {
  @Nested(() => OrganisationView, { list: 200 })
  items: readonly OrganisationView[];

  @Text(100, { optional: true })
  next?: string;
}

export class OfficialsQuery extends PageQuery {
  @Word(OFFICIAL_ROLES, { optional: true })
  role?: OfficialRole;
}

export class Official {
  @Id({ doc: 'The account.' })
  id: string;

  @Text(200)
  name: string;

  @Word(OFFICIAL_ROLES)
  role: string;

  @Id()
  organisationId: string;

  @Text(200)
  organisationName: string;
}

export class OfficialPage {
  @Nested(() => Official, { list: 200 })
  items: readonly Official[];

  @Text(100, { optional: true })
  next?: string;
}

export class AccountParam {
  @Id()
  accountId: string;
}

export class Revocation {
  @Text(200)
  reason: string;
}

export class RevocationState {
  @Word(['requested', 'revoked'], { doc: '`requested`: a second operator must agree.' })
  state: string;
}
