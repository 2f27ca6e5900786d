import { Bytes32, Flag, Id, Instant, Integer, Nested, Text, Word } from '../platform/http/fields.js';
import { OBJECT_KINDS, type ObjectKind } from './stored-objects.js';

export class StorageAuditView {
  @Id()
  id: string;

  @Instant()
  startedAt: string;

  @Instant()
  completedAt: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'Objects that are not what their name says.' })
  damaged: number;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'Objects that are gone.' })
  missing: number;
}

export class DamageView {
  @Id()
  id: string;

  @Bytes32()
  sha256: string;

  @Word(['missing', 'differs'])
  found: 'missing' | 'differs';

  @Instant()
  foundAt: string;

  @Word(OBJECT_KINDS, { list: OBJECT_KINDS.length, doc: 'What it is stored as.' })
  kinds: readonly ObjectKind[];

  @Id({ optional: true, doc: 'Absent of a sealed bid until its box is closed.' })
  tenderId?: string;

  @Id({ optional: true, doc: 'Absent of a sealed bid until it is opened.' })
  vendorId?: string;
}

export class StorageView {
  @Nested(() => StorageAuditView, { list: 10, doc: 'The last readings of all objects, newest first.' })
  audits: readonly StorageAuditView[];

  @Flag({ doc: 'True when no damage is open.' })
  whole: boolean;

  @Nested(() => DamageView, { list: 200, doc: 'Damages without the right bytes in their place, oldest first.' })
  items: readonly DamageView[];

  @Text(100, { optional: true })
  next?: string;
}
