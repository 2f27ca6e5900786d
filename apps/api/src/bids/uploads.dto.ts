import { PART_BYTES } from '@segel/sealing';
import { Bytes32, Integer, Nested, Pattern } from '../platform/http/fields.js';
import { MAX_PARTS, TenderPath } from './bids.dto.js';

export class PartPath extends TenderPath {
  @Pattern(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal')
  sha256: string;
}

export class PartDto {
  @Bytes32({ doc: 'SHA-256 of the part.' })
  sha256: string;

  @Integer(1, PART_BYTES)
  sizeBytes: number;
}

export class AnnouncementDto {
  @Nested(() => PartDto, {
    list: MAX_PARTS,
    listMin: 1,
    doc: 'Parts of a sealed bid, 8 MiB each, the last one shorter.',
  })
  parts: PartDto[];
}

export class MissingPartView {
  @Bytes32()
  sha256: string;

  @Integer(0, PART_BYTES, { doc: 'How many of its bytes have arrived already: it goes on there.' })
  stagedBytes: number;
}

export class MissingPartsView {
  @Nested(() => MissingPartView, { list: MAX_PARTS, doc: 'Those that have not arrived as a whole.' })
  missing: readonly MissingPartView[];
}
