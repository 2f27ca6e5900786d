/** What was erased, and the little that is excused for it: rows and instants that only the erased entry could explain.
 *  Without these bounds one lawful erasure would excuse every row that somebody dates to its instant. */
import { isUuidV7, parseInstant } from '@segel/encoding';
import { isKept, keptUntil, type EntryTypeName } from '@segel/evidence';
import { differs, missing, type Cell, type Excuses, type Row, type RowFinding } from './row-audit-rows.js';

/** A leaf whose opening is gone and of which a clear entry in the log says that it was erased. Hashes are base64. */
export type ErasedLeaf = {
  readonly commitment: string;
  readonly leafSha256: string;
  /** What the clear entry says the type was, when it says so, and its place. */
  readonly type: string;
  readonly erasedAt: string;
  readonly erasedBy: number;
  /** Instants of the nearest readable entries before and after the leaf. */
  readonly after: string | undefined;
  readonly before: string | undefined;
};

/** What an act of a type writes, as `table.column` of the instant. */
type Writes = {
  /** It adds at most one row of each group. */
  readonly adds?: readonly (readonly string[])[];
  /** It sets the column in at most one row. */
  readonly sets?: readonly string[];
  /** It sets the column in several rows: all links, all sessions of an account. */
  readonly setsSeveral?: readonly string[];
};

/** Every blinded type that may be erased before ten years have passed. Other types excuse nothing. */
export const ERASABLE_WRITES: Readonly<Record<string, Writes>> = {
  'account.opened': {
    // Who was invited gets the role, who was not gets a link.
    adds: [['account.created_at'], ['account_token.created_at', 'role_assignment.granted_at']],
    sets: ['account_token.used_at'],
  },
  'account.link_sent': { adds: [['account_token.created_at']], setsSeveral: ['account_token.used_at'] },
  'account.signed_in': { adds: [['session.created_at']] },
  'account.credential_changed': {
    sets: ['account.confirmed_at'],
    setsSeveral: ['account_token.used_at', 'session.revoked_at'],
  },
  'account.revoked': { sets: ['account.revoked_at'], setsSeveral: ['session.revoked_at'] },
  'vendor.registered': { adds: [['vendor.registered_at'], ['role_assignment.granted_at']] },
  'vendor.document_added': { adds: [['vendor_document.added_at']] },
  'vendor.approved': { adds: [['vendor_decision.decided_at']] },
  'vendor.rejected': { adds: [['vendor_decision.decided_at']] },
  'vendor.blacklisting_requested': { adds: [['vendor_exclusion_request.requested_at']] },
  'tender.document_added': { adds: [['tender_document.added_at']] },
  'opening.readiness': { adds: [['readiness_challenge.asked_at', 'readiness_proof.proved_at']] },
  'tender.draft_cancelled': {},
  'question.asked': {},
  'complaint.filed': {},
  'refusal.recorded': {},
  'access.denied': {},
};

/** Tables whose rows name the commitment of a bid's entry. */
const BID_TABLES = ['bid', 'bid_withdrawal', 'bid_reconfirmation', 'bid_delivery', 'bid_void', 'opened_bid'];

/** An act draws its instant at its start, and its id and its place in the log at its end. */
const ACT_MS = 60_000;

type Allowance = { readonly at: Cell; readonly columns: readonly string[]; left: number };

export class Erased implements Excuses {
  readonly findings: readonly RowFinding[];
  readonly #known: ReadonlySet<string>;
  readonly #added: Allowance[] = [];
  readonly #set: Allowance[] = [];

