import { Bytes32, Flag, Id, Instant, Integer, Nested, QueryInteger, Text, Word } from '../platform/http/fields.js';

export class StepsQuery {
  @QueryInteger(0, Number.MAX_SAFE_INTEGER, { doc: 'The `next` of the page before: an index of the log.' })
  after?: number;

  @QueryInteger(0, Number.MAX_SAFE_INTEGER, { doc: 'The `previous` of a page: the steps before it.' })
  before?: number;

  @QueryInteger(1, 200, { doc: 'Steps a page, 50 unless told.' })
  limit?: number;

  @Word(['true'], { optional: true, doc: 'Auditors: also what is not disclosed. The reading is logged.' })
  everything?: 'true';
}

export class StepView {
  @Id()
  id: string;

  @Text(60)
  type: string;

  @Instant()
  at: string;

  @Word(['person', 'system', 'public'], { doc: 'Who acted; a person’s number stands in the entry itself.' })
  actor: 'person' | 'system' | 'public';

  @Text(60, { optional: true, doc: 'Auditors are told who it was.' })
  actorId?: string;

  @Text(500, { optional: true })
  actorName?: string;

  @Id({ optional: true })
  lotId?: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'Place in the log.' })
  index: number;

  @Bytes32()
  leafSha256: string;

  @Text(30, { optional: true, doc: 'State of the tender after it, by the entries that the reader may read.' })
  state?: string;

  @Flag({ doc: 'Two people had its readable form erased.' })
  erased: boolean;
}

export class StepPage {
  @Nested(() => StepView, { list: 200 })
  items: readonly StepView[];

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: '`after` of the next page.' })
  next?: number;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: '`before` of the page before.' })
  previous?: number;
}
