/** The sequencer's own door to PostgreSQL: the role may append to the log and nothing else. */
import type { ReadTile } from '@segel/tlog';
import pg from 'pg';
import { doorOptions } from '../database/database.js';

export class LogDatabase {
  private readonly pool: pg.Pool;
  /** Names of the statements asked so far, which are few: PostgreSQL plans each once for a connection. */
  private readonly names = new Map<string, string>();

  constructor(private readonly url: string) {
    this.pool = new pg.Pool(doorOptions({ url, role: 'segel_sequencer', pool: 4 }));
    // A broken idle connection is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  async query<T extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    const name = this.names.get(sql) ?? `log ${this.names.size}`;
    this.names.set(sql, name);
    return (await this.pool.query<T>({ name, text: sql, values: [...parameters] })).rows;
  }

  /** A session of its own, for the lock that makes the sequencer the only one. Statements need not wait for one another. */
  async session(): Promise<pg.Client> {
    const options = doorOptions({ url: this.url, role: 'segel_sequencer', pool: 1 });
    const client = new pg.Client({ ...options, pipeline: true });
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Reads hash tiles as the database has them. */
  readonly readTile: ReadTile = async (level, n) => {
    const rows = await this.query<{ data: Buffer }>('SELECT data FROM tlog.tile WHERE level = $1 AND n = $2', [
      level,
      n,
    ]);
    if (rows[0] === undefined) throw new Error(`tile ${level}/${n} is missing`);
    return new Uint8Array(rows[0].data);
  };
}
