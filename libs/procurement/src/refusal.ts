import type { CanonicalObject } from '@segel/encoding';

/** Every refusal a rule can give: a closed list, translated on screens. */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export const REFUSAL_CODES = [
  // accounts and roles
  'not_signed_in',
  'not_allowed',
  'role_conflict',
  'email_not_confirmed',
  'account_locked',
  'wrong_credentials',
  'email_taken',
  'token_invalid',
  'token_expired',
  'password_weak',
  'key_not_registered',
  'key_already_registered',
  'signature_invalid',
  // vendors
  'vendor_exists',
  'vendor_not_approved',
  'vendor_blacklisted',
  'vendor_already_decided',
  'company_full',
  'same_person_twice',
  'reason_missing',
  // tenders
  'not_found',
  'wrong_state',
  'terms_incomplete',
  'terms_invalid',
  'period_too_short',
  'deadline_passed',
  'deadline_not_later',
  'opener_key_missing',
  'opener_groups_invalid',
  'rule_pack_unknown',
  'rule_pack_refused_in_production',
  'terms_changed',
  'method_unsupported',
  'failure_unfounded',
  // bids
  'bid_late',
  'manifest_malformed',
  'manifest_mismatch',
  'notice_outdated',
  'parts_missing',
  'part_digest_mismatch',
  'ciphertext_late',
  'part_not_announced',
  'upload_quota',
  'upload_conflict',
  'bid_too_large',
  'bid_exists',
  'bid_withdrawn',
  'bid_unknown',
  'offer_malformed',
  // opening
  'box_not_closed',
  'box_not_attested',
  'box_not_witnessed',
  'ciphertext_awaited',
  'release_incomplete',
  'share_invalid',
  'share_repeated',
  'readiness_unknown',
  'readiness_wrong',
  'document_quarantined',
  // evaluation and award
  'conflict_not_declared',
  'conflict_declared',
  'rejection_incomplete',
  'criterion_unknown',
  'evaluators_insufficient',
  'evaluation_incomplete',
  'evaluation_differs',
  'standstill_running',
  'standstill_end_wrong',
  // erasure
  'entry_kept',
  'entry_needed',
  'entry_erased',
  // requests
  'idempotency_mismatch',
  'request_malformed',
  'clock_skew',
  'too_many_requests',
  'payload_too_large',
] as const;

/** A rule said no. Expected and final: the caller gets the code, a plain sentence and the parameters. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    sentence: string,
    readonly params: Readonly<Record<string, string | number | boolean>> = {},
    /** What the caller may show to others: a signed refusal. Not recorded. */
    readonly evidence?: Readonly<Record<string, CanonicalObject>>,
  ) {
    super(sentence);
  }
}

/** Throws a {@link Refusal} unless the condition holds. */
export function demand(
  condition: unknown,
  code: RefusalCode,
  sentence: string,
  params: Readonly<Record<string, string | number | boolean>> = {},
): asserts condition {
  if (!condition) throw new Refusal(code, sentence, params);
}
