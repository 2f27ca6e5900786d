import {
  Base64,
  Bytes32,
  Bytes64,
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
import { BID_LIVES, type BidLife } from './bid-life.js';
import { RECEIPTS_OF, type ReceiptOf } from './bid-reads.js';

/** 32 GiB in 8 MiB parts. */
export const MAX_PARTS = 4096;
const MAX_WAIT_MS = 30_000;

export class TenderPath {
  @Id()
  tenderId: string;
}

export class BidPath extends TenderPath {
  @Id()
  bidId: string;
}

export class SignatureDto {
  @Bytes32({ doc: 'Ed25519 public key.' })
  key: string;

  @Bytes64()
  sig: string;
}

export class EnvelopeDto {
  @Text(200)
  payload_type: string;

  @Base64(900_000)
  payload: string;

  @Nested(() => SignatureDto, { list: 4 })
  signatures: SignatureDto[];
}

export class SubmitBidDto {
  @Nested(() => EnvelopeDto, { doc: 'DSSE envelope of the manifest, signed by the key in its context.' })
  manifest: EnvelopeDto;

  @Bytes32({ list: MAX_PARTS, listMin: 1, doc: 'SHA-256 of each part of the ciphertext, in order.' })
  parts: string[];

  @Nested(() => SignatureDto, { doc: 'Over the body of the entry bid.submitted or bid.replaced.' })
  bodySig: SignatureDto;

  @Flag({
    optional: true,
    doc: 'The sealed files follow within the grace of the terms; said in the signed body too. A bid that says so needs its delivery.',
  })
  precommit?: boolean;
}

class RecordedView {
  @Id()
  bidId: string;

  @Bytes32({ doc: 'Asks for the receipt.' })
  leafSha256: string;

  @Bytes32()
  commitment: string;

  @Nested(() => EnvelopeDto, { doc: 'Signed promise that the entry will be in the log.' })
  promise: EnvelopeDto;
}

export class SubmittedBidView extends RecordedView {
  @Instant()
  submittedAt: string;

  @Instant({ optional: true, doc: 'Until when the sealed files of a committed bid must have come, or it is void.' })
  ciphertextDueAt?: string;
}

export class ChangedBidView extends RecordedView {
  @Instant()
  at: string;
}

export class ReceiptQuery {
  @QueryInteger(0, MAX_WAIT_MS, { doc: 'Milliseconds to wait for the publication.' })
  waitMs?: number;

  @Word(RECEIPTS_OF, { optional: true })
  of?: ReceiptOf;
}

export class OwnBidView {
  @Id()
  id: string;

  @Id()
  tenderId: string;

  @Text(500)
  tenderTitle: string;

  @Text(20)
  tenderState: string;

  @Instant()
  deadlineAt: string;

  @Id()
  lotId: string;

  @Text(20)
  envelope: string;

  @Id()
  offerId: string;

  @Id({ optional: true })
  replaces?: string;

  @Id({ optional: true })
  replacedBy?: string;

  @Word(BID_LIVES)
  state: BidLife;

  @Flag({ doc: 'An addendum changed what is sealed: a confirmation is not enough.' })
  mustReseal: boolean;

  @Text(40, { optional: true })
  outcome?: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, {
    doc: 'Stored parts, and the manifest, that our store damaged or lost: send them again.',
  })
  damagedParts: number;

  @Bytes32()
  manifestSha256: string;

  @Bytes32()
  ctRoot: string;

  @Bytes32()
  noticeSha256: string;

  @Integer(1, Number.MAX_SAFE_INTEGER)
  sizeBytes: number;

  @Bytes32()
  commitment: string;

  @Bytes32()
  leafSha256: string;

  @Instant()
  submittedAt: string;

  @Instant({ optional: true, doc: 'Of a bid that was committed ahead of its sealed files: until when they may come.' })
  ciphertextDueAt?: string;

  @Instant({ optional: true, doc: 'When all of them were there.' })
  deliveredAt?: string;

  @Instant({ optional: true, doc: 'The sealed files did not come in time: the bid is never opened.' })
  voidedAt?: string;

  @Instant({ optional: true })
  withdrawnAt?: string;

  @Instant({ optional: true })
  reconfirmedAt?: string;
}

export class DamagePath extends BidPath {
  @Pattern(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal')
  sha256: string;
}

export class BidDamageView {
  @Bytes32({ list: MAX_PARTS + 1, doc: 'SHA-256 of the parts, or of the manifest as it was sent.' })
  damaged: readonly string[];
}

export class OwnBidsQuery extends PageQuery {
  @Id({ optional: true, doc: 'Those for one tender only.' })
  tenderId?: string;
}

export class OwnBidsPage {
  @Nested(() => OwnBidView, { list: 200 })
  items: readonly OwnBidView[];

  @Text(100, { optional: true })
  next?: string;
}
