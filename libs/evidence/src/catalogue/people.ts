import { boolean, hash, id, instant, integer, key, list, optional, text, word } from '../schema.js';
import { blinded, clear } from '../type.js';

const decision = { vendor_id: id, decision: word('approve', 'reject'), reasons: list(text(1000), 20) };
const invitation = { token_id: id, role: text(40), organisation_id: id, email_sha256: optional(hash) };
/** What binds an account's row without showing it: see ../bound.ts. `token_id` is the invitation that was accepted. */
const bound = { token_id: optional(id), identity_sha256: optional(hash), credential_sha256: optional(hash) };

export const PEOPLE_ENTRIES = {
  'account.opened': blinded('never', 'An account was opened.', {
    account_id: id,
    invited: boolean,
    role: optional(text(40)),
    organisation_id: optional(id),
    ...bound,
  }),
  'account.link_sent': blinded('never', 'A one-use link was sent to somebody’s address.', {
    account_id: id,
    purpose: word('confirm', 'reset', 'known'),
  }),
  'account.invitation_requested': blinded('never', 'An operator asked to invite somebody to a role.', invitation),
  'account.invited': blinded(
    'never',
    'A second operator, or the first start, invited to a role; or who registered a company, to act for it.',
    invitation,
  ),
  'organisation.registered': clear('An organisation was entered.', {
    organisation_id: id,
    kind: word('buyer', 'oversight', 'civil', 'operator'),
    name: text(200),
    identifier_scheme: optional(text(40)),
    identifier: optional(text(60)),
  }),
  'account.signed_in': blinded('never', 'Somebody signed in.', { account_id: id, session_id: id }),
  'account.credential_changed': blinded('never', 'A credential changed.', {
    account_id: id,
    what: text(60),
    credential_sha256: optional(hash),
  }),
  'account.revoked': blinded('never', 'A session or an account was revoked.', {
    account_id: id,
    session_id: optional(id),
    reason: text(200),
  }),
  'role.granted': blinded('never', 'A role was granted.', {
    account_id: id,
    role: text(40),
    organisation_id: optional(id),
    ...bound,
  }),
  'role.revoked': blinded('never', 'A role was revoked.', {
    account_id: id,
    role: text(40),
    organisation_id: optional(id),
  }),
  'key.vendor.registered': clear('A vendor registered its signing key.', { account_id: id, vendor_id: id, key }, 1),
  'key.vendor.revoked': clear('A vendor revoked its signing key.', { account_id: id, vendor_id: id, key }),
  'key.authority.registered': clear(
    'An official registered a signing key.',
    { account_id: id, key, escrow_recipient: optional(text(3000)) },
    1,
  ),
  'key.authority.revoked': clear('An official revoked a signing key.', { account_id: id, key }),
  'key.opener.registered': clear(
    'An opener registered the key of one tender.',
    { tender_id: id, opener_id: id, suite: word('pq1', 'x1'), recipient: text(3000), key },
    1,
  ),
  'key.opener.revoked': clear(
    'An opener revoked the key of one tender.',
    { tender_id: id, opener_id: id, recipient: text(3000), key },
    1,
  ),
  'vendor.draft_saved': blinded('never', 'Somebody saved the draft of a company’s registration.', {
    draft_sha256: hash,
  }),
  'vendor.registered': blinded('never', 'A company applied for registration.', { vendor_id: id, record_sha256: hash }),
  'vendor.document_added': blinded('never', 'A company added a document to its registration.', {
    vendor_id: id,
    document_id: id,
    kind: text(60),
    sha256: hash,
    file_name: optional(text(300)),
    media_type: optional(text(200)),
    size_bytes: optional(integer),
    expires_on: optional(text(10)),
  }),
  'vendor.approved': blinded('never', 'An operator approved a registration.', decision),
  'vendor.rejected': blinded('never', 'An operator rejected a registration, with reasons.', decision),
  'vendor.blacklisting_requested': blinded('never', 'An official asked to bar a vendor; a second must agree.', {
    vendor_id: id,
    until: instant,
    reason: text(1000),
  }),
  'vendor.blacklisted': clear('A vendor was barred.', { vendor_id: id, until: instant, reason: text(1000) }),
  'vendor.reinstated': clear('A barred vendor was admitted again.', { vendor_id: id, reason: text(1000) }),
} as const;
