import { PageQuery } from '../platform/http/page.js';
import { Bytes32, Bytes64, Document, Flag, Id, Instant, Integer, Nested, Text, Word } from '../platform/http/fields.js';

export class DeclarationDto {
  @Flag({ doc: 'True: a conflict of interest. It ends the access, and is never taken back.' })
  conflict: boolean;

  @Bytes32({ doc: 'A registered key of the evaluator.' })
  key: string;

  @Bytes64({ doc: 'Over {tender_id, account_id, conflict} as `evaluation.conflict_declared`.' })
  sig: string;
}

export class DeclarationView {
  @Id()
  id: string;

  @Flag()
  conflict: boolean;

  @Instant()
  declaredAt: string;

  @Bytes32()
  leafSha256: string;
}

export class FindingDto {
  @Id({ doc: 'One bid: there is no bulk rejection.' })
  bidId: string;

  @Flag()
  admitted: boolean;

  @Text(100, { optional: true, doc: 'A rejection names a criterion of the terms.' })
  criterionId?: string;

  @Text(1000, { optional: true, doc: 'Where it shows: a file and page, a slot.' })
  evidence?: string;

  @Text(4000, { optional: true, doc: 'Why, for the bidder to read.' })
  reason?: string;
}

export class BidFindingView {
  @Id()
  bidId: string;

  @Id()
  evaluatorId: string;

  @Flag()
  admitted: boolean;

  @Text(100, { optional: true })
  criterionId?: string;

  @Text(1000, { optional: true })
  evidence?: string;

  @Text(4000, { optional: true })
  reason?: string;
}

export class CommittedFindingView {
  @Id()
  id: string;

  @Bytes32({ doc: "SHA-256 of the finding's canonical document, as logged." })
  findingSha256: string;

  @Bytes32()
  leafSha256: string;
}

export class OpenedBidsQuery extends PageQuery {}

export class OpenedDocumentView {
  @Integer(0, 10_000)
  position: number;

  @Text(100)
  path: string;

  @Bytes32()
  sha256: string;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  sizeBytes: number;

  @Word(['pending', 'clean', 'infected', 'unscannable', 'unscanned'], {
    doc: 'What a scanner said. `unscannable` and `unscanned` are not `clean`: nobody has looked.',
  })
  scan: string;
}

export class BoxBidView {
  @Id()
  id: string;

  @Bytes32()
  commitment: string;

  @Id()
  vendorId: string;

  @Text(500)
  vendorName: string;

  @Text(60, { doc: 'What the opening found; only a bid that is `opened` is judged.' })
  outcome: string;

  @Document('The form of the bid.', { optional: true })
  offer?: object;

  @Nested(() => OpenedDocumentView, { list: 1000 })
  documents: OpenedDocumentView[];

  @Nested(() => BidFindingView, { list: 99, doc: 'Of others only when the own one is committed.' })
  findings: BidFindingView[];
}

export class OpenedBidsView {
  @Nested(() => BoxBidView, { list: 200 })
  items: BoxBidView[];

  @Text(100, { optional: true })
  next?: string;
}

export class SignResultDto {
  @Bytes32({ doc: 'Of the result document the evaluator computed or read.' })
  resultSha256: string;

  @Bytes32()
  key: string;

  @Bytes64({ doc: 'Over {lot_id, sha256} as `evaluation.consensus`.' })
  sig: string;
}

export class ResultSignatureView {
  @Id()
  evaluatorId: string;

  @Bytes32()
  resultSha256: string;

  @Bytes32()
  key: string;

  @Bytes64()
  sig: string;

  @Instant()
  signedAt: string;
}

export class MissingFindingView {
  @Id()
  bidId: string;

  @Id()
  evaluatorId: string;
}

export class EvaluationView {
  @Flag({ doc: 'Most of the committee signed this result.' })
  completed: boolean;

  @Id({ list: 99, doc: 'The evaluators who declared no conflict.' })
  committee: string[];

  @Nested(() => MissingFindingView, { list: 100_000, doc: 'Nobody can sign while one is missing.' })
  missing: MissingFindingView[];

  @Document('The result document: canonical bytes of it are what everybody computes.')
  result: object;

  @Bytes32()
  resultSha256: string;

  @Document('What to sign as `evaluation.consensus`.')
  body: object;

  @Nested(() => ResultSignatureView, { list: 99 })
  signatures: ResultSignatureView[];
}

export class SignedView {
  @Bytes32()
  resultSha256: string;

  @Integer(0, 99, { doc: 'Signatures of the committee over this result.' })
  signed: number;

  @Integer(0, 99)
  committee: number;

  @Bytes32()
  leafSha256: string;
}
