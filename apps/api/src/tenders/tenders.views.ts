/** What is answered about tenders: nothing else leaves. */
import { REGION_CODES, type Region } from '@segel/procurement';
import { Transform } from 'class-transformer';
import { Bytes32, Bytes64, Document, Flag, Id, Instant, Integer, Nested, Text, Word } from '../platform/http/fields.js';
import { OpenerKeyDto, TeamMemberDto, VERSION_MAX } from './tenders.dto.js';
import { MoneyDto, TermsDto } from './terms.dto.js';

/** Rows hold dates and null; answers hold instants and leave out what is not there. */
export const Moment =
  (options = { optional: true }): PropertyDecorator =>
  (target, name) => {
    Instant(options)(target, name);
    Transform(({ value }: { value: unknown }) => (value instanceof Date ? value.toISOString() : (value ?? undefined)))(
      target,
      name,
    );
  };

export const ALWAYS = { optional: false };

export class OpenerKeyView extends OpenerKeyDto {
  @Id()
  openerId: string;

  @Bytes32()
  entrySha256: string;
}

export class RevokedOpenerKeyView {
  @Text(3000, { doc: 'The age recipient that holds no longer.' })
  recipient: string;

  @Instant()
  revokedAt: string;
}

export class TenderSummaryView {
  @Id()
  id: string;

  @Text(100)
  ocid: string;

  @Text(250)
  title: string;

  @Text(30)
  state: string;

  @Text(500)
  buyerName: string;

  @Moment()
  deadlineAt?: string;

  @Moment()
  publishedAt?: string;

  @Word(['goods', 'works', 'services'], { optional: true })
  category?: string;

  @Word(REGION_CODES, { optional: true, doc: 'Where it is delivered or built, ISO 3166-2.' })
  region?: Region;

  @Text(60, { optional: true, doc: 'The rule pack, which is the method.' })
  rulePackId?: string;

  @Text(200, { optional: true })
  rulePackTitle?: string;

  @Nested(() => MoneyDto, { optional: true })
  estimate?: MoneyDto;

  @Text(60, { optional: true, doc: 'In which the deadline is stated.' })
  timeZone?: string;

  @Integer(0, 100, { optional: true })
  lots?: number;
}

export class DraftedView {
  @Id()
  id: string;

  @Text(100)
  ocid: string;

  @Integer(1, VERSION_MAX)
  version: number;

  @Bytes32()
  termsSha256: string;
}

export class TendererView {
  @Text(500)
  id: string;

  @Text(500)
  name: string;
}

export class ImportedBidView {
  @Nested(() => TendererView, { list: 100 })
  tenderers: TendererView[];

  @Id()
  lotId: string;

  @Text(30)
  amount: string;

  @Text(3)
  currency: string;
}

export class ImportedView extends DraftedView {
  @Text(4000, { list: 10_000, doc: 'What was changed, left out or assumed.' })
  notes: string[];

  @Nested(() => ImportedBidView, { list: 10_000 })
  bids: ImportedBidView[];
}

export class PreparedAddendumView {
  @Integer(1, VERSION_MAX)
  version: number;

  @Bytes32()
  termsSha256: string;

  @Instant()
  deadlineAt: string;

  @Flag()
  resealRequired: boolean;

  @Text(60, { list: 100 })
  changes: string[];
}

export class NoticeDraftView {
  @Integer(1, VERSION_MAX)
  version: number;

  @Word(['tender.published', 'tender.addendum'])
  kind: string;

  @Document('The exact body to sign.')
  body: object;
}

export class DecisionView {
  @Integer(1, VERSION_MAX)
  version: number;

  @Word(['approve', 'return'])
  decision: string;

  @Text(30)
  state: string;

  @Bytes32({ optional: true })
  noticeSha256?: string;

  @Bytes32({ optional: true })
  leafSha256?: string;
}

export class StateView {
  @Text(30)
  state: string;
}

export class IdView {
  @Id()
  id: string;
}

export class SignatureView {
  @Bytes32()
  key: string;

  @Bytes64()
  sig: string;
}

export class NoticeEntryView {
  @Text(60)
  type: string;

  @Moment(ALWAYS)
  at: string;

  @Bytes32()
  entrySha256: string;

