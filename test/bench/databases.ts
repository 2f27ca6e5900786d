/** Databases for benchmarks: copies of one migrated template, on a PostgreSQL that nobody else uses. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { runProgram } from './child.js';

export type BenchDatabase = { readonly url: string; readonly drop: () => Promise<void> };

export class Cluster {
  private constructor(
    private readonly admin: string,
    private readonly template: string,
  ) {}

  /** Migrates a template on the server at this address. */
  static async prepare(admin: string): Promise<Cluster> {
    const cluster = new Cluster(admin, 'bench_template');
    await cluster.run('CREATE DATABASE bench_template');
    await runProgram('apps/api/src/migrate.js', {
      NODE_ENV: 'development',
      DATABASE_URL: cluster.url('bench_template'),
    });
    return cluster;
  }

  async database(): Promise<BenchDatabase> {
    const name = `bench_${randomBytes(6).toString('hex')}`;
    await this.run(`CREATE DATABASE ${name} TEMPLATE ${this.template}`);
    return { url: this.url(name), drop: () => this.run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
  }

  /** Settings of the server by name, as SHOW gives them. */
  async settings(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const client = new pg.Client({ connectionString: this.admin });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string; value: string }>(
        'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
        [names],
      );
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    } finally {
      await client.end();
    }
  }

  /** Writes out what earlier runs left dirty, so that the next one does not pay for them. */
  async settle(): Promise<void> {
    await this.run('CHECKPOINT');
  }

  private url(name: string): string {
    const url = new URL(this.admin);
    url.pathname = `/${name}`;
    return url.toString();
  }

  private async run(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.admin });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}
