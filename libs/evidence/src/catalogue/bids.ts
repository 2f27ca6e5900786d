import { boolean, hash, id, instant, integer, optional, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';

export const envelope = word('single', 'technical', 'price');
const bid = {
  lot_id: id,
  envelope,
  offer_id: id,
  bid_id: id,
  vendor_id: id,
  manifest_sha256: hash,
  ct_root: hash,
  notice_sha256: hash,
  // The vendor signs that the sealed files follow: nobody can void a bid whose vendor did not.
  precommit: optional(boolean),
};

export const BID_ENTRIES = {
  // One entry an upload, not one a part: large bids must not be seen in the log's growth.
  'bid.upload_announced': blinded(
    'never',
    'A vendor said which parts of sealed bids it will send; room is kept for them.',
    { vendor_id: id, count: integer, size_bytes: integer, parts_sha256: hash },
  ),
  'bid.submitted': blinded('opening', 'A vendor submitted a sealed bid.', bid, 1),
  'bid.replaced': blinded('opening', 'A vendor replaced its sealed bid.', { ...bid, replaces: id }, 1),
  // Never: of bids outside the frozen box the public learns only how many there were.
  'bid.withdrawn': blinded(
    'never',
    'A vendor withdrew its bid.',
    { lot_id: id, envelope, bid_id: id, vendor_id: id, manifest_sha256: hash },
    1,
  ),
  'bid.reconfirmed': blinded(
    'opening',
    'A vendor confirmed its bid after an addendum.',
    { bid_id: id, manifest_sha256: hash, notice_sha256: hash },
    1,
  ),
  'bid.delivered': blinded('opening', 'The sealed files of a bid that was committed before came in time.', {
    lot_id: id,
    bid_id: id,
    manifest_sha256: hash,
    ct_root: hash,
  }),
  'bid.voided': blinded('opening', 'A bid is void: it was committed, and its sealed files did not come in time.', {
    lot_id: id,
    bid_id: id,
    bid_commitment: hash,
    reason: word('ciphertext_missing'),
    due: instant,
  }),
  'bid.refused': blinded('never', 'A bid was refused.', { code: text(60), manifest_sha256: optional(hash) }),
  'bid.parts_discarded': blinded('never', 'Stored parts that no bid names may go, the deadline being past.', {
    count: integer,
    size_bytes: integer,
    parts_sha256: hash,
  }),
  'box.closing': clear('The deadline passed: no bid is taken from here on.', { deadline: instant }),
  'box.closed': clear('The box of bids was closed: this set, no other.', {
    lot_id: id,
    envelope,
    deadline: instant,
    latest_notice_sha256: hash,
    cut_size: integer,
    count: integer,
    set_root: hash,
  }),
  'box.attested': clear(
    'An auditor opened every entry of the period and found the box complete.',
    { lot_id: id, envelope, box_idx: integer, set_root: hash, cut_size: integer },
    1,
  ),
} as const;
