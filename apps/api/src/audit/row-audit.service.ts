/** The audit of the rows, at every start of the worker and on demand. A finding is an alarm and no reason to stop: one
 *  bad row must not close the platform on the day of a deadline. */
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { LogPolicy } from '../platform/log/policy-file.js';
import { ObjectMissing, ObjectStore } from '../platform/object-store/object-store.js';
import { auditRows, type RowReport } from './row-audit.js';
import type { RowFinding } from './row-audit-rows.js';

/** A larger log is not read into a starting server's memory: an operator runs the audit instead. */
const MAX_ENTRIES = 100_000;
const SHOWN = 20;

@Injectable()
export class RowAudit implements OnApplicationBootstrap {
  private readonly logger = new Logger('RowAudit');

  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
    private readonly policy: LogPolicy,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline') return;
    this.atStart().catch((error: unknown) => {
      this.logger.error(`ALARM rows: the audit ended early: ${(error as Error).message}`);
    });
  }

  /** Compares all rows with all entries, as of one moment. `everyObject` reads the whole object store again. */
  async report(everyObject: boolean): Promise<RowReport> {
    return this.database.manager.transaction('REPEATABLE READ', async (manager) =>
      auditRows({
        read: (sql) => manager.query(sql),
        object: (key) => this.bytes(key),
        policy: this.policy.policy,
        logOrigin: this.config.settings.LOG_ORIGIN,
        everyObject,
      }),
    );
  }

  private async atStart(): Promise<void> {
    const [tree] = await this.database.query<{ size: number }>('SELECT size FROM tlog.tree');
    if ((tree?.size ?? 0) > MAX_ENTRIES) {
      this.logger.warn('The rows are not compared with so large a log at a start: run `npm run audit:rows`.');
      return;
    }
    const { findings, entries, tables } = await this.report(false);
    for (const finding of findings.slice(0, SHOWN)) this.logger.error(`ALARM rows: ${findingText(finding)}`);
    if (findings.length > SHOWN) this.logger.error(`ALARM rows: ${findings.length} findings in all`);
    if (findings.length === 0) this.logger.log(`${tables} tables are what ${entries} entries of the log say`);
  }

  private async bytes(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.store.bytes(key);
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }
}

/** One line for people. */
export function findingText({ table, row, columns, sentence }: RowFinding): string {
  return `${table} ${row}${columns === undefined ? '' : ` [${columns.join(', ')}]`}: ${sentence}`;
}
