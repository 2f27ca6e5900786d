/** Runs the sequencer, the publisher and the heartbeat for as long as the process is the worker. */
import { toBase64, ed25519PublicKey } from '@segel/encoding';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { SYSTEM } from '../auth/actor.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Journal } from '../journal/journal.js';
import { ObjectStore } from '../object-store/object-store.js';
import { LogDatabase } from './log-database.js';
import { LogPolicy } from './policy-file.js';
import { Publisher } from './publisher.js';
import { Sequencer } from './sequencer.js';
import { Signer } from './signer.js';

@Injectable()
export class LogRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Log');
  private readonly sequencer: Sequencer;
  private readonly publisher: Publisher;
  private readonly loops: Promise<void>[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: LogDatabase,
    private readonly journal: Journal,
    private readonly config: Config,
    private readonly policy: LogPolicy,
    signer: Signer,
    store: ObjectStore,
    private readonly clock: Clock,
  ) {
    this.sequencer = new Sequencer(database, signer);
    this.publisher = new Publisher(database, store, policy, clock);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.settings.WORKER === 'off') return;
    if (this.policy.notIndependent)
      this.logger.warn('The log’s only witness runs here: it is NOT INDEPENDENT. For development only.');
    const sequencing = await this.sequencer.start();
    if (sequencing) await this.genesis();
    const { LOG_INTERVAL_MS, HEARTBEAT_MS } = this.config.settings;
    this.loops.push(
      this.loop('sequencer', LOG_INTERVAL_MS, () => this.sequence()),
      this.loop('publisher', LOG_INTERVAL_MS, () => this.publish()),
    );
    if (HEARTBEAT_MS > 0) this.loops.push(this.loop('heartbeat', HEARTBEAT_MS, () => this.heartbeat()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
    await this.sequencer.stop();
    await this.database.close();
  }

  private async sequence(): Promise<void> {
    if (this.sequencer.running || (await this.sequencer.start())) await this.sequencer.tick();
  }

  private async publish(): Promise<void> {
    if (this.sequencer.running) await this.publisher.tick();
  }

  private async heartbeat(): Promise<void> {
    if (!this.sequencer.running) return;
    const n = Math.floor(this.clock.now().getTime() / 1000);
    await this.journal.commit(
      SYSTEM,
      { on: 'none' },
      async (tx) => void (await tx.record({ type: 'log.heartbeat', body: { n } })),
    );
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

  private async loop(name: string, everyMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        this.logger.error(`${name}: ${(error as Error).message}`);
      }
      await setTimeout(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
