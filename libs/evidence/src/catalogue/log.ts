import { decimal, hash, id, instant, integer, key, optional, record, text, word, list } from '../schema.js';
import { blinded, clear } from '../type.js';

/** Why something is erased. */
export const ERASURE_REASONS = ['subject_request', 'retention_ended', 'recorded_by_mistake', 'court_order'] as const;
const erasureReason = word(...ERASURE_REASONS);
const erasure = { request_id: id };

export const LOG_ENTRIES = {
  'log.genesis': clear('The log began.', {
    log_origin: text(200),
    promise_key: key,
    policy_sha256: hash,
    predecessor: optional(text(200)),
  }),
  'log.config': clear('A setting of the log changed.', { name: text(100), value: text(500) }),
  'log.heartbeat': clear('The log is alive.', { n: integer }),
  chaff: blinded('never', 'Padding: nothing happened.', { padding: text(100) }),
  'client.released': clear('A client program was released.', {
    name: text(100),
    version: text(50),
    bundle_sha256: hash,
  }),
  // Not how many objects there are: the difference of two nights would be the number and size of the bids that came.
  'storage.audited': clear('Every stored object was read again and compared.', {
    started_at: instant,
    damaged: integer,
    missing: integer,
  }),
  // Of what is damaged the log has the hash alone, without tender or vendor: before the opening nobody learns who bids.
  'storage.damaged': clear('A stored object is gone, or not what its name says.', {
    sha256: hash,
    found: word('missing', 'differs'),
  }),
  'storage.restored': clear('A damaged object was restored.', { sha256: hash }),
  'backup.restored': clear('The database was restored from a copy.', { size: integer, reason: text(500) }),
  'clock.measured': clear('The clock was compared with time sources.', {
    standing: word('right', 'wrong', 'unknown'),
    offset_ms: optional(decimal),
    sources: list(
      record({
        source: text(300),
        offset_ms: optional(decimal),
        delay_ms: optional(integer),
        problem: optional(text(200)),
      }),
      20,
    ),
  }),
  'outage.recorded': clear('An outage was measured before a deadline, and moved it when the rules say so.', {
    from: instant,
    until: instant,
    minutes: integer,
    evidence_sha256: hash,
    deadline: instant,
    extended_to: optional(instant),
  }),
  'erasure.requested': blinded('never', 'An operator asked to erase an entry or the personal data of an account.', {
    ...erasure,
    commitment: optional(hash),
    account_id: optional(id),
    reason: erasureReason,
  }),
  'erasure.declined': blinded('never', 'An auditor declined an erasure.', { ...erasure, note: text(500) }),
  // Clear for good, so the reason is a word of a list: free text could hold what was to be erased.
  'opening.erased': clear('The readable form of an entry with personal data was erased, by two people.', {
    commitment: hash,
    type: text(60),
    reason: erasureReason,
    requested_by: id,
  }),
  'account.erased': clear('Name, address and traces of an account were erased, by two people.', {
    account_id: id,
    reason: erasureReason,
    requested_by: id,
  }),
  'refusal.recorded': blinded('never', 'A rule refused an act.', {
    code: text(60),
    act: text(100),
    params: optional(text(1000)),
  }),
  'access.denied': blinded('never', 'Access was denied.', { act: text(200), reason: text(100) }),
  'secret.read': blinded('never', 'Secret data was read.', { what: text(100), subject: text(100) }),
  'admin.acted': blinded('never', 'An administrator acted.', {
    act: text(100),
    detail: list(text(200), 20),
    outcome: word('done', 'refused'),
  }),
} as const;
