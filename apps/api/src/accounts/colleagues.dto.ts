import { Email, Flag, Id, Instant, Nested, Text } from '../platform/http/fields.js';

export class CompanyParam {
  @Id()
  vendorId: string;
}

export class ColleagueParam extends CompanyParam {
  @Id()
  accountId: string;
}

export class ColleagueInvitationParam extends CompanyParam {
  @Id()
  invitationId: string;
}

export class ColleagueRequest {
  @Email()
  email: string;
}

export class Colleague {
  @Id({ doc: 'The account.' })
  id: string;

  @Text(200)
  name: string;

  @Email()
  email: string;

  @Instant()
  since: string;

  @Flag({ doc: 'Has a registered key, and so can sign for the company.' })
  hasKey: boolean;

  @Flag({ doc: 'Registered the company: invites its people and ends their membership.' })
  manages: boolean;
}

export class ColleaguePage {
  @Nested(() => Colleague, { list: 200 })
  items: readonly Colleague[];

  @Text(100, { optional: true })
  next?: string;
}

export class ColleagueInvitation {
  @Id()
  id: string;

  @Email()
  email: string;

  @Instant()
  invitedAt: string;

  @Instant({ doc: 'Accepted before this instant.' })
  expiresAt: string;
}

export class ColleagueInvitationPage {
  @Nested(() => ColleagueInvitation, { list: 200 })
  items: readonly ColleagueInvitation[];

  @Text(100, { optional: true })
  next?: string;
}
