/** The database as its superuser has it: triggers off, keys ignored, copies made and put back. */
import pg from 'pg';
import '../../apps/api/src/platform/database/database.js';

/** The campaign's own schema, with a copy of every table as it was. */
const KEEP = 'tamper_keep';

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly generated: boolean;
  readonly inKey: boolean;
};
export type Table = { readonly name: string; readonly columns: readonly Column[]; readonly rows: number };

export class Superuser {
  private client: pg.Client | undefined;

  constructor(readonly url: string) {}

  async query<T extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    const client = (this.client ??= await this.connect(this.url));
    return (await client.query<T>(sql, [...parameters])).rows;
  }

  /** How many rows the statement changed. */
  async change(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    const client = (this.client ??= await this.connect(this.url));
    return (await client.query(sql, [...parameters])).rowCount ?? 0;
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  private async connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SET session_replication_role = replica');
    // A campaign is thrown away: nothing of it needs to survive a crash.
    await client.query('SET synchronous_commit = off');
    return client;
  }

  /** All tables of the schemas, with their columns. */
  async tables(): Promise<readonly Table[]> {
    const rows = await this.query<{ schema: string; table: string; columns: Column[] }>(
      `SELECT n.nspname AS schema, c.relname AS table, json_agg(json_build_object(
           'name', a.attname, 'type', format_type(a.atttypid, NULL), 'nullable', NOT a.attnotnull,
           'generated', a.attidentity <> '', 'inKey', coalesce(a.attnum = ANY(k.conkey), false)) ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
       WHERE c.relkind = 'r' AND n.nspname IN ('public', 'tlog', 'graphile_worker')
       GROUP BY 1, 2 ORDER BY 1 DESC, 2`,
    );
    const tables: Table[] = [];
    for (const { schema, table, columns } of rows) {
      const name = schema === 'public' ? table : `${schema}.${table}`;
      const [counted] = await this.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${name}`);
      tables.push({ name, columns, rows: counted!.count });
    }
    return tables;
  }

  /** Tables whose rows point to each table, by foreign keys. */
  async pointers(): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.query<{ to: string; from: string[] }>(
      `SELECT confrelid::regclass::text AS to, array_agg(conrelid::regclass::text) AS from
       FROM pg_constraint WHERE contype = 'f' GROUP BY 1`,
    );
    return new Map(rows.map(({ to, from }) => [to, from]));
  }

  /** Texts that CHECK constraints of a table name: plausible other values. */
  async words(table: string): Promise<readonly string[]> {
    const rows = await this.query<{ text: string }>(
      `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::regclass`,
      [table],
    );
    return rows.flatMap(({ text }) => [...text.matchAll(/'([a-z_]+)'::text/g)].map(([, word]) => word!));
  }

  /** Keeps a copy of every row, to put back after each change. */
  async keepRows(tables: readonly Table[]): Promise<void> {
    await this.query(`DROP SCHEMA IF EXISTS ${KEEP} CASCADE`);
    await this.query(`CREATE SCHEMA ${KEEP}`);
    for (const { name } of tables) await this.query(`CREATE TABLE ${kept(name)} AS TABLE ${name}`);
  }

  /** The table as it was, row for row. */
  async putBack(table: string): Promise<void> {
    await this.query('BEGIN');
    await this.query(`DELETE FROM ${table}`);
    await this.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${kept(table)}`);
    await this.query('COMMIT');
  }

  /** Copies the whole database; nobody else may be connected to it. */
  async copyTo(name: string): Promise<void> {
    await this.asAdmin(async (admin) => {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${this.name} STRATEGY file_copy`);
    });
  }

  /** Puts a copy in the place of the database. */
  async replaceBy(name: string): Promise<void> {
    await this.asAdmin(async (admin) => {
      await admin.query(`DROP DATABASE ${this.name} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${this.name} TEMPLATE ${name} STRATEGY file_copy`);
    });
  }

  private get name(): string {
    return new URL(this.url).pathname.slice(1);
  }

  private async asAdmin(work: (admin: pg.Client) => Promise<void>): Promise<void> {
    await this.close();
    const url = new URL(this.url);
    url.pathname = '/template1';
    const admin = await this.connect(url.toString());
    try {
      const others = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
      await admin.query(others, [this.name]);
      await work(admin);
    } finally {
      await admin.end();
    }
  }
}

function kept(table: string): string {
  return `${KEEP}."${table}"`;
}
