import { hash, id, instant, integer, key, list, optional, record, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';
import { envelope } from './bids.js';

export const OPENING_ENTRIES = {
  'opening.readiness': blinded('opening', 'An opener was asked to prove possession of the key, or did.', {
    opener_id: id,
    challenge_id: id,
    // `missing`: it was not answered in time, and the officers were told.
    stage: word('asked', 'proved', 'failed', 'missing'),
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
      commitments: list(hash, 300),
      commitments_sha256: hash,
      count: integer,
      // Bids whose wrap did not hold the committed share.
      complaints: optional(list(hash, 300)),
      // Over the commitments of the shares as they were sent (libs/sealing share-list.ts): of which bid which share.
      shares_root: optional(hash),
    },
    1,
  ),
  'opening.share_rejected': clear('A share did not match its commitment.', {
    lot_id: id,
    envelope,
    opener_id: id,
    bid_commitment: hash,
    reason: text(100),
    // The opener's signature over the `opening.share_released` body it sent the share with: the fault is its own.
    release: optional(
      record({
        group: text(60),
        key,
        sig: text(88),
        complaints: optional(list(hash, 300)),
        shares_root: optional(hash),
      }),
    ),
    // The commitment of the share it sent for this bid, and its place under that root. Never the share itself: what is
    // wrong for this bid may be right for another.
    sent: optional(record({ share_commitment: hash, index: integer, size: integer, proof: list(hash, 32) })),
  }),
  'opening.delayed': clear('The openers’ time passed and the box is not opened; vendors may disclose their seeds.', {
    lot_id: id,
    envelope,
    disclosure_end: instant,
    groups: list(record({ name: text(60), k: integer, released: integer }), 32),
  }),
  'opening.documents_scanned': blinded('never', 'A scanner looked at the documents of an opened bid.', {
    bid_id: id,
    lot_id: id,
    engine: text(300),
    clean: integer,
    infected: integer,
    unscannable: integer,
    verdicts_sha256: hash,
  }),
  'opening.seed_disclosed': blinded(
    'opening',
    'A vendor disclosed the seed of its own bid, as openers had failed it.',
    {
      bid_commitment: hash,
      bid_id: id,
      lot_id: id,
      reason: word('complaint', 'window_ended'),
    },
  ),
  'opening.completed': clear('The opening ended.', { lot_id: id, envelope, opened: integer, rejected: integer }),
  'bid.opened': blinded('opening', 'A bid was opened.', {
    bid_commitment: hash,
    bid_id: id,
    lot_id: id,
    outcome: word(
      'opened',
      'invalid_dealing',
      'context_mismatch',
      'undecryptable',
      'openers_failed',
      'ciphertext_missing',
    ),
    plaintext_root: optional(hash),
    detail: optional(text(500)),
    // Of the seed as it is kept for the auditors, sealed to them.
    seed_escrow_sha256: optional(hash),
  }),
} as const;
