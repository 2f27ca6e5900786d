import { Id } from '../platform/http/fields.js';

export class EvidenceParams {
  @Id()
  tenderId: string;
}
