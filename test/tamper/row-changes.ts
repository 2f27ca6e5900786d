/** Changes of rows: every column of every table to another value, to none, and to another row's; rows deleted, doubled. */
import { Impossible, seeded, type Change, type Judge, type Named } from './change.js';
import { columnReasonOf, reasonOf, rowReasonOf } from './columns.js';
import type { Column, Superuser, Table } from './database.js';

/** Of every table, and of each of its columns. `seed` picks the rows. */
export async function rowChanges(superuser: Superuser, tables: readonly Table[], seed: number): Promise<Change[]> {
  const random = seeded(seed);
  const pointers = await superuser.pointers();
  const changes: Change[] = [];
  // A table of which every row may change has its reason; there is nothing to find out by changing it.
  for (const table of tables.filter(({ name }) => reasonOf(name, '*') === undefined)) {
    const words = await superuser.words(table.name);
    const at = Math.floor(random() * Math.max(1, table.rows));
    const maker = new RowChanges(superuser, table, words, at, pointers.get(table.name) ?? []);
    changes.push(...maker.all());
  }
  return changes;
}

class RowChanges {
  constructor(
    private readonly superuser: Superuser,
    private readonly table: Table,
    private readonly words: readonly string[],
    private readonly at: number,
    private readonly pointers: readonly string[],
  ) {}

  all(): readonly Change[] {
    const { name, columns, rows } = this.table;
    if (name.startsWith('graphile_worker.')) return columns.map((column) => this.ofColumn(column, 'another value', ''));
    if (rows === 0) return [this.ofRow('row forged', () => this.forge())];
    return [
      ...columns.flatMap((column) => this.ofEach(column)),
      this.ofRow('row deleted', () => this.deleteOne()),
      this.ofRow('row doubled', () => this.double()),
    ];
  }

  private ofEach(column: Column): readonly Change[] {
    const quoted = `"${column.name}"`;
    return [
      this.ofColumn(column, 'another value', quoted),
      ...(column.nullable ? [this.ofColumn(column, 'value removed', quoted)] : []),
      ...(this.table.rows > 1 ? [this.ofColumn(column, 'swapped with another row', quoted)] : []),
    ];
  }

  private get judges(): readonly Judge[] {
    return this.table.name.startsWith('tlog.') ? ['rows', 'verifier', 'mirror'] : ['rows', 'verifier'];
  }

  private ofColumn(column: Column, how: string, quoted: string): Change {
    const { name } = this.table;
    return {
      group: `table ${name}`,
      what: `${name}.${column.name}`,
      how,
      judges: this.judges,
      reason: columnReasonOf(name, column.name, how),
      isPlace: (named) => this.namesColumn(named, column.name),
      apply: async () => {
        const identity = (mode: string): string => `ALTER TABLE ${name} ALTER COLUMN ${quoted} SET GENERATED ${mode}`;
        if (column.generated) await this.superuser.query(identity('BY DEFAULT'));
        if (how === 'another value') await this.anotherValue(column, quoted);
        else if (how === 'value removed') await this.remove(quoted);
        else await this.swap(quoted);
        return async () => {
          await this.superuser.putBack(name);
          if (column.generated) await this.superuser.query(identity('ALWAYS'));
        };
      },
    };
  }

  private ofRow(how: string, act: () => Promise<void>): Change {
    const { name } = this.table;
    return {
      group: `table ${name}`,
      what: name,
      how,
      judges: this.judges,
      reason: rowReasonOf(name, how),
      isPlace: (named) => named.place.startsWith(`${name} `) || this.isOfLog(named) || this.isOfQueue(named),
      apply: async () => {
        await act();
        return () => this.superuser.putBack(name);
      },
    };
  }

  /** The table and the column; or the rows that pointed to this one and now point to nothing. */
  private namesColumn(named: Named, column: string): boolean {
    const { name } = this.table;
    if (named.by !== 'rows') return this.isOfLog(named);
    if (this.isOfQueue(named)) return true;
    const [place, columns = ''] = named.place.split(' [');
    if (place!.startsWith(`${name} `)) {
      const said = columns.slice(0, -1).split(', ');
      // A row that is named by the very column cannot be found by it any more: then the others tell.
      return columns === '' || said.includes(column) || place!.includes(` ${column}=`);
    }
    return (
      this.table.columns.some((one) => one.name === column && one.inKey) &&
      this.pointers.some((one) => place!.startsWith(`${one} `))
    );
  }

