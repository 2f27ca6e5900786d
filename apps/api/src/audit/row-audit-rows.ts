/** Rows as the database has them and rows as the log says they must be, and where the two differ. */
import { canonicalize, formatInstant, toBase64 } from '@segel/encoding';
import { createHash } from 'node:crypto';

/** A value in one spelling: bytes in base64, instants as the log writes them, documents canonical. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** What the log leaves open: the value is one of these. */
export class OneOf {
  constructor(readonly cells: readonly Cell[]) {}
}

/** Reads rows of a table. The names are the audit's own, never a request's. */
export type ReadRows = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** What is not held against a row, because only an erased entry could say it. Asking uses the excuse up. */
export type Excuses = {
  row(table: string, row: Row): boolean;
  column(table: string, name: string, cell: Cell): boolean;
};

/** Something that the rows say and the log does not, or the other way round. */
export type RowFinding = {
  readonly table: string;
  /** The row, by the columns that an entry names it with. */
  readonly row: string;
  /** The columns, when the row is there and differs. */
  readonly columns?: readonly string[];
  readonly code:
    | 'row_differs'
    | 'row_missing'
    | 'row_unrecorded'
    | 'row_repeated'
    | 'row_unreadable'
    | 'object_missing'
    | 'object_differs';
  /** The object that is gone or another. */
  readonly object?: string;
  /** Index of the entry that says otherwise. */
  readonly entry?: number;
  readonly sentence: string;
};

/** A row as its entries say it is. Columns that no entry speaks about are not among the cells. */
export class ExpectedRow {
  constructor(
    readonly key: Row,
    readonly cells: Record<string, Cell | OneOf>,
    public entry: number | undefined,
  ) {}

  /** A later entry changed the row. */
  set(cells: Readonly<Record<string, Cell | OneOf>>, entry: number | undefined): void {
    Object.assign(this.cells, cells);
    this.entry = entry;
  }
}

/** Rows of one table as the log says they must be, in the order of their entries. */
export class ExpectedTable {
  readonly rows: ExpectedRow[] = [];
  readonly #byKey = new Map<string, ExpectedRow>();

  constructor(readonly table: string) {}

  add(key: Row, cells: Readonly<Record<string, Cell | OneOf>>, entry: number | undefined): ExpectedRow {
    const row = new ExpectedRow(key, { ...cells }, entry);
    this.rows.push(row);
    this.#byKey.set(spelled(key, Object.keys(key).toSorted()), row);
    return row;
  }

  /** The row of a whole key. */
  find(key: Row): ExpectedRow | undefined {
    return this.#byKey.get(spelled(key, Object.keys(key).toSorted()));
  }

  filter(holds: (row: ExpectedRow) => boolean): readonly ExpectedRow[] {
    return this.rows.filter(holds);
  }

  /** What differs. A row whose key was altered is paired with the row that is missing for it. */
  compare(actual: readonly Row[], excuses: Excuses): readonly RowFinding[] {
    const findings: RowFinding[] = [];
    const left = new Map<string, Row[]>();
    const names = Object.keys(this.rows[0]?.key ?? {});
    for (const row of actual) {
      const key = spelled(row, names);
      left.set(key, [...(left.get(key) ?? []), row]);
    }
    const missing: ExpectedRow[] = [];
    for (const expected of this.rows) {
      // Two acts of one millisecond may have rows of one key: each is compared with the row that is most like it.
      const row = takeClosest(expected, left.get(spelled(expected.key, names)) ?? []);
      if (row === undefined) missing.push(expected);
      else findings.push(...this.differing(expected, row, excuses));
    }
    const rest = [...left.values()].flat();
    for (const expected of missing) findings.push(...this.nearest(expected, rest));
    const known = new Set(this.rows.map(({ key }) => spelled(key, names)));
    for (const row of rest) {
      const repeated = names.length > 0 && known.has(spelled(row, names));
      if (!repeated && excuses.row(this.table, row)) continue;
      findings.push({
        table: this.table,
        row: shown(row, names.length > 0 ? names : Object.keys(row).slice(0, 2)),
        code: repeated ? 'row_repeated' : 'row_unrecorded',
        sentence: repeated ? 'The row is there twice; its entry is in the log once.' : 'No entry of the log says this.',
      });
    }
    return findings;
  }

