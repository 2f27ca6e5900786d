/** What nobody needs to name when it changes, and why. Every other column of every table must be named. */
import type { Table } from './database.js';

const SURROGATE =
  'A number of the row only: no entry and no person names the row by it, and no other row points to it.';
const PERSONAL = 'Personal data that the log must not hold; it is shown to its owner and decides nothing.';
const MESSAGE = 'A message about an act. The act is in the log, and every message says where to look.';
const REPLAY =
  'The memory of answered requests. What an answer claims (promise, receipt, hashes) its reader checks by itself.';

const HOW_MUCH =
  'Not in the log: the difference of two nights would tell how many bids came. Nothing is decided by it.';
const MEASUREMENT =
  'A measurement. What it decided is in the log: an outage with the hash of its published probes, a wrong clock and one measurement a day by themselves.';

/** Column (`table.column`), or `table.*`, with the reason. */
export const UNNAMED_COLUMNS: Readonly<Record<string, string>> = {
  'account.language': 'In which language mails are written: its owner’s wish.',
  'account.failed_sign_ins': 'A counter of wrong passwords; it delays the next sign-in by minutes at most.',
  'account.locked_until': 'A pause of at most 15 minutes; a password reset ends it.',
  'account_token.id':
    'Links of newcomers are made from it: another id makes the mailed link void, and its owner asks for a new one. Of invitations it is in the log, and named.',
  'session.ip': PERSONAL,
  'session.user_agent': PERSONAL,
  'role_assignment.id': SURROGATE,
  'signing_key.id': SURROGATE,
  'account_revocation.id': SURROGATE,
  'vendor_decision.id': SURROGATE,
  'vendor_exclusion.id': SURROGATE,
  'vendor_exclusion_request.id': SURROGATE,
  'tender_version.id': SURROGATE,
  'tender_publication.id': SURROGATE,
  'tender_cancellation.id': SURROGATE,
  'opener_key.id': SURROGATE,
  'outage.id': SURROGATE,
  'probe.*': MEASUREMENT,
  'clock_measurement.*': MEASUREMENT,
  'bid_reconfirmation.id': SURROGATE,
  'box_attestation.id': SURROGATE,
  'share_rejection.id': SURROGATE,
  'conflict_declaration.id': SURROGATE,
  'finding.id': SURROGATE,
  'evaluation_signature.id': SURROGATE,
  'evaluation.id': SURROGATE,
  'award.id': SURROGATE,
  'storage_audit.id': SURROGATE,
  'storage_audit.checked': HOW_MUCH,
  'storage_audit.bytes': HOW_MUCH,
  'object_damage.id': SURROGATE,
  'bid.ordinal': 'Only the order within one vendor’s versions of a bid counts: a change of that order is named.',
  'readiness_challenge.wrap':
    'Only its opener can read it; the answer it leads to is in the log. Another wrap leads to none, and the opener says so.',
  'share_complaint.reason': 'An opener’s word for what it saw; that it complained, and about which bid, is in the log.',
  'notification.*': MESSAGE,
  'replay.*': REPLAY,
  'migrations.*': 'Which migrations ran: a server that finds another schema than its own does not work.',
  'tlog.queue.id': 'The order of what waits for a place in the log: nothing is promised about it.',
  'tlog.queue.part': 'Whether a waiting entry is padding: the log shows what became of it.',
  'tlog.queue.commitment': 'Repeats what the waiting leaf says; the leaf alone goes into the log.',
  'tlog.queue.tender_id': 'Lets a box wait for its tender’s entries; the box is compared with the log afterwards.',
  'tlog.published.first_at':
    'Our own clock’s word. The witnesses’ times in the note are what counts; an hour apart from them is named.',
  'graphile_worker.*':
    'Jobs that wait. Whatever one does is an act with an entry of its own, decided again under the lock by the same rules; one that is lost is late, and lateness shows in the log.',
};

/** Swaps of a column's values between two rows that change nothing which was promised. */
const UNNAMED_SWAPS: Readonly<Record<string, string>> = {
  'tlog.queue.data': 'Two leaves that wait change places: nothing is promised about the order of what waits.',
};

/** The reason why a change of this column need not be named, or undefined. */
export function columnReasonOf(table: string, column: string, how: string): string | undefined {
  const swapped = how === 'swapped with another row' ? UNNAMED_SWAPS[`${table}.${column}`] : undefined;
  return swapped ?? reasonOf(table, column);
}

/** The reason why a column may change, or undefined. */
export function reasonOf(table: string, column: string): string | undefined {
  const schema = table.split('.')[0]!;
  return UNNAMED_COLUMNS[`${table}.${column}`] ?? UNNAMED_COLUMNS[`${table}.*`] ?? UNNAMED_COLUMNS[`${schema}.*`];
}

/** Names on the list that no table has any more. */
export function forgottenReasons(tables: readonly Table[]): readonly string[] {
  const columns = tables.flatMap(({ name, columns: of }) => of.map((column) => `${name}.${column.name}`));
  return Object.keys(UNNAMED_COLUMNS).filter((name) => {
    const start = name.replace(/\*$/, '');
    return !columns.some((column) => (start === name ? column === name : column.startsWith(start)));
  });
}

/** Rows that may come and go, by table and what is done to them. */
const UNNAMED_ROWS: Readonly<Record<string, string>> = {
  'tlog.published row deleted':
    'A checkpoint between two public ones only shortens receipts; a public one is in the object store too, and named.',
  'tlog.checkpoint row deleted':
    'A signed checkpoint that was never published binds nobody; one that was published is named.',
};

export function rowReasonOf(table: string, how: string): string | undefined {
  return UNNAMED_ROWS[`${table} ${how}`] ?? reasonOf(table, '*');
}