  /** Verifiers see no tables: an entry, a tile or a checkpoint is their word for the row. */
  private isOfLog({ by, place }: Named): boolean {
    return by !== 'rows' && this.table.name.startsWith('tlog.') && place !== '';
  }

  /** What waits for its place in the log is known by its opening and its line in the trail. */
  private isOfQueue({ place }: Named): boolean {
    return this.table.name === 'tlog.queue' && /^(tlog\.opening|trail) /.test(place);
  }

  /** Where the changed row is: one that has a value in the column, if any. */
  private rowWith(quoted: string): string {
    const { name, columns } = this.table;
    const order = columns[0]!.name;
    return `ctid = (SELECT ctid FROM ${name} ORDER BY ${quoted} IS NULL, "${order}" OFFSET ${this.at} LIMIT 1)`;
  }

  private async anotherValue(column: Column, quoted: string): Promise<void> {
    const { name } = this.table;
    if (quoted === '') throw new Impossible('not tried');
    for (const value of this.valuesFor(column, quoted)) {
      const where = this.rowWith(quoted);
      const sql = `UPDATE ${name} SET ${quoted} = ${value} WHERE ${where} AND ${quoted} IS DISTINCT FROM ${value}`;
      if ((await this.tried(sql)) > 0) return;
    }
    throw new Impossible('no other value fits the keys and checks of the table');
  }

  private valuesFor(column: Column, quoted: string): readonly string[] {
    const { name } = this.table;
    const other = `(SELECT o.${quoted} FROM ${name} o WHERE o.${quoted} IS DISTINCT FROM ${name}.${quoted} LIMIT 1)`;
    switch (column.type) {
      case 'uuid':
        return [
          `coalesce(${other}, '01890000-0000-7000-8000-000000000001'::uuid)`,
          `(left(coalesce(${quoted}::text, '01890000-0000-7000-8000-000000000001'), 35) || CASE right(${quoted}::text, 1) WHEN '0' THEN '1' ELSE '0' END)::uuid`,
        ];
      case 'text':
        return [
          ...this.words.map((word) => `'${word}'`),
          `coalesce(${other}, ${quoted} || 'x', 'x')`,
          `coalesce(${quoted}, '') || 'x'`,
        ];
      case 'bytea':
        return [
          `coalesce(set_byte(${quoted}, length(${quoted}) / 2, get_byte(${quoted}, length(${quoted}) / 2) # 1), sha256('x'))`,
        ];
      case 'timestamp with time zone':
        return [`coalesce(${quoted} + interval '1 day', now())`];
      case 'date':
        return [`coalesce(${quoted} + 1, current_date)`];
      case 'boolean':
        return [`NOT ${quoted}`];
      case 'jsonb':
        return [
          `(SELECT overlay(${quoted}::text PLACING 'x' FROM length(${quoted}::text) - 2 FOR 0)::jsonb)`,
          `${quoted} || '{"tampered":true}'`,
          `'["x"]'`,
        ];
      default:
        return [`coalesce(${quoted} + 1, 1)`, `${quoted} - 1`, `${quoted} + 1000`];
    }
  }

  private async remove(quoted: string): Promise<void> {
    const { name } = this.table;
    const sql = `UPDATE ${name} SET ${quoted} = NULL WHERE ${this.rowWith(quoted)} AND ${quoted} IS NOT NULL`;
    if ((await this.tried(sql)) === 0) throw new Impossible('no row has a value, or a check forbids none');
  }