  private differing({ key, cells, entry }: ExpectedRow, row: Row, excuses: Excuses): readonly RowFinding[] {
    const columns = Object.keys(cells).filter(
      (name) => !holds(cells[name], row[name]) && !excuses.column(this.table, name, row[name] ?? null),
    );
    if (columns.length === 0) return [];
    return [
      {
        table: this.table,
        row: shown(key, Object.keys(key)),
        columns,
        code: 'row_differs',
        ...(entry === undefined ? {} : { entry }),
        sentence: `The row is not what ${entryName(entry)} says.`,
      },
    ];
  }

  /** An altered key shows as one row too many and one too few: named as one when most of the row is the same. */
  private nearest(expected: ExpectedRow, rest: Row[]): readonly RowFinding[] {
    const all: Record<string, Cell | OneOf> = { ...expected.key, ...expected.cells };
    const names = Object.keys(all);
    const differing = (row: Row): readonly string[] => names.filter((name) => !holds(all[name], row[name]));
    const closest = rest.toSorted((a, b) => differing(a).length - differing(b).length)[0];
    const where = {
      table: this.table,
      row: shown(expected.key, Object.keys(expected.key)),
      ...(expected.entry === undefined ? {} : { entry: expected.entry }),
    };
    const columns = closest === undefined ? names : differing(closest);
    if (closest === undefined || columns.length * 2 > names.length) {
      const sentence = `${entryName(expected.entry)} is in the log and its row is gone.`;
      return [{ ...where, code: 'row_missing', sentence }];
    }
    rest.splice(rest.indexOf(closest), 1);
    const sentence = `The row is not what ${entryName(expected.entry)} says.`;
    return [{ ...where, columns, code: 'row_differs', sentence }];
  }
}

/** Takes the row out that differs in the fewest cells. */
function takeClosest({ cells }: ExpectedRow, rows: Row[]): Row | undefined {
  const differing = (row: Row): number => Object.keys(cells).filter((name) => !holds(cells[name], row[name])).length;
  const closest = rows.toSorted((a, b) => differing(a) - differing(b))[0];
  if (closest !== undefined) rows.splice(rows.indexOf(closest), 1);
  return closest;
}

/** A value of the driver in the audit's spelling. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return toBase64(new Uint8Array(value));
  if (value instanceof Date) return formatInstant(value);
  if (typeof value === 'object') return canonicalize(value);
  return value as Cell;
}

function holds(expected: Cell | OneOf | undefined, actual: Cell | undefined): boolean {
  if (expected instanceof OneOf) return expected.cells.includes(actual ?? null);
  return expected === (actual ?? null);
}

function spelled(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => row[name] ?? null));
}

function shown(row: Row, names: readonly string[]): string {
  return names.map((name) => `${name}=${String(row[name] ?? null)}`).join(' ');
}

function entryName(entry: number | undefined): string {
  return entry === undefined ? 'a queued entry' : `entry ${entry}`;
}

/** By OpenSSL: the audit hashes the whole log. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** Bytes of the driver. */
export function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(value as Uint8Array);
}

export function differs(table: string, row: string, columns: readonly string[], sentence: string): RowFinding {
  return { table, row, columns, code: 'row_differs', sentence };
}

export function missing(table: string, row: string, sentence: string): RowFinding {
  return { table, row, code: 'row_missing', sentence };
}

export function unrecorded(table: string, row: string): RowFinding {
  return { table, row, code: 'row_unrecorded', sentence: 'No entry of the log says this.' };
}
