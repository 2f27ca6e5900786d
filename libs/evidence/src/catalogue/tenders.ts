import { boolean, hash, id, instant, integer, list, optional, record, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';

const notice = {
  ocid: text(100),
  version: integer,
  terms_sha256: hash,
  title: text(500),
  buyer_id: id,
  buyer_name: text(500),
  rule_pack: record({ id: text(60), version: text(40), sha256: hash }),
  suite: word('pq1', 'x1'),
  deadline: instant,
  enquiry_end: instant,
  policy_sha256: hash,
  tolerance_s: integer,
  lots: list(record({ id, envelopes: list(word('single', 'technical', 'price'), 2) }), 100),
  groups: list(
    record({ name: text(60), k: integer, openers: list(record({ opener_id: id, key_entry_sha256: hash }), 32) }),
    8,
  ),
  attestation_required: boolean,
};

export const TENDER_ENTRIES = {
  'plan.published': clear('A procurement plan was published.', { plan_id: id, sha256: hash }),
  'plan.changed': clear('A procurement plan changed.', { plan_id: id, sha256: hash }),
  'tender.drafted': blinded('publication', 'A draft was made or changed.', { version: integer, terms_sha256: hash }),
  'tender.document_added': blinded('publication', 'A file was added to a tender.', {
    document_id: id,
    sha256: hash,
    size_bytes: integer,
    kind: optional(text(60)),
    title: optional(text(500)),
    file_name: optional(text(300)),
    media_type: optional(text(200)),
  }),
  'tender.submitted': blinded('publication', 'The preparer signed the draft and asked for approval.', {
    version: integer,
    terms_sha256: hash,
  }),
  'tender.approved': blinded('publication', 'The approver sent the draft back or let it through.', {
    version: integer,
    decision: word('approve', 'return'),
    reason: optional(text(1000)),
  }),
  'tender.published': clear('The tender was published.', notice, 2),
  'tender.addendum': clear(
    'The tender was changed; every field is stated again.',
    { ...notice, reason: text(2000), reseal_required: boolean },
    2,
  ),
  'tender.cancellation_proposed': blinded('end', 'One of two people asked for a cancellation.', {
    reason_code: text(60),
    reason: text(2000),
  }),
  'tender.draft_cancelled': blinded('never', 'A tender was given up before its publication.', {
    reason_code: text(60),
    reason: text(2000),
    proposed_by: id,
  }),
  'tender.cancelled': clear('The tender was cancelled.', {
    reason_code: text(60),
    reason: text(2000),
    proposed_by: id,
  }),
  'tender.failed': clear('A lot or the tender failed.', { reason_code: text(60) }),
  'tender.suspended': clear('The tender was suspended.', { reason: text(2000) }),
  'tender.resumed': clear('The tender went on.', { reason: text(2000) }),
  // Never: the answer repeats the question to all, and who asked tells who is interested.
  'question.asked': blinded('never', 'A vendor asked a question.', { question_id: id, sha256: hash }),
  'question.answered': clear('A question was answered to all.', { question_id: id, sha256: hash }),
} as const;
