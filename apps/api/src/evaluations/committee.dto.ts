import { PageQuery } from '../platform/http/page.js';
import { Flag, Id, Instant, Integer, Nested, Text } from '../platform/http/fields.js';

export class EvaluationDutiesQuery extends PageQuery {}

export class LotDutyView {
  @Id()
  lotId: string;

  @Text(30)
  state: string;

  @Integer(0, 100_000, { doc: 'Bids that opened, each of which takes a finding.' })
  bids: number;

  @Integer(0, 100_000, { doc: 'Findings of the own committed.' })
  found: number;

  @Flag({ doc: 'A result of this lot carries the own signature; it may have changed since.' })
  signed: boolean;

  @Flag({ doc: 'Most of the committee signed the result.' })
  completed: boolean;
}

export class EvaluationDutyView {
  @Id({ doc: 'Of the tender.' })
  id: string;

  @Text(500)
  title: string;

  @Text(30)
  state: string;

  @Flag({ optional: true, doc: 'What was declared: true is a conflict. Absent: nothing yet.' })
  conflict?: boolean;

  @Nested(() => LotDutyView, { list: 1000, doc: 'Opened lots, for who declared no conflict.' })
  lots: LotDutyView[];
}

export class EvaluationDutiesView {
  @Nested(() => EvaluationDutyView, { list: 200 })
  items: EvaluationDutyView[];

  @Text(100, { optional: true })
  next?: string;
}

export class CommitteeMemberView {
  @Id()
  accountId: string;

  @Text(200)
  name: string;

  @Flag({ optional: true, doc: 'True: a conflict of interest, so no part in it. Absent: nothing declared yet.' })
  conflict?: boolean;

  @Instant({ optional: true })
  declaredAt?: string;
}

export class CommitteeView {
  @Integer(0, 99, { doc: 'The rule pack asks for so many evaluators without conflict, and an odd number of them.' })
  minimum: number;

  @Flag({ doc: 'Enough evaluators declared that they have no conflict.' })
  complete: boolean;

  @Nested(() => CommitteeMemberView, { list: 99, doc: 'Who declared a conflict reads only the own row.' })
  members: CommitteeMemberView[];
}
