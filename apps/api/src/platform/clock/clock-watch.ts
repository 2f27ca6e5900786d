/** Is our clock right? Asked of the configured time sources every few minutes, kept, told in health and in the log. While it
 *  is wrong or nobody knows, nothing that a deadline decides goes on in production: it waits, and goes on by itself. */
import { clockStanding, isLogged, mayDecideDeadlines, medianOffset, type ClockStanding } from '@segel/procurement';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { SYSTEM } from '../auth/actor.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { Jobs } from '../jobs/jobs.js';
import { Journal } from '../journal/journal.js';
import { ClockMeasurement, type MeasuredSource } from './clock-measurement.entity.js';
import { Clock } from './clock.js';
import { askTime, NoTime, timeSource, type TimeSource } from './sntp.js';

/** While the clock is not known to be right: often enough that a deadline does not wait long, seldom enough for others' servers. */
const EVERY_WHILE_UNSURE_MS = 20_000;
/** A source that said RATE rests this long; one that said DENY or RSTR is not asked again by this process (RFC 4330 section 8). */
const REST_MS = 4 * 3_600_000;
const DEFERRED_MS = 5000;

export type ClockState = {
  readonly standing: ClockStanding;
  readonly offsetMs: number | null;
  readonly measuredAt: Date | null;
};

/** A job as it was planned, to be planned again. */
export type DeferredJob = { readonly name: string; readonly payload: object; readonly key: string };

@Injectable()
export class ClockWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Clock');
  private readonly sources: readonly TimeSource[];
  private readonly restingUntil = new Map<string, number>();
  private readonly stopping = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly journal: Journal,
    private readonly jobs: Jobs,
  ) {
    this.sources = config.settings.CLOCK_SOURCES.map(timeSource);
  }

  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline') return;
    if (this.sources.length > 0) this.watching = this.watch();
    else this.logger.warn('CLOCK_SOURCES is empty: nobody knows whether this clock is right.');
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  /** What is known now, whichever process measured it. */
  async state(): Promise<ClockState> {
    const [newest] = await this.database.manager.find(ClockMeasurement, { order: { at: 'DESC' }, take: 1, where: {} });
    const { at = null, offsetMs = null } = newest ?? {};
    return { standing: clockStanding(newest, this.clock.now()), offsetMs, measuredAt: at };
  }

  /** True when a job that acts on a deadline must wait: it is planned again then. */
  async defers({ name, payload, key }: DeferredJob): Promise<boolean> {
    const { standing, offsetMs } = await this.state();
    const told = `the clock is ${standing}${offsetMs === null ? '' : ` (${offsetMs} ms)`}`;
    if (mayDecideDeadlines(standing, this.config.production)) {
      if (standing === 'wrong') this.logger.warn(`${name} goes on although ${told}: this is not production`);
      return false;
    }
    this.logger.error(`ALARM clock: ${name} waits: ${told}`);
    await this.jobs.plan(name, new Date(this.clock.now().getTime() + DEFERRED_MS), { payload, key });
    return true;
  }

  /** Asks every source once, and keeps what they say. */
  async measure(): Promise<ClockState> {
    const sources = await Promise.all(this.sources.map((source) => this.ask(source)));
    const answers = sources.flatMap(({ offsetMs, delayMs }) =>
      offsetMs === undefined || delayMs === undefined ? [] : [{ offsetMs, delayMs }],
    );
    const median = medianOffset(answers);
    const offsetMs = median === undefined ? null : Math.round(median);
    const at = this.clock.now();
    const standing = clockStanding({ at, offsetMs }, at);
    const [last] = await this.database.manager.find(ClockMeasurement, {
      where: { logged: true },
      order: { at: 'DESC' },
      take: 1,
    });
    const logged = isLogged(last, { at, standing });
    const row = { id: this.clock.newId(), at, offsetMs, standing, sources, logged };
    if (logged) await this.recorded(row);
    else await this.journal.keepMeasurement(ClockMeasurement, row);
    if (standing !== 'right') this.logger.error(`ALARM clock: ${standing}, ${JSON.stringify(sources)}`);
    return { standing, offsetMs, measuredAt: at };
  }

  private async recorded(row: ClockMeasurement): Promise<void> {
    const { standing, offsetMs, sources } = row;
    const body = {
      standing,
      ...(offsetMs === null ? {} : { offset_ms: String(offsetMs) }),
      sources: sources.map(({ source, offsetMs: offset, delayMs: delay, problem }) => ({
        source,
        ...(offset === undefined ? {} : { offset_ms: String(offset) }),
        ...(delay === undefined ? {} : { delay_ms: delay }),
        ...(problem === undefined ? {} : { problem }),
      })),
    };
    await this.journal.commit(SYSTEM, { on: 'platform', id: 'clock' }, async (tx) => {
      await tx.manager.insert(ClockMeasurement, row as object);
      await tx.record({ type: 'clock.measured', body });
    });
  }

  private async ask(source: TimeSource): Promise<MeasuredSource> {
    const { name } = source;
    if ((this.restingUntil.get(name) ?? 0) > this.clock.monotonicMs()) return { source: name, problem: 'not asked' };
    try {
      return { source: name, ...(await askTime(source, this.clock)) };
    } catch (error) {
      if (!(error instanceof NoTime)) throw error;
      if (error.kiss === 'RATE') this.restingUntil.set(name, this.clock.monotonicMs() + REST_MS);
      else if (error.kiss !== undefined) this.restingUntil.set(name, Infinity);
      return { source: name, problem: error.message.slice(0, 200) };
    }
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const state = await this.measure().catch((error: unknown) => {
        this.logger.error(`ALARM clock: the measurement failed: ${(error as Error).message}`);
        return undefined;
      });
      const pauseMs = state?.standing === 'right' ? this.config.settings.CLOCK_EVERY_S * 1000 : EVERY_WHILE_UNSURE_MS;
      await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
