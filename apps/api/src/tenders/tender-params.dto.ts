import { Id, QueryInteger } from '../platform/http/fields.js';

/** Ids of a path: anything but a UUID is a malformed request, before it reaches the database. */
export class TenderParams {
  @Id()
  tenderId: string;
}

export class TenderDocumentParams extends TenderParams {
  @Id()
  documentId: string;
}

export class TenderTermsParams extends TenderParams {
  @QueryInteger(1, 100_000, { optional: false })
  version: number;
}
