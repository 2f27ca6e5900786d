import {
  Base64,
  Bytes32,
  Flag,
  Id,
  Instant,
  Integer,
  Nested,
  Pattern,
  QueryInteger,
  Text,
} from '../platform/http/fields.js';
import { PageQuery } from '../platform/http/page.js';

export class OwnEntriesQuery extends PageQuery {
  @Pattern(/^[a-z]+(\.[a-z_]+)*(\.\*)?$/, 'an entry type, or a family such as account.*', {
    optional: true,
    doc: 'Security events of the own account are `account.*`, `role.*`, `key.*`, `access.*` and `admin.*`.',
  })
  type?: string;

  @Id({ optional: true })
  tenderId?: string;
}

export class OwnEntryParams {
  @Id()
  entryId: string;
}

export class OwnReceiptQuery {
  @QueryInteger(0, 30_000, { doc: 'Milliseconds to wait for the publication.' })
  waitMs?: number;
}

export class OwnEntryView {
  @Id()
  id: string;

  @Text(60)
  type: string;

  @Text(200, { doc: 'What such an entry says.' })
  sentence: string;

  @Instant()
  at: string;

  @Flag({ doc: 'The caller did it; else it was done by somebody else.' })
  byMyself: boolean;

  @Id({ optional: true })
  tenderId?: string;

  @Id({ optional: true })
  lotId?: string;

  @Bytes32()
  leafSha256: string;

  @Bytes32({ optional: true, doc: 'Of a blinded entry.' })
  commitment?: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Place in the log, once the public log reaches it.' })
  index?: number;

  @Bytes32({ optional: true, doc: 'Of a blinded entry.' })
  salt?: string;

  @Base64(100_000, { optional: true, doc: 'The entry, byte for byte; absent when it was erased.' })
  entryBytes?: string;

  @Flag({ doc: 'Everybody may read it by now.' })
  public: boolean;

  @Flag({ doc: 'Two people had its readable form erased.' })
  erased: boolean;
}

export class OwnEntryPage {
  @Nested(() => OwnEntryView, { list: 200 })
  items: readonly OwnEntryView[];

  @Text(100, { optional: true })
  next?: string;
}
