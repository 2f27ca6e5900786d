import { ERASURE_REASONS } from '@segel/evidence';
import { Bytes32, Id, Instant, Nested, Text, Word } from '../platform/http/fields.js';

export const ERASURE_STATES = ['requested', 'declined', 'confirmed', 'erased'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

export class ErasureParams {
  @Id()
  requestId: string;
}

export class NewErasure {
  @Id({ optional: true, doc: 'The entry whose readable form goes. This or `accountId`.' })
  entryId?: string;

  @Id({ optional: true, doc: 'The revoked account whose personal data go.' })
  accountId?: string;

  @Word(ERASURE_REASONS, { doc: 'Stands in the log in clear, for good.' })
  reason: (typeof ERASURE_REASONS)[number];
}

export class Decline {
  @Text(500)
  note: string;
}

export class ErasureView {
  @Id()
  id: string;

  @Word(ERASURE_STATES, { doc: '`confirmed`: decided, and carried out once the log says so.' })
  state: ErasureState;

  @Id({ optional: true })
  entryId?: string;

  @Text(60, { optional: true, doc: 'Type of the entry.' })
  type?: string;

  @Bytes32({ optional: true })
  commitment?: string;

  @Id({ optional: true })
  accountId?: string;

  @Word(ERASURE_REASONS)
  reason: string;

  @Id()
  requestedBy: string;

  @Instant()
  requestedAt: string;

  @Id({ optional: true })
  decidedBy?: string;

  @Instant({ optional: true })
  decidedAt?: string;

  @Bytes32({ optional: true, doc: 'Leaf of the clear entry that says so.' })
  leafSha256?: string;
}

export class ErasurePage {
  @Nested(() => ErasureView, { list: 200 })
  items: readonly ErasureView[];

  @Text(100, { optional: true })
  next?: string;
}
