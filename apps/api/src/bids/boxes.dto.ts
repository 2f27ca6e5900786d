import { Bytes32, Bytes64, Id, Instant, Integer, Nested, Text } from '../platform/http/fields.js';
import { TenderPath } from './bids.dto.js';

export class BoxPath extends TenderPath {
  @Id()
  boxId: string;
}

/** The body of the entry `box.attested`, as it was signed. */
export class AttestationBody {
  @Id()
  lot_id: string;

  @Text(20)
  envelope: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  box_idx: number;

  @Bytes32()
  set_root: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  cut_size: number;
}

export class AttestationView {
  @Bytes32()
  key: string;

  @Bytes64()
  sig: string;

  @Nested(() => AttestationBody)
  body: AttestationBody;

  @Instant()
  attestedAt: string;
}

export class BoxView {
  @Id()
  id: string;

  @Id()
  lotId: string;

  @Text(20)
  envelope: string;

  @Instant()
  deadlineAt: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'A bid is in the box iff its index is below this.' })
  cutSize: number;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  count: number;

  @Bytes32()
  setRoot: string;

  @Bytes32()
  entrySha256: string;

  @Bytes32()
  leafSha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Index of the entry box.closed, once it has one.' })
  index?: number;

  @Instant()
  closedAt: string;

  @Nested(() => AttestationView, { list: 100 })
  attestations: readonly AttestationView[];
}
