/** The audit of the rows, at every start of the worker, every night and on demand. A finding is an alarm and no reason to stop: one
 *  bad row must not close the platform on the day of a deadline. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { ObjectStore } from '../platform/object-store/object-store.js';
import { auditRows, type RowReport } from './row-audit.js';
import type { RowFinding } from './row-audit-rows.js';

/** More is not read into the memory of a server at work: an operator runs the audit instead. What counts is entries that
 *  tell of rows; chaff is read and forgotten, except for the tree, which needs the hash of every leaf. */
export const MAX_TRAIL = 200_000;
export const MAX_TREE = 2_000_000;
/** One in the morning in Jakarta. */
const NIGHT_UTC_HOUR = 18;
const NIGHTLY = 'audit.rows';
const SHOWN = 20;

@Injectable()
export class RowAudit implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('RowAudit');

  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
    private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(NIGHTLY, async () => {
      await this.enqueueNext();
      await this.look();
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline') return;
    this.enqueueNext().catch((error: unknown) => {
      this.logger.error(`ALARM rows: the nightly audit is not planned: ${(error as Error).message}`);
    });
    void this.look();
  }

  /** Compares all rows with all entries, as of one moment. `everyObject` reads the whole object store again. */
  async report(everyObject: boolean, withoutTree = false): Promise<RowReport> {
    return this.database.manager.transaction('REPEATABLE READ', async (manager) =>
      auditRows({
        read: (sql) => manager.query(sql),
        object: (key) => this.store.bytesIfThere(key),
        policy: this.policy.policy,
        logOrigin: this.config.settings.LOG_ORIGIN,
        everyObject,
        withoutTree,
      }),
    );
  }

  /** The report of a server at work, in its log; undefined when there is too much to compare, or it ended early. */
  async look(): Promise<RowReport | undefined> {
    try {
      const { trail, leaves } = await this.sizes();
      if (trail > MAX_TRAIL || leaves > MAX_TREE)
        this.logger.warn('The log is too large to be compared as a whole at work: run `npm run audit:rows`.');
      if (trail > MAX_TRAIL) return undefined;
      const report = await this.report(false, leaves > MAX_TREE);
      this.say(report);
      return report;
    } catch (error) {
      this.logger.error(`ALARM rows: the audit ended early: ${(error as Error).message}`);
      return undefined;
    }
  }

  private say({ findings, entries, tables }: RowReport): void {
    for (const finding of findings.slice(0, SHOWN)) this.logger.error(`ALARM rows: ${findingText(finding)}`);
    if (findings.length > SHOWN) this.logger.error(`ALARM rows: ${findings.length} findings in all`);
    if (findings.length === 0) this.logger.log(`${tables} tables are what ${entries} entries of the log say`);
  }

  private async sizes(): Promise<{ readonly trail: number; readonly leaves: number }> {
    const [row] = await this.database.query<{ trail: number; leaves: number }>(
      `SELECT (SELECT count(*) FROM (SELECT FROM trail LIMIT ${MAX_TRAIL + 1}) t)::int AS trail,
         (SELECT count(*) FROM (SELECT FROM tlog.entry LIMIT ${MAX_TREE + 1}) e)::int AS leaves`,
    );
    return row!;
  }

  /** One job, whoever asks: all of them mean the same night. */
  private async enqueueNext(): Promise<void> {
    const night = this.clock.now();
    night.setUTCHours(NIGHT_UTC_HOUR, 0, 0, 0);
    if (night <= this.clock.now()) night.setUTCDate(night.getUTCDate() + 1);
    await this.jobs.plan(NIGHTLY, night);
  }
}

/** One line for people. */
export function findingText({ table, row, columns, sentence }: RowFinding): string {
  return `${table} ${row}${columns === undefined ? '' : ` [${columns.join(', ')}]`}: ${sentence}`;
}
