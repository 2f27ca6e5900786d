/** Two doors to PostgreSQL: one that cannot write, for everybody; one that can, for the journal alone. */
import { DataSource, DefaultNamingStrategy, type EntityManager, type EntitySchema } from 'typeorm';
import pg from 'pg';

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
};

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
    extra: { options, max, application_name, statement_timeout: 30_000 },
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
    this.source = dataSource({ url, role: 'segel_app', pool }, entities);
  }

  async open(): Promise<void> {
    await this.source.initialize();
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.source.transaction('READ COMMITTED', work);
  }
}
