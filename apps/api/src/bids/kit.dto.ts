import { Bytes32, Flag, Id, Instant, Integer, Nested, Text } from '../platform/http/fields.js';

export class KitLot {
  @Id()
  id: string;

  @Text(500)
  title: string;

  @Text(20, { list: 2 })
  envelopes: readonly string[];
}

export class KitOpener {
  @Id()
  openerId: string;

  @Text(3000, { doc: 'age recipient of this tender.' })
  recipient: string;

  @Bytes32({ doc: 'Entry hash of the registration that the notice pins.' })
  keyEntrySha256: string;
}

export class KitGroup {
  @Text(60)
  name: string;

  @Integer(1, 32)
  k: number;

  @Nested(() => KitOpener, { list: 32 })
  openers: readonly KitOpener[];
}

export class KitPrecommit {
  @Integer(1, 100_000)
  graceMinutes: number;

  @Instant({ doc: 'Until when the sealed files may come.' })
  ciphertextDueAt: string;
}

export class KitView {
  @Integer(1, 1)
  v: number;

  @Id()
  tenderId: string;

  @Text(500)
  title: string;

  @Text(20)
  state: string;

  @Text(255)
  logOrigin: string;

  @Bytes32()
  noticeSha256: string;

  @Text(1_000_000, { optional: true, doc: 'c2sp.org/tlog-proof of the notice, once published.' })
  noticeReceipt?: string;

  @Text(10)
  suite: string;

  @Instant()
  deadlineAt: string;

  @Integer(1, 1_000_000)
  termsVersion: number;

  @Bytes32()
  termsSha256: string;

  @Flag({ doc: 'A demonstration: a group may need all of its openers.' })
  demonstration: boolean;

  @Nested(() => KitLot, { list: 100 })
  lots: readonly KitLot[];

  @Nested(() => KitGroup, { list: 32 })
  groups: readonly KitGroup[];

  @Text(100_000, { doc: 'tlog-policy text.' })
  policy: string;

  @Flag({ doc: 'The witnesses of the policy are not independent of the operator.' })
  policyNotIndependent: boolean;

  @Integer(1, Number.MAX_SAFE_INTEGER)
  maxBidBytes: number;

  @Nested(() => KitPrecommit, { optional: true, doc: 'Bids may be committed before their sealed files are uploaded.' })
  precommit?: KitPrecommit;
}
