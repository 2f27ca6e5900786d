/** What is sent about tenders. */
import { REGION_CODES, type Region } from '@segel/procurement';
import {
  Bytes32,
  Bytes64,
  Decimal,
  Document,
  Id,
  Instant,
  Integer,
  Nested,
  Pattern,
  Text,
  Word,
} from '../platform/http/fields.js';
import { PageQuery } from '../platform/http/page.js';
import { DOCUMENT_MEDIA_TYPES } from './media-types.js';
import { CURSOR } from './search-cursor.js';
import { OpenerGroupDto, TermsDto } from './terms.dto.js';

const TEAM_ROLES = ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'reviewer'] as const;
export const TENDER_ORDERS = ['newest', 'deadline', 'relevance'] as const;
export const VERSION_MAX = 100_000;

export class CreateTenderDto {
  @Id()
  buyerId: string;

  @Nested(() => TermsDto)
  terms: TermsDto;
}

export class ImportTenderDto {
  @Document('An OCDS 1.1 release package.')
  package: object;

  @Id()
  buyerId: string;

  @Text(60)
  rulePackId: string;

  @Word(['pq1', 'x1'])
  suite: 'pq1' | 'x1';

  @Instant()
  enquiryEndAt: string;

  @Instant()
  deadlineAt: string;

  @Nested(() => OpenerGroupDto, { list: 8, optional: true })
  groups?: OpenerGroupDto[];
}

export class ChangeTermsDto {
  @Integer(1, VERSION_MAX, { doc: 'The version the change was made to.' })
  version: number;

  @Nested(() => TermsDto)
  terms: TermsDto;
}

export class AddendumDto {
  @Integer(1, VERSION_MAX, { optional: true, doc: 'The newest version that the change was made to.' })
  version?: number;

  @Nested(() => TermsDto)
  terms: TermsDto;

  @Text(2000)
  reason: string;
}

export class TeamMemberDto {
  @Id()
  accountId: string;

  @Word(TEAM_ROLES)
  role: (typeof TEAM_ROLES)[number];
}

export class DocumentQuery {
  @Text(60, { doc: 'OCDS documentType.' })
  kind: string;

  @Text(250)
  title: string;

  @Text(200)
  fileName: string;

  @Word(DOCUMENT_MEDIA_TYPES)
  mediaType: string;
}

export class OpenerKeyDto {
  @Word(['pq1', 'x1'])
  suite: 'pq1' | 'x1';

  @Text(3000, { doc: 'age recipient' })
  recipient: string;

  @Bytes32()
  key: string;

  @Bytes64({ doc: 'Over {tender_id, opener_id, suite, recipient, key} as `key.opener.registered`.' })
  sig: string;
}

export class SubmissionDto {
  @Integer(1, VERSION_MAX)
  version: number;

  @Bytes32()
  key: string;

  @Bytes64({ doc: 'Over the body of the notice draft, as its kind.' })
  sig: string;
}

export class ApprovalDto {
  @Integer(1, VERSION_MAX)
  version: number;

  @Word(['approve', 'return'])
  decision: 'approve' | 'return';

  @Bytes32({ optional: true })
  key?: string;

  @Bytes64({ optional: true })
  sig?: string;

  @Text(1000, { optional: true })
  reason?: string;
}

export class CancellationDto {
  @Text(60)
  reasonCode: string;

  @Text(2000)
  reason: string;
}

export class TenderListQuery extends PageQuery {
  @Text(200, { optional: true, doc: 'Words, Indonesian or English; "in quotes" together, -without.' })
  q?: string;

  @Text(200, { optional: true, doc: 'One state, or several with commas between.' })
  state?: string;

  @Word(['goods', 'works', 'services'], { optional: true })
  category?: 'goods' | 'works' | 'services';

  @Word(REGION_CODES, { optional: true, doc: 'Where it is delivered or built, ISO 3166-2.' })
  region?: Region;

  @Pattern(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/, 'the id of a rule pack', {
    optional: true,
    doc: 'The method, by its rule pack.',
  })
  rulePackId?: string;

  @Decimal({ optional: true, doc: 'The estimate is this or more. Tenders without a public estimate are left out.' })
  amountFrom?: string;

  @Decimal({ optional: true, doc: 'The estimate is this or less.' })
  amountTo?: string;

  @Pattern(/^[A-Z]{3}$/, 'a three-letter currency', { optional: true, doc: 'Of the amounts; IDR unless told.' })
  currency?: string;

  @Word(TENDER_ORDERS, {
    optional: true,
    doc: 'Unless told, by relevance when there are words, else the newest first.',
  })
  sort?: (typeof TENDER_ORDERS)[number];

  @Word(['true'], { optional: true, doc: 'Those the caller is on the team of, drafts too.' })
  mine?: 'true';

  @Pattern(CURSOR, 'the `next` of a page', { optional: true, doc: 'The `next` of the page before.' })
  override after?: string;
}

export class KeyRevocationDto {
  @Bytes32({ doc: 'Your registered signing key.' })
  key: string;

  @Bytes64({ doc: 'Over {tender_id, opener_id, recipient, key} as `key.opener.revoked`.' })
  sig: string;
}
