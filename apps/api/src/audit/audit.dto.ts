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
  Word,
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

  @Pattern(/^[a-z]+(\.[a-z_]+)*(,[a-z]+(\.[a-z_]+)*){0,9}$/, 'an entry type, or up to ten with commas between', {
    optional: true,
  })
  type?: string;

  @Pattern(/^[a-z0-9_-]{1,60}$/, 'the id of an actor', { optional: true, doc: 'Who did it: an account, or a program.' })
  actorId?: string;

  @Id({ optional: true, doc: 'Done by somebody who acts or acted for this company.' })
  vendorId?: string;

  @Instant({ optional: true, doc: 'At or after.' })
  from?: string;

  @Instant({ optional: true, doc: 'Before.' })
  until?: string;
}

/** Words for people come in a body: an address is kept in histories and by proxies. */
export class ActorSearchDto {
  @Text(100, { min: 2, doc: 'A part of a name or of an e-mail address; of a company also its number.' })
  words: string;
}

export class FoundActorView {
  @Word(['person', 'company'])
  kind: 'person' | 'company';

  @Id()
  id: string;

  @Text(500)
  name: string;

  @Text(254, { optional: true, doc: 'Of a person.' })
  email?: string;

  @Text(60, { list: 50, doc: 'Of a person: those that were not revoked.' })
  roles: readonly string[];
}

export class FoundActorsView {
  @Nested(() => FoundActorView, { list: 40, doc: 'Twenty people and twenty companies at most.' })
  items: readonly FoundActorView[];
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

  @Text(500, { optional: true, doc: 'Of a person. Only lists of the trail tell it.' })
  actorName?: string;

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

  @Text(500, { optional: true, doc: 'Name of the person or the company that was asked for.' })
  about?: string;

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
