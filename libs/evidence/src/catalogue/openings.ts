import { hash, id, integer, list, optional, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';
import { envelope } from './bids.js';

export const OPENING_ENTRIES = {
  'opening.readiness': blinded('opening', 'An opener was asked to prove possession of the key, or did.', {
    opener_id: id,
    challenge_id: id,
    stage: word('asked', 'proved', 'failed'),
    expected_sha256: hash,
  }),
  'opening.authorised': clear('The opening was authorised.', { lot_id: id, envelope, set_root: hash, count: integer }),
  'opening.share_released': clear(
    'An opener released the shares of every bid of the box.',
    {
      lot_id: id,
      envelope,
      opener_id: id,
      group: text(60),
      commitments: list(hash, 200),
      commitments_sha256: hash,
      count: integer,
    },
    1,
  ),
  'opening.share_rejected': clear('A share did not match its commitment.', {
    lot_id: id,
    envelope,
    opener_id: id,
    bid_commitment: hash,
    reason: text(100),
  }),
  'opening.completed': clear('The opening ended.', { lot_id: id, envelope, opened: integer, rejected: integer }),
  'bid.opened': blinded('opening', 'A bid was opened.', {
    bid_commitment: hash,
    bid_id: id,
    lot_id: id,
    outcome: word('opened', 'invalid_dealing', 'context_mismatch', 'undecryptable', 'openers_failed'),
    plaintext_root: optional(hash),
  }),
} as const;
