import { Document, Email, Id, Instant, Integer, Nested, Pattern, Text, Word } from '../platform/http/fields.js';
import { PageQuery } from '../platform/http/page.js';

export const STATES = ['submitted', 'approved', 'rejected'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class NewVendor {
  @Text(200)
  name: string;

  @Pattern(/^[A-Z]{2}$/, 'an ISO 3166 country code')
  country: string;

  @Text(40, { doc: 'Register of the identifier, e.g. ID-NIB.' })
  identifierScheme: string;

  @Text(60)
  identifier: string;

  @Text(500)
  address: string;

  @Email({ optional: true })
  email?: string;

  @Text(40, { optional: true })
  phone?: string;

  @Document('What else the company declares: owners, licences, board. No null, no fractions; up to 16 KB.', {
    optional: true,
  })
  declared?: object;
}

export class VendorDraftRequest {
  @Document('What was written so far, a document of the form’s own (names in snake_case); up to 16 KB.')
  record: object;
}

export class VendorDraftView extends VendorDraftRequest {
  @Instant()
  savedAt: string;
}

export class VendorParam {
  @Id()
  vendorId: string;
}

export class VendorDocumentParam extends VendorParam {
  @Id()
  documentId: string;
}

export class VendorDocumentQuery {
  @Text(60, { doc: 'E.g. licence, tax, deed, ownership.' })
  kind: string;

  @Text(200)
  fileName: string;

  @Word(['application/pdf', 'image/jpeg', 'image/png'])
  mediaType: string;

  @Pattern(DAY, 'a day YYYY-MM-DD', { optional: true })
  expiresOn?: string;
}

export class VendorDocumentView {
  @Id()
  id: string;

  @Text(60)
  kind: string;

  @Text(200)
  fileName: string;

  @Text(100)
  mediaType: string;

  @Text(44, { doc: 'SHA-256 in base64.' })
  sha256: string;

  @Integer(0, 8 * 1024 * 1024)
  sizeBytes: number;

  @Pattern(DAY, 'a day YYYY-MM-DD', { optional: true })
  expiresOn?: string;

  @Instant()
  addedAt: string;
}

export class DecisionRequest {
  @Word(['approve', 'reject'])
  decision: 'approve' | 'reject';

  @Text(1000, { list: 20, optional: true, doc: 'Needed to reject.' })
  reasons?: readonly string[];
}

export class VendorState {
  @Id()
  id: string;

  @Word(STATES)
  state: string;
}

export class VendorDecisionView {
  @Id()
  decidedBy: string;

  @Word(['approve', 'reject'])
  decision: string;

  @Text(1000, { list: 20 })
  reasons: readonly string[];

  @Instant()
  decidedAt: string;
}

export class ExclusionView {
  @Id()
  id: string;

  @Id()
  vendorId: string;

  @Text(200)
  vendorName: string;

  @Text(1000)
  reason: string;

  @Instant()
  fromAt: string;

  @Instant()
  untilAt: string;

  @Instant({ optional: true })
  endedAt?: string;
}

export class ExclusionPage {
  @Nested(() => ExclusionView, { list: 200 })
  items: readonly ExclusionView[];

  @Text(100, { optional: true })
  next?: string;
}

export class VendorSummary extends VendorState {
  @Text(200)
  name: string;

  @Text(2)
  country: string;

  @Text(40)
  identifierScheme: string;

  @Text(60)
  identifier: string;

  @Instant()
  registeredAt: string;

  @Integer(0, 2, { doc: 'Operators who approved so far.' })
  approvals: number;
}

export class VendorView extends VendorSummary {
  @Text(500)
  address: string;

  @Document('The record whose hash is in the log.')
  record: object;

  @Nested(() => VendorDocumentView, { list: 200 })
  documents: readonly VendorDocumentView[];

  @Nested(() => VendorDecisionView, { list: 20 })
  decisions: readonly VendorDecisionView[];

  @Nested(() => ExclusionView, { list: 200 })
  exclusions: readonly ExclusionView[];
}

export class VendorsQuery extends PageQuery {
  @Word(STATES, { optional: true })
  state?: string;
}

export class VendorPage {
  @Nested(() => VendorSummary, { list: 200 })
  items: readonly VendorSummary[];

  @Text(100, { optional: true })
  next?: string;
}

export class ExclusionRequest {
  @Text(1000)
  reason: string;

  @Instant()
  untilAt: string;
}

export class ExclusionState {
  @Id()
  id: string;

  @Word(['requested', 'in_force'], { doc: '`requested`: a second award authority must ask the same.' })
  state: string;
}

export class Reinstatement {
  @Text(1000)
  reason: string;
}
