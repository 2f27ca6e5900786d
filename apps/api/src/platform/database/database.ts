/** Two doors to PostgreSQL: one that cannot write, for everybody; one that can, for the journal alone. */
import { DataSource, DefaultNamingStrategy, type EntityManager, type EntitySchema } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Refusal } from '@segel/procurement';
import pg from 'pg';
import type { Duplex } from 'node:stream';

// 64-bit integers are sizes and indexes below 2^53 here; a larger one would be a defect, not a number to round.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const n = Number(text);
  if (!Number.isSafeInteger(n)) throw new Error(`integer ${text} is not safe`);
  return n;
});

const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** camelCase properties, snake_case columns; tables are named by their entities. */
class SnakeNaming extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined): string {
    return custom ?? snake(property);
  }
}

export type EntityClass = (new () => object) | EntitySchema;
type Door = {
  readonly url: string;
  readonly role: 'segel_app' | 'segel_sequencer' | 'segel_erasure';
  readonly readOnly?: boolean;
  readonly pool: number;
  /** Statements are sent without waiting for the answers of those before. */
  readonly pipeline?: boolean;
};

/** A statement of a busy path: PostgreSQL reads and plans it once for each connection, by its name. */
export type Statement = { readonly name: string; readonly text: string };

/** Rows of a named statement. */
export type Ask = <T extends object>(statement: Statement, values: readonly unknown[]) => Promise<T[]>;

/** Sends a statement at once, to be answered before the transaction is committed, or to undo it. A row that a unique
 *  constraint does not let in becomes the refusal. */
export type Send = (statement: pg.QueryConfig, onDuplicate?: Refusal) => void;

/** The inside of a transaction. */
export type Inside = { readonly manager: EntityManager; readonly send: Send; readonly ask: Ask };

/** A pool whose every connection takes the restricted role when it starts, before it runs a statement. */
export function doorOptions({ url, role, readOnly, pool }: Door): pg.PoolConfig {
  const settings = [
    `-c role=${role}`,
    '-c timezone=UTC',
    ...(readOnly === true ? ['-c default_transaction_read_only=on'] : []),
  ];
  return { connectionString: url, options: settings.join(' '), max: pool, application_name: role };
}

function dataSource(door: Door, entities: readonly EntityClass[]): DataSource {
  const { options, max, application_name } = doorOptions(door);
  return new DataSource({
    type: 'postgres',
    url: door.url,
    entities: [...entities],
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    extra: { options, max, application_name, statement_timeout: 30_000, pipeline: door.pipeline ?? false },
  });
}

/** Reading, for every feature. Its sessions are read-only: what should write goes through the journal. */
export class Database {
  private readonly source: DataSource;

  constructor(url: string, entities: readonly EntityClass[], pool: number) {
    this.source = dataSource({ url, role: 'segel_app', readOnly: true, pool }, entities);
  }

  async open(): Promise<void> {
    await this.source.initialize();
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  get manager(): EntityManager {
    return this.source.manager;
  }

  /** Rows of a statement of a busy path. */
  readonly ask: Ask = async <T extends object>(statement: Statement, values: readonly unknown[]) => {
    const pool = (this.source.driver as PostgresDriver).master as pg.Pool;
    return (await pool.query<T>({ ...statement, values: [...values] })).rows;
  };

  /** Rows of a parameterised statement. */
  async query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return this.source.query<T[]>(sql, [...parameters]);
  }
}

/** Writing. Injected into the journal only: test/house.spec.ts checks it. */
export class JournalDatabase {
  private readonly source: DataSource;

  constructor(url: string, entities: readonly EntityClass[], pool: number) {
    this.source = dataSource({ url, role: 'segel_app', pool, pipeline: true }, entities);
  }

  async open(): Promise<void> {
    await this.source.initialize();
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** Does the work in a transaction. BEGIN goes out with the work's first statement and COMMIT with what it sent last: an
   *  act waits for the database only where it needs an answer. */
  async transaction<T>(work: (inside: Inside) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.Client;
      const answers: Promise<pg.QueryResult>[] = [];
      // What failed first is why everything after it failed.
      const failures: unknown[] = [];
      const send: Send = (statement, onDuplicate) => {
        gather(client.connection.stream);
        const answer = client.query(statement);
        answer.catch((error: unknown) => failures.push(isDuplicate(error) ? (onDuplicate ?? error) : error));
        answers.push(answer);
      };
      const ask: Ask = async <R extends object>(statement: Statement, values: readonly unknown[]) => {
        gather(client.connection.stream);
        return (await client.query<R>({ ...statement, values: [...values] })).rows;
      };
      send({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
      // So that nothing of TypeORM begins a transaction within this one, and ends it.
      Object.assign(runner, { isTransactionActive: true });
      try {
        const result = await work({ manager: runner.manager, send, ask });
        send({ text: 'COMMIT' });
        const ended = (await Promise.all(answers)).at(-1);
        // PostgreSQL does not call it an error to be asked to commit what has failed: it rolls back, and says so.
        if (ended?.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw failures[0] ?? error;
      } finally {
        Object.assign(runner, { isTransactionActive: false });
      }
    } finally {
      await runner.release();
    }
  }
}

const isDuplicate = (error: unknown): boolean => (error as { code?: string } | undefined)?.code === '23505';

/** Sends what is written in one turn of the event loop as one piece: a system call for a whole transaction instead of
 *  one for each of its messages. */
function gather(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
