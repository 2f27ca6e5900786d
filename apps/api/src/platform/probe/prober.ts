/** Looks at our own service where its users do, and keeps what was seen. That there is no probe tells, too: the worker or the
 *  whole machine was off. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Journal } from '../journal/journal.js';
import { Probe } from './probe.entity.js';

const TIMEOUT_MS = 10_000;
const PATH = '/api/health/bidding';

@Injectable()
export class Prober implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Prober');
  private readonly stopping = new AbortController();
  private probing: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  onApplicationBootstrap(): void {
    const { WORKER, OUTAGE_PROBE_S } = this.config.settings;
    if (WORKER === 'inline' && OUTAGE_PROBE_S > 0) this.probing = this.loop(OUTAGE_PROBE_S * 1000);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.probing;
  }

  /** One look at a base address, kept as a row. */
  async probe(base: string): Promise<Probe> {
    const at = this.clock.now();
    const since = this.clock.monotonicMs();
    const failed = await this.failed(base);
    const ms = Math.round(this.clock.monotonicMs() - since);
    const row: Probe = { id: this.clock.newId(), at, ok: failed.length === 0, ms, failed };
    await this.journal.keepMeasurement(Probe, row);
    if (!row.ok) this.logger.error(`ALARM bidding does not work: ${failed.join(', ')}`);
    return row;
  }

  private async failed(base: string): Promise<readonly string[]> {
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(`${base.replace(/\/+$/, '')}${PATH}`, { signal });
      const { ok, failed } = (await response.json()) as { readonly ok?: unknown; readonly failed?: readonly unknown[] };
      if (response.ok && ok === true) return [];
      const names = (failed ?? []).filter((name): name is string => typeof name === 'string');
      return names.length > 0 ? names : [`http ${response.status}`];
    } catch {
      return ['public_address'];
    }
  }

  private async loop(everyMs: number): Promise<void> {
    const { signal } = this.stopping;
    const { PROBE_URL, PUBLIC_URL } = this.config.settings;
    while (!signal.aborted) {
      await setTimeout(everyMs - (this.clock.monotonicMs() % everyMs), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // Without a database there is no row, and the gap tells.
      await this.probe(PROBE_URL || PUBLIC_URL).catch((error: unknown) => {
        this.logger.error(`ALARM a probe could not be kept: ${(error as Error).message}`);
      });
    }
  }
}