  @Bytes32()
  leafSha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Its index in the log, once it has one.' })
  index?: number;

  @Integer(1, VERSION_MAX, { optional: true })
  version?: number;

  @Document('The body of the entry.', { optional: true })
  body?: object;

  @Nested(() => SignatureView, { list: 2, optional: true, doc: 'Preparer, approver.' })
  bodySig?: SignatureView[];
}

export class RulePackSummaryView {
  @Text(60)
  id: string;

  @Integer(1, VERSION_MAX)
  version: number;

  @Text(250)
  title: string;

  @Flag()
  demonstration: boolean;

  @Text(200, { list: 100, doc: 'Figures nobody has checked against the source yet.' })
  unverified: string[];

  @Bytes32({ doc: 'Of its canonical document.' })
  sha256: string;
}

export class RulesView {
  @Text(60)
  timeZone: string;

  @Text(30)
  submission: string;

  @Text(30)
  evaluation: string;

  @Integer(0, 1000)
  minimumBids: number;

  @Integer(0, 10_000)
  standstillDays: number;

  @Flag({ doc: 'Standstill days are working days.' })
  standstillWorking: boolean;

  @Flag({ doc: 'A bid over the estimate is rejected.' })
  rejectsAboveEstimate: boolean;

  @Flag({ doc: 'An auditor attests the closed box before a share is released.' })
  attestationRequired: boolean;

  @Word(['earliest', 'draw'])
  tieRule: string;
}

export class RulePackView extends RulePackSummaryView {
  @Document('The whole pack, as its canonical document.')
  document: object;
}

export class LotStateView {
  @Id()
  id: string;

  @Text(30)
  state: string;
}

export class TeamMemberView extends TeamMemberDto {
  @Text(250)
  name: string;
}

export class FindingView {
  @Text(250)
  path: string;

  @Text(60)
  code: string;

  @Text(500)
  sentence: string;

  @Word(['error', 'warning'])
  severity: string;
}

export class OutageView {
  @Moment(ALWAYS)
  from: string;

  @Moment(ALWAYS)
  until: string;

  @Integer(0, 2 ** 31)
  minutes: number;

  @Bytes32({ doc: 'Of the probes, at /api/tenders/{tenderId}/outages/{this hash in hex}.' })
  evidenceSha256: string;

  @Moment(ALWAYS)
  deadlineBefore: string;

  @Moment()
  extendedTo?: string;
}

export class TenderView {
  @Id()
  id: string;

  @Text(100)
  ocid: string;

  @Id()
  buyerId: string;

  @Text(250)
  title: string;

  @Text(30)
  state: string;

  @Integer(1, VERSION_MAX)
  version: number;

  @Moment()
  deadlineAt?: string;

  @Moment(ALWAYS)
  createdAt: string;

  @Moment()
  publishedAt?: string;

  @Bytes32({ optional: true, doc: 'Entry hash of the notice in force.' })
  noticeSha256?: string;

  @Integer(1, VERSION_MAX, { optional: true, doc: 'Bids on notices before this version are sealed again.' })
  resealRequiredSince?: number;

  @Nested(() => RulePackSummaryView)
  rulePack: RulePackSummaryView;

  @Nested(() => RulesView)
  rules: RulesView;

  @Integer(1, VERSION_MAX)
  termsVersion: number;

  @Bytes32()
  termsSha256: string;

  @Nested(() => TermsDto)
  terms: TermsDto;

  @Nested(() => LotStateView, { list: 100 })
  lots: LotStateView[];

  @Nested(() => OutageView, { list: 100, doc: 'Measured outages before the deadline, and where they moved it.' })
  outages: OutageView[];

  @Nested(() => TeamMemberView, { list: 100, optional: true, doc: 'For the team.' })
  team?: TeamMemberView[];

  @Nested(() => FindingView, { list: 10_000, optional: true, doc: 'For the team, before the publication.' })
  findings?: FindingView[];

  @Integer(0, 256, { optional: true, doc: 'For the team: named openers whose key is registered.' })
  openersReady?: number;

  @Integer(1, VERSION_MAX, { optional: true, doc: 'For the team: above `version` while an addendum is prepared.' })
  newestVersion?: number;
}