  constructor(leaves: readonly ErasedLeaf[], rowsOf: (table: string) => readonly Row[]) {
    this.#known = new Set(leaves.map(({ commitment }) => commitment));
    const trail = new Map(rowsOf('trail').map((row) => [row['commitment'], row]));
    const bids = BID_TABLES.map((table) => [table, new Set(rowsOf(table).map((row) => row['commitment']))] as const);
    this.findings = leaves.flatMap((leaf) => {
      const row = trail.get(leaf.commitment);
      const ofBid = bids.filter(([, commitments]) => commitments.has(leaf.commitment)).map(([table]) => table);
      const findings = examine(leaf, row, ofBid);
      if (findings.length === 0) this.allow(leaf.type, row!['at']!);
      return findings;
    });
  }

  row(table: string, row: Row): boolean {
    // Whatever is wrong with it was found above.
    if (table === 'trail') return this.#known.has(String(row['commitment']));
    return this.#added.some((one) => one.columns.some((name) => spends(one, table, name, columnOf(row, table, name))));
  }

  column(table: string, name: string, cell: Cell): boolean {
    return this.#set.some((one) => one.columns.some((of) => of === `${table}.${name}` && spends(one, table, of, cell)));
  }

  private allow(type: string, at: Cell): void {
    const { adds = [], sets = [], setsSeveral = [] } = ERASABLE_WRITES[type] ?? {};
    this.#added.push(...adds.map((columns) => ({ at, columns, left: 1 })));
    this.#set.push(...sets.map((column) => ({ at, columns: [column], left: 1 })));
    this.#set.push(...setsSeveral.map((column) => ({ at, columns: [column], left: Infinity })));
  }
}

function columnOf(row: Row, table: string, name: string): Cell {
  return row[name.slice(table.length + 1)] ?? null;
}

function spends(allowance: Allowance, table: string, column: string, cell: Cell): boolean {
  if (allowance.left === 0 || allowance.at !== cell || !column.startsWith(`${table}.`)) return false;
  allowance.left -= 1;
  return true;
}

/** Whether the erasure is of what it says, and of what may be erased. */
function examine(leaf: ErasedLeaf, row: Row | undefined, ofBid: readonly string[]): readonly RowFinding[] {
  const { commitment, erasedBy: entry } = leaf;
  if (row === undefined) return [missing('trail', `commitment=${commitment}`, 'The row of an erased entry is gone.')];
  const place = { entry };
  const name = `id=${String(row['id'])}`;
  const wrong = (column: string, sentence: string): RowFinding => ({
    ...differs('trail', name, [column], sentence),
    ...place,
  });
  const findings: RowFinding[] = [];
  if (row['leaf_sha256'] !== leaf.leafSha256) findings.push(wrong('leaf_sha256', 'The erased leaf is another one.'));
  if (row['type'] !== leaf.type) findings.push(wrong('type', `Entry ${entry} erased it under another type.`));
  if (!isBound(leaf, row)) findings.push(wrong('at', 'Neither its id nor its place in the log is of this time.'));
  const kept = [leaf.type, String(row['type'])].some((type) => isKept(type as EntryTypeName));
  const early = parseInstant(leaf.erasedAt) < keptUntil(parseInstant(row['at'] as string));
  if (early && (kept || ofBid.length > 0)) {
    const what = ofBid.length > 0 ? `a row of ${ofBid.join(', ')} needs it` : 'entries of its type are kept';
    const sentence = `Entry ${entry} says that it was erased, but ${what}.`;
    findings.push({ ...missing('tlog.opening', `commitment=${commitment}`, sentence), ...place });
  }
  return findings;
}

/** True when the row's instant is the one of its id and of the leaf's neighbours in the log, but for the act's length. */
function isBound({ after, before }: ErasedLeaf, row: Row): boolean {
  const id = String(row['id']);
  const at = parseInstant(row['at'] as string).getTime();
  const drawn = isUuidV7(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN;
  const ofId = drawn >= at && drawn - at <= ACT_MS;
  const afterPrevious = after === undefined || at >= parseInstant(after).getTime() - ACT_MS;
  const beforeNext = before === undefined || at <= parseInstant(before).getTime() + ACT_MS;
  return ofId && afterPrevious && beforeNext;
}
