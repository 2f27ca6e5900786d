import type { CanonicalObject, Envelope } from '@segel/encoding';
import {
  Base64,
  Bytes32,
  Bytes64,
  Decimal,
  Document,
  Id,
  Instant,
  Integer,
  Nested,
  QueryInteger,
  Text,
  Word,
} from '../platform/http/fields.js';
import { EntryPlaceView } from '../platform/log/places.js';

const ENVELOPES = ['single', 'technical', 'price'];
const OUTCOMES = [
  'opened',
  'invalid_dealing',
  'context_mismatch',
  'undecryptable',
  'openers_failed',
  'ciphertext_missing',
];
const COMPLAINTS = ['undecryptable', 'context_mismatch', 'commitment_mismatch'];
/** Bids of one box in one request; a larger box needs releases in pages, which the protocol does not have yet. */
const MAX_BIDS = 5000;

export class OpeningParams {
  @Id()
  tenderId: string;
}

export class BoxParams extends OpeningParams {
  @Id()
  boxId: string;
}

export class BidParams extends OpeningParams {
  @Id()
  bidId: string;
}

export class SeedRequest {
  @Bytes32({ doc: 'S: it opens the bid, and only when the manifest is committed to it.' })
  seed: string;
}

export class BidDocumentParams extends OpeningParams {
  @Id()
  bidId: string;

  @QueryInteger(0, 100_000, { optional: false, doc: 'Place in seal.json, from 0.' })
  position: number;
}

export class DocumentQuery {
  @Word(['true'], { optional: true, doc: 'You know that the scanner found malware in it, and want it all the same.' })
  infected?: string;
}

export class ChallengeParams {
  @Id()
  challengeId: string;
}

export class OpenChallengeView {
  @Id()
  id: string;

  @Id()
  tenderId: string;

  @Word(['pq1', 'x1'])
  suite: string;

  @Base64(4096, { doc: 'An age file to your key of this tender. Answer only if it starts as a challenge does.' })
  wrap: string;

  @Instant()
  askedAt: string;
}

export class ReadinessProofRequest {
  @Bytes32({ doc: 'TH("segel/ready/v1", context, nonce): never plaintext.' })
  answer: string;
}

export class ReadinessView {
  @Id()
  openerId: string;

  @Text(60)
  group: string;

  @Integer(1, 32, { doc: 'How many openers of the group are needed.' })
  k: number;

  @Word(['ready', 'asked', 'not_asked', 'key_revoked'], { doc: '`asked`: the newest challenge is not answered yet.' })
  state: string;

  @Instant({ optional: true })
  askedAt?: string;

  @Instant({ optional: true, doc: 'When the last challenge was answered; absent while it is not.' })
  provedAt?: string;
}

export class DeliveryView {
  @Bytes32({ doc: 'Salt of the blinded entry.' })
  salt: string;

  @Base64(100_000)
  entryBytes: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  index: number;
}

export class BoxedBidView {
  @Id()
  bidId: string;

  @Bytes32({ doc: 'Commitment of the bid in the log: a leaf of the set root.' })
  commitment: string;

  @Bytes32({ doc: 'Salt of the blinded entry.' })
  salt: string;

  @Base64(100_000, {
    doc: 'The entry that submitted the bid: with the salt it gives the commitment, and it names the manifest.',
  })
  entryBytes: string;

  @Nested(() => DeliveryView, {
    optional: true,
    doc: 'The entry that its sealed files came, of a bid committed before.',
  })
  delivery?: DeliveryView;

  @Document('The DSSE envelope of the manifest.')
  manifest: Envelope;
}

export class ReleaseSetView {
  @Id()
  boxId: string;

  @Id()
  lotId: string;

  @Word(ENVELOPES)
  envelope: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  cutSize: number;

  @Integer(0, MAX_BIDS)
  count: number;

  @Bytes32()
  setRoot: string;

  @Text(60, { doc: 'Your group.' })
  group: string;

  @Document('The body of opening.share_released to sign, when your own client agrees with it.')
  body: CanonicalObject;

  @Nested(() => BoxedBidView, { list: MAX_BIDS })
  bids: BoxedBidView[];
}

export class SharePart {
  @Id()
  bidId: string;

  @Integer(1, 32, { doc: 'Your chair in the group.' })
  x: number;

  @Base64(44, { optional: true, doc: 'The share, 33 bytes.' })
  share?: string;

  @Word(COMPLAINTS, { optional: true, doc: 'Instead of the share: what is wrong with the wrap.' })
  complaint?: string;
}

export class ReleaseRequest {
  @Nested(() => SharePart, { list: MAX_BIDS })
  shares: SharePart[];

  @Bytes32()
  key: string;

  @Bytes64({ doc: 'Over the body of opening.share_released.' })
  sig: string;
}

export class ReleaseView {
  @Id()
  releaseId: string;

  @Instant()
  releasedAt: string;

  @Bytes32()
  leafSha256: string;
}

export class OpenerMinutesView {
  @Id()
  openerId: string;

  @Text(200)
  name: string;

  @Text(60)
  group: string;

  @Instant()
  releasedAt: string;
}

export class PublicReleaseView extends OpenerMinutesView {
  @Id()
  boxId: string;

  @Bytes32()
  leafSha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Place in the log, once the public log reaches it.' })
  index?: number;
}

export class OpenedBidView {
  @Id()
  bidId: string;

  @Bytes32()
  commitment: string;

  @Bytes32()
  manifestSha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'Place of its submission in the log, once public.' })
  index?: number;

  @Id()
  vendorId: string;

  @Text(200)
  vendorName: string;

  @Instant()
  submittedAt: string;

  @Word(OUTCOMES)
  outcome: string;

  @Text(500, { optional: true, doc: 'Why the bid, or its offer form, could not be read.' })
  detail?: string;

  @Decimal({ optional: true, doc: 'The total as the vendor states it; the evaluation computes its own.' })
  total?: string;

  @Text(3, { optional: true })
  currency?: string;

  @Bytes32({ optional: true })
  plaintextRoot?: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'Number of documents.' })
  documents: number;

  @Instant()
  openedAt: string;
}

export class LotMinutesView {
  @Id()
  boxId: string;

  @Id()
  lotId: string;

  @Word(ENVELOPES)
  envelope: string;

  @Bytes32()
  setRoot: string;

  @Integer(0, MAX_BIDS)
  count: number;

  @Integer(0, Number.MAX_SAFE_INTEGER, { doc: 'How many were withdrawn before the deadline; by whom is not said.' })
  withdrawn: number;

  @Integer(0, MAX_BIDS)
  opened: number;

  @Integer(0, MAX_BIDS)
  rejected: number;

  @Instant()
  authorisedAt: string;

  @Instant()
  completedAt: string;

  @Nested(() => OpenerMinutesView, { list: 1000 })
  openers: OpenerMinutesView[];

  @Nested(() => OpenedBidView, { list: MAX_BIDS })
  bids: OpenedBidView[];

  @Nested(() => EntryPlaceView, { list: 2000, doc: 'What the log says about the close and the opening, in its order.' })
  entries: EntryPlaceView[];
}

export class MinutesView {
  @Id()
  tenderId: string;

  @Text(500)
  title: string;

  @Nested(() => LotMinutesView, { list: 1000 })
  lots: LotMinutesView[];
}