  private async swap(quoted: string): Promise<void> {
    const { name } = this.table;
    const first = columnsOrder(this.table);
    const sql = `WITH one AS (SELECT ctid AS at, ${quoted} AS v FROM ${name} ORDER BY ${quoted} IS NULL, ${first} OFFSET ${this.at} LIMIT 1),
        two AS (SELECT t.ctid AS at, t.${quoted} AS v FROM ${name} t, one WHERE t.${quoted} IS DISTINCT FROM one.v ORDER BY t.ctid LIMIT 1)
      UPDATE ${name} SET ${quoted} = CASE WHEN ${name}.ctid = one.at THEN two.v ELSE one.v END
      FROM one, two WHERE ${name}.ctid IN (one.at, two.at)`;
    const changed = await this.tried(sql);
    if (changed === 0) throw new Impossible('all rows have the same value, or keys forbid the swap');
  }

  private async deleteOne(): Promise<void> {
    const { name, columns } = this.table;
    await this.superuser.change(`DELETE FROM ${name} WHERE ${this.rowWith(`"${columns[0]!.name}"`)}`);
  }

  /** The same row once more, under another key: with a new id, or one further. */
  private async double(): Promise<void> {
    const { name, columns } = this.table;
    const names = columns.filter(({ generated }) => !generated).map((column) => `"${column.name}"`);
    const values = columns
      .filter(({ generated }) => !generated)
      .map((column) => (column.inKey || this.isUnique(column) ? fresh(column) : `"${column.name}"`));
    const sql = `INSERT INTO ${name} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${name} WHERE ${this.rowWith(`"${columns[0]!.name}"`)}`;
    if ((await this.tried(sql)) === 0) throw new Impossible('keys and checks of the table forbid a second row');
  }

  private isUnique({ name, type }: Column): boolean {
    return type === 'bytea' && /commitment|leaf_sha256|manifest_sha256|ct_root|public_key/.test(name);
  }

  private async forge(): Promise<void> {
    const { name, columns } = this.table;
    const plain = columns.filter(({ generated }) => !generated);
    const names = plain.map((column) => `"${column.name}"`).join(', ');
    const attempts = [plain.map((column) => this.invented(column, 0)), plain.map((column) => this.invented(column, 1))];
    for (const values of attempts)
      if ((await this.tried(`INSERT INTO ${name} (${names}) SELECT ${values.join(', ')}`)) > 0) return;
    throw new Impossible('no row could be made up that fits the checks of the table');
  }

  private invented({ type, name, nullable }: Column, attempt: number): string {
    if (nullable && attempt === 1 && name !== 'account_id') return 'NULL';
    if (type === 'uuid') return `'01890000-0000-7000-8000-0000000000${numberOf(name)}'::uuid`;
    if (type === 'text')
      return this.words.length > 0 && /^(reason|state|kind|outcome|envelope|part)$/.test(name)
        ? `'${this.words[0]}'`
        : "'forged'";
    if (type === 'bytea') return "sha256('forged')";
    if (type === 'timestamp with time zone') return 'now()';
    if (type === 'date') return 'current_date';
    if (type === 'boolean') return 'true';
    if (type === 'jsonb') return "'{}'::jsonb";
    return '1';
  }

  /** Rows changed; none when keys or checks forbid it. */
  private async tried(sql: string): Promise<number> {
    try {
      return await this.superuser.change(sql);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      // 22: data, 23: keys and checks, 42804/42883: types.
      if (code?.startsWith('22') || code?.startsWith('23') || code === '42804' || code === '42883') return 0;
      throw error;
    }
  }
}

/** Two hex digits of a name, so that people who must differ do. */
function numberOf(name: string): string {
  const sum = Buffer.from(name).reduce((total, byte) => total + byte, 0);
  return (sum % 256).toString(16).padStart(2, '0');
}

function columnsOrder({ columns }: Table): string {
  return `"${columns[0]!.name}"`;
}

function fresh({ name, type }: Column): string {
  const quoted = `"${name}"`;
  if (type === 'uuid') return `'01890000-0000-7000-8000-00000000000f'::uuid`;
  if (type === 'bytea') return `sha256(${quoted})`;
  if (type === 'text') return `${quoted} || 'x'`;
  if (type === 'boolean') return `NOT ${quoted}`;
  return `${quoted} + 1`;
}
