/** Jobs are rows that the transaction needing them wrote (house, section 4): run at least once, so handlers are
 *  idempotent. graphile-worker keeps them in PostgreSQL and wakes at once. A job whose process died runs again within seconds. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Logger as WorkerLogger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { Config } from '../config/config.js';
import { doorOptions } from '../database/database.js';
import { LivingWorkers } from './living-workers.js';

type WorkerEvent = { readonly worker: { readonly workerId: string } };

type Plan = {
  readonly payload?: object;
  /** Jobs of one key are one job; its name unless told. */
  readonly key?: string;
  readonly again?: 'move' | 'leave';
};

type Handler = (payload: unknown) => Promise<void>;

/** How often the jobs of dead processes are looked for, and a runner that the database ended is started again. */
const EVERY_MS = 2000;

@Injectable()
export class Jobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly handlers = new Map<string, Handler>();
  private readonly pool: pg.Pool;
  private readonly living: LivingWorkers;
  private readonly stopping = new AbortController();
  private runner: Runner | undefined;
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly config: Config) {
    const { APP_DATABASE_URL, DATABASE_URL } = config.settings;
    const options = doorOptions({ url: APP_DATABASE_URL || DATABASE_URL, role: 'segel_app', pool: 4 });
    this.pool = new pg.Pool(options);
    this.living = new LivingWorkers(options);
    this.pool.on('error', (error) => this.logger.warn(error.message));
    this.pool.on('connect', (client) => client.on('error', (error) => this.logger.warn(error.message)));
  }

  /** Says what a job does; called while the modules start. */
  handle<T>(name: string, handler: (payload: T) => Promise<void>): void {
    if (this.handlers.has(name)) throw new Error(`two handlers for the job ${name}`);
    this.handlers.set(name, handler as Handler);
  }

  /** Plans the one next run of a job that no act asks for; planning it again moves it, or leaves it where it is. */
  async plan(name: string, runAt: Date, options: Plan = {}): Promise<void> {
    const { payload = {}, key = name, again = 'move' } = options;
    await this.pool.query(
      'SELECT graphile_worker.add_job($1, payload := $2::json, run_at := $3, job_key := $4, job_key_mode := $5)',
      [name, JSON.stringify(payload), runAt, key, again === 'move' ? 'replace' : 'preserve_run_at'],
    );
  }

  /** True when the job waits for its time or for another attempt, or runs. */
  async isPlanned(name: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'SELECT FROM graphile_worker.jobs WHERE key = $1 AND attempts < max_attempts',
      [name],
    );
    return (rowCount ?? 0) > 0;
  }

  /** The handlers, for the tests that run due jobs under their own clock. */
  get tasks(): TaskList {
    return Object.fromEntries(
      [...this.handlers].map(([name, handler]) => [name, async (payload: unknown) => handler(payload)]),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.settings.WORKER !== 'inline') return;
    await this.start();
    this.watching = this.watch();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.watching;
    await this.runner?.stop();
    await this.living.close();
    await this.pool.end();
  }

  private async start(): Promise<void> {
    await this.living.keep();
    const events = new EventEmitter();
    events.on('worker:create', ({ worker }: WorkerEvent) => this.living.add(worker.workerId));
    events.on('worker:stop', ({ worker }: WorkerEvent) => this.living.remove(worker.workerId));
    const runner = await run({
      pgPool: this.pool,
      events: events as WorkerEvents,
      concurrency: 2,
      noHandleSignals: true,
      pollInterval: 1000,
      taskList: this.tasks,
      logger: new WorkerLogger(() => (level, message) => {
        if (level === 'error' || level === 'warning') this.logger.warn(message);
      }),
    });
    this.runner = runner;
    // It ends by itself when the database went away in the middle of a job.
    const ended = (): void => void (this.runner = this.runner === runner ? undefined : this.runner);
    runner.promise.then(ended, ended);
    await this.living.keep();
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await setTimeout(EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (this.runner === undefined) await this.start();
        else await this.living.keep();
      } catch (error) {
        this.logger.warn((error as Error).message);
      }
    }
  }
}
