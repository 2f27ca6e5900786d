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

export class EntriesQuery {
  @QueryInteger(0, Number.MAX_SAFE_INTEGER, { optional: false, doc: 'First index.' })
  from: number;

  @QueryInteger(0, Number.MAX_SAFE_INTEGER, { doc: 'Index after the last; at most 1000 above `from`.' })
  to?: number;
}

export class OpenedEntryView {
  @Integer(0, Number.MAX_SAFE_INTEGER)
  index: number;

  @Base64(100_000, { doc: 'Leaf data.' })
  data: string;

  @Bytes32({ optional: true, doc: 'Of a blinded entry.' })
  salt?: string;

  @Base64(100_000, { optional: true, doc: 'Of a blinded entry; absent when it was erased.' })
  entryBytes?: string;

  @Flag({ optional: true, doc: 'Two people had the opening erased; the log says so in clear.' })
  erased?: boolean;

  @Bytes32({ optional: true, doc: 'Leaf of the entry that says that it was erased.' })
  erasedBy?: string;
}

export class EntryParams {
  @Id()
  entryId: string;
}

export class CommitmentParams {
  @Pattern(/^[0-9a-f]{64}$/, 'a commitment in hex')
  commitment: string;
}

export class TenderParams {
  @Id()
  tenderId: string;
}

export class TrailQuery extends PageQuery {
  @Id({ optional: true })
  tenderId?: string;

  @Pattern(/^[a-z]+(\.[a-z_]+)*$/, 'an entry type', { optional: true })
  type?: string;
}

export class TrailView {
  @Id()
  id: string;

  @Text(60)
  type: string;

  @Instant()
  at: string;

  @Text(60)
  actorId: string;

  @Id({ optional: true })
  tenderId?: string;

  @Id({ optional: true })
  lotId?: string;

  @Id({ optional: true })
  subjectId?: string;

  @Bytes32()
  entrySha256: string;

  @Bytes32()
  leafSha256: string;

  @Bytes32({ optional: true })
  commitment?: string;
}

export class TrailPage {
  @Nested(() => TrailView, { list: 200 })
  items: readonly TrailView[];

  @Text(100, { optional: true })
  next?: string;
}

/** An entry of the trail with its leaf and its opening. An entry without an index waits for its place in the log. */
export class OpenedTrailView extends TrailView {
  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true })
  index?: number;

  @Base64(100_000, { optional: true, doc: 'Leaf data, once the entry has its place.' })
  data?: string;

  @Bytes32({ optional: true, doc: 'Of a blinded entry.' })
  salt?: string;

  @Base64(100_000, { optional: true, doc: 'Of a blinded entry; absent when it was erased.' })
  entryBytes?: string;

  @Flag({ optional: true, doc: 'Two people had the opening erased; the log says so in clear.' })
  erased?: boolean;

  @Bytes32({ optional: true, doc: 'Leaf of the entry that says that it was erased.' })
  erasedBy?: string;
}

export class OpenedTrailPage {
  @Nested(() => OpenedTrailView, { list: 200 })
  items: readonly OpenedTrailView[];

  @Text(100, { optional: true })
  next?: string;
}
