/** Two doors to PostgreSQL: one that cannot write, for everybody; one that can, for the journal alone. */
import { DataSource, DefaultNamingStrategy, type EntityManager, type EntitySchema } from 'typeorm';
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

/** Sends a statement at once, to be answered before the transaction is committed, or to undo it. */
export type Send = (statement: pg.QueryConfig) => void;

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
  async transaction<T>(work: (manager: EntityManager, send: Send) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.Client;
      const answers: Promise<pg.QueryResult>[] = [];
      const send = (statement: pg.QueryConfig): void => {
        gather(client.connection.stream);
        const answer = client.query(statement);
        answer.catch(() => undefined); // Asked for below; until then it must not end the process.
        answers.push(answer);
      };
      send({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
      // So that nothing of TypeORM begins a transaction within this one, and ends it.
      Object.assign(runner, { isTransactionActive: true });
      try {
        const result = await work(runner.manager, send);
        send({ text: 'COMMIT' });
        const ended = (await Promise.all(answers)).at(-1);
        // PostgreSQL does not call it an error to be asked to commit what has failed: it rolls back, and says so.
        if (ended?.command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        Object.assign(runner, { isTransactionActive: false });
      }
    } finally {
      await runner.release();
    }
  }
}

/** Sends what is written in one turn of the event loop as one piece: a system call for a whole transaction instead of
 *  one for each of its messages. */
function gather(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
