/** Runs the sequencer, the publisher and the heartbeat for as long as the process is the worker. */
import { toBase64, ed25519PublicKey } from '@segel/encoding';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { SYSTEM } from '../auth/actor.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Journal } from '../journal/journal.js';
import { ObjectStore } from '../object-store/object-store.js';
import { LogCopies } from './log-copies.js';
import { LogDatabase } from './log-database.js';
import { LogPolicy } from './policy-file.js';
import { Publisher } from './publisher.js';
import { refuseRollback } from './rollback.js';
import { INTERVAL_LEAVES, Sequencer } from './sequencer.js';
import { Signer } from './signer.js';

/** What failed is not tried ten times a second. */
const PAUSE_AFTER_ERROR_MS = 500;

@Injectable()
export class LogRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Log');
  private readonly sequencer: Sequencer;
  readonly publisher: Publisher;
  private readonly loops: Promise<void>[] = [];
  private publishing: Promise<number | undefined> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    readonly database: LogDatabase,
    readonly journal: Journal,
    private readonly config: Config,
    readonly policy: LogPolicy,
    readonly signer: Signer,
    readonly store: ObjectStore,
    private readonly clock: Clock,
  ) {
    this.sequencer = new Sequencer(
      database,
      signer,
      new LogCopies(database, store),
      config.settings.HEARTBEAT_MS === 0,
    );
    this.publisher = new Publisher(database, store, policy, clock, config.settings.WITNESS_CLOCK_S);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.settings.WORKER === 'off') return;
    if (this.policy.notIndependent)
      this.logger.warn('The log’s only witness runs here: it is NOT INDEPENDENT. For development only.');
    await this.begin();
    const { LOG_INTERVAL_MS, HEARTBEAT_MS } = this.config.settings;
    this.loops.push(
      this.loop('sequencer', LOG_INTERVAL_MS, () => this.sequence()),
      this.loop('publisher', LOG_INTERVAL_MS, () => this.publish()),
    );
    if (HEARTBEAT_MS > 0) this.loops.push(this.loop('heartbeat', HEARTBEAT_MS, () => this.heartbeat()));
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await Promise.all([...this.loops, this.publishing?.catch(() => undefined)]);
    await this.sequencer.stop();
    await this.database.close();
  }

  /** Becomes the sequencer when no other process is. Throws {@link Rollback} before anything is signed. */
  private async begin(): Promise<boolean> {
    if (this.sequencer.running) return true;
    if (!(await this.sequencer.start())) return false;
    try {
      for (const alarm of await refuseRollback(this)) this.logger.error(`ALARM: ${alarm}`);
      await this.genesis();
    } catch (error) {
      await this.sequencer.stop();
      throw error;
    }
    return true;
  }

  private async sequence(): Promise<void> {
    if (!(await this.begin())) return;
    // What was signed goes to the witnesses at once; the publisher's own loop tries again what failed.
    if ((await this.sequencer.tick()) !== undefined)
      this.publish().catch((error: unknown) => this.report('publisher', error));
  }

  private async publish(): Promise<void> {
    if (!this.sequencer.running) return;
    this.publishing ??= this.publisher.tick().finally(() => (this.publishing = undefined));
    await this.publishing;
  }

  private async heartbeat(): Promise<void> {
    if (!this.sequencer.running) return;
    // One that still waits ends the interval already: two in one would show that the sequencer was late.
    const [waiting] = await this.database.query("SELECT FROM tlog.queue WHERE part = 'heartbeat' LIMIT 1");
    if (waiting === undefined) await this.journal.endInterval(INTERVAL_LEAVES - 1);
  }

  private async genesis(): Promise<void> {
    const [empty] = await this.database.query<{ empty: boolean }>(
      'SELECT size = 0 AND NOT EXISTS (SELECT FROM tlog.queue) AS empty FROM tlog.tree',
    );
    if (empty?.empty !== true) return;
    const { LOG_ORIGIN, PROMISE_SEED } = this.config.settings;
    const body = {
      log_origin: LOG_ORIGIN,
      promise_key: toBase64(ed25519PublicKey(PROMISE_SEED)),
      policy_sha256: toBase64(this.policy.sha256),
    };
    await this.journal.commit(
      SYSTEM,
      { on: 'platform', id: 'genesis' },
      async (tx) => void (await tx.record({ type: 'log.genesis', body })),
    );
  }

  private report(name: string, error: unknown): void {
    this.logger.error(`${name}: ${(error as Error).message}`);
  }

  private async loop(name: string, everyMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // On a fixed grid: how long the work took, which depends on what came in, must not show in the public cadence.
      let pauseMs: number;
      try {
        await work();
        pauseMs = everyMs - (this.clock.monotonicMs() % everyMs);
      } catch (error) {
        this.report(name, error);
        pauseMs = Math.max(everyMs, PAUSE_AFTER_ERROR_MS);
      }
      await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
