import type { RefusalCode } from '@segel/procurement';

/** HTTP status of a refusal code; what is not listed is 422: understood, and refused by a rule. */
const STATUS: Partial<Record<RefusalCode, number>> = {
  not_signed_in: 401,
  wrong_credentials: 401,
  not_allowed: 403,
  role_conflict: 403,
  account_locked: 403,
  email_not_confirmed: 403,
  vendor_not_approved: 403,
  vendor_blacklisted: 403,
  conflict_declared: 403,
  conflict_not_declared: 403,
  not_found: 404,
  bid_unknown: 404,
  wrong_state: 409,
  bid_exists: 409,
  email_taken: 409,
  share_repeated: 409,
  ciphertext_awaited: 409,
  key_already_registered: 409,
  vendor_exists: 409,
  vendor_already_decided: 409,
  company_full: 409,
  same_person_twice: 409,
  idempotency_mismatch: 409,
  terms_changed: 409,
  document_quarantined: 409,
  entry_needed: 409,
  entry_erased: 410,
  request_malformed: 400,
  payload_too_large: 413,
  bid_too_large: 413,
  // The checksum status of the tus protocol.
  part_digest_mismatch: 460,
  upload_conflict: 409,
  too_many_requests: 429,
};

export function statusOf(code: RefusalCode): number {
  return STATUS[code] ?? 422;
}

/** RFC 9457 problem details; `code` is stable and translated on screens. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
};

export function problem(
  code: string,
  status: number,
  detail: string,
  extra: Pick<Problem, 'params' | 'errors'> = {},
): Problem {
  return { type: `urn:segel:problem:${code}`, title: code.replaceAll('_', ' '), status, code, detail, ...extra };
}
