import { boolean, decimal, hash, id, instant, integer, optional, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';

const award = {
  lot_id: id,
  bid_commitment: hash,
  vendor_id: id,
  amount: decimal,
  currency: text(3),
  result_sha256: hash,
};

export const AWARD_ENTRIES = {
  'evaluation.conflict_declared': blinded(
    'intended_award',
    'An evaluator declared an interest or none.',
    { tender_id: id, account_id: id, conflict: boolean },
    1,
  ),
  'evaluation.score_committed': blinded('intended_award', 'An evaluator recorded a finding on one bid.', {
    account_id: id,
    lot_id: id,
    bid_id: id,
    finding_sha256: hash,
  }),
  'evaluation.consensus': blinded('intended_award', 'The committee agreed.', { lot_id: id, sha256: hash }),
  'evaluation.technical_sealed': clear('The technical result was sealed.', { lot_id: id, result_sha256: hash }, 1),
  'evaluation.completed': blinded('intended_award', 'The evaluation was completed.', {
    lot_id: id,
    result_sha256: hash,
  }),
  'award.intended': clear('The intended award was announced to all.', { ...award, standstill_end: instant }, 1),
  'award.standstill_started': clear('The standstill began.', { lot_id: id, standstill_end: instant }),
  'award.standstill_ended': clear('The standstill ended without an open objection.', { lot_id: id }),
  'award.decided': clear('The award was decided.', award, 1),
  'objection.filed': blinded('award', 'A bidder objected.', { objection_id: id, lot_id: id, sha256: hash }),
  'objection.decided': clear('An objection was decided.', {
    objection_id: id,
    outcome: word('upheld', 'partly', 'dismissed'),
    sha256: hash,
  }),
  'complaint.filed': blinded('never', 'Somebody complained.', { complaint_id: id, sha256: hash }),
  'complaint.answered': clear('A complaint was answered.', { complaint_id: id, sha256: hash }),
  'contract.signed': clear('The contract was signed.', {
    contract_id: id,
    sha256: hash,
    amount: decimal,
    currency: text(3),
  }),
  'contract.changed': clear('The contract changed.', {
    contract_id: id,
    sha256: hash,
    version: integer,
    reason: optional(text(1000)),
  }),
  'contract.completed': clear('The contract was completed.', { contract_id: id, sha256: hash }),
} as const;
