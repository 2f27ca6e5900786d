import { Bytes32, Bytes64, Decimal, Document, Flag, Id, Instant, Nested, Text } from '../platform/http/fields.js';
import { EntryPlaceView } from '../platform/log/places.js';

export class IntendAwardDto {
  @Instant({ doc: 'The `standstill_end` of the draft that was signed.' })
  standstillEndAt: string;

  @Bytes32({ doc: 'A registered key of the award authority.' })
  key: string;

  @Bytes64({ doc: 'Over the draft `body` as `award.intended`.' })
  sig: string;
}

export class DecideAwardDto {
  @Bytes32({ doc: 'A registered key of the award authority.' })
  key: string;

  @Bytes64({ doc: 'Over `decisionBody` as `award.decided`.' })
  sig: string;
}

export class AnnouncedAwardView {
  @Id()
  bidId: string;

  @Bytes32()
  bidCommitment: string;

  @Id()
  vendorId: string;

  @Text(500)
  vendorName: string;

  @Decimal()
  amount: string;

  @Text(3)
  currency: string;

  @Instant()
  intendedAt: string;

  @Instant()
  standstillEndAt: string;

  @Instant({ optional: true })
  standstillEndedAt?: string;

  @Instant({ optional: true })
  decidedAt?: string;
}

export class CommitteeSignatureView {
  @Id()
  evaluatorId: string;

  @Bytes32()
  key: string;

  @Bytes64()
  sig: string;
}

export class WinnerStandingView {
  @Text(500)
  vendorName: string;

  @Flag({ doc: 'Its registration is approved.' })
  approved: boolean;

  @Instant({ optional: true, doc: 'It is excluded until then.' })
  excludedUntil?: string;
}

export class AwardView {
  @Id()
  lotId: string;

  @Text(40)
  state: string;

  @Text(60, { optional: true, doc: 'Why the lot failed.' })
  failure?: string;

  @Document(
    "For the award authority before the announcement: what to sign as `award.intended`. The standstill's end holds for ten minutes, in a demonstration for half a day of its pack; then ask again.",
    {
      optional: true,
    },
  )
  body?: object;

  @Nested(() => WinnerStandingView, {
    optional: true,
    doc: 'For the award authority until it has decided: the standing of the first rank now.',
  })
  standing?: WinnerStandingView;

  @Id({ optional: true, list: 99, doc: 'For the award authority: the evaluators whose result it is.' })
  committee?: string[];

  @Nested(() => AnnouncedAwardView, { optional: true })
  award?: AnnouncedAwardView;

  @Document('What the award authority signs as `award.decided`.', { optional: true })
  decisionBody?: object;

  @Document('The result document: every bid with its rank and reasons.', { optional: true })
  result?: object;

  @Bytes32({ optional: true })
  resultSha256?: string;

  @Nested(() => CommitteeSignatureView, { list: 99, optional: true, doc: 'Over the result, by its committee.' })
  signatures?: CommitteeSignatureView[];

  @Nested(() => EntryPlaceView, { list: 99, optional: true, doc: 'What the log says about it, once it is announced.' })
  entries?: EntryPlaceView[];
}

export class AwardActView {
  @Id()
  lotId: string;

  @Text(40)
  state: string;

  @Bytes32()
  entrySha256: string;

  @Bytes32()
  leafSha256: string;
}
