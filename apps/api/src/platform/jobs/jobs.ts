/** Jobs are rows that the transaction needing them wrote (house, section 4): run at least once, so handlers are
 *  idempotent. graphile-worker keeps them in PostgreSQL and wakes at once. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Logger as WorkerLogger, run, type Runner, type TaskList } from 'graphile-worker';
import pg from 'pg';
import { Config } from '../config/config.js';
import { doorOptions } from '../database/database.js';

type Handler = (payload: unknown) => Promise<void>;

@Injectable()
export class Jobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly handlers = new Map<string, Handler>();
  private readonly pool: pg.Pool;
  private runner: Runner | undefined;

  constructor(private readonly config: Config) {
    const { APP_DATABASE_URL, DATABASE_URL } = config.settings;
    this.pool = new pg.Pool(doorOptions({ url: APP_DATABASE_URL || DATABASE_URL, role: 'segel_app', pool: 4 }));
    this.pool.on('error', (error) => this.logger.warn(error.message));
    this.pool.on('connect', (client) => client.on('error', (error) => this.logger.warn(error.message)));
  }

  /** Says what a job does; called while the modules start. */
  handle<T>(name: string, handler: (payload: T) => Promise<void>): void {
    if (this.handlers.has(name)) throw new Error(`two handlers for the job ${name}`);
    this.handlers.set(name, handler as Handler);
  }

  /** The handlers, for the tests that run due jobs under their own clock. */
  get tasks(): TaskList {
    return Object.fromEntries(
      [...this.handlers].map(([name, handler]) => [name, async (payload: unknown) => handler(payload)]),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.settings.WORKER !== 'inline') return;
    this.runner = await run({
      pgPool: this.pool,
      concurrency: 2,
      noHandleSignals: true,
      pollInterval: 1000,
      taskList: this.tasks,
      logger: new WorkerLogger(() => (level, message) => {
        if (level === 'error' || level === 'warning') this.logger.warn(message);
      }),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.runner?.stop();
    await this.pool.end();
  }
}
