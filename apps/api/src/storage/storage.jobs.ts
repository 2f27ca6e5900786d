/** When stored objects are read: every night, all of them, page by page; and a bid's at once when its opening fails. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { StorageAudits, type Reading } from './storage-audits.js';
import { StoredObjects } from './stored-objects.js';

/** Two in the morning in Jakarta. */
const NIGHT_UTC_HOUR = 19;
const NIGHTLY = 'storage.audit';
const PAGE = 'storage.audit.page';

@Injectable()
export class StorageJobs implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Storage');

  constructor(
    private readonly jobs: Jobs,
    private readonly audits: StorageAudits,
    private readonly objects: StoredObjects,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(NIGHTLY, async () => this.tonight());
    this.jobs.handle<Reading>(PAGE, async (reading) => this.page(reading));
    this.jobs.handle<{ bidId: string }>('storage.examine', async ({ bidId }) => this.bid(bidId));
  }

  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline') return;
    // A night that the server slept through is made up for: what is planned already keeps its time.
    this.jobs.plan(NIGHTLY, this.nextNight(), { again: 'leave' }).catch((error: unknown) => {
      this.logger.error(`ALARM storage: the nightly reading is not planned: ${(error as Error).message}`);
    });
  }

  /** A reading that takes longer than a day is not begun anew: it would never end. */
  private async tonight(): Promise<void> {
    await this.jobs.plan(NIGHTLY, this.nextNight());
    if (await this.jobs.isPlanned(PAGE)) this.logger.warn('The reading of last night is not over yet: it goes on.');
    else await this.page(this.audits.begin());
  }

  /** The next page is planned before this job ends: a crash repeats a page at most. */
  private async page(reading: Reading): Promise<void> {
    const next = await this.audits.next(reading);
    if (next === undefined) await this.audits.complete(reading);
    else await this.jobs.plan(PAGE, this.clock.now(), { payload: next });
  }

  private async bid(bidId: string): Promise<void> {
    for (const sha256 of await this.objects.ofBid(bidId)) await this.audits.examine(sha256);
  }

  private nextNight(): Date {
    const night = this.clock.now();
    night.setUTCHours(NIGHT_UTC_HOUR, 0, 0, 0);
    if (night <= this.clock.now()) night.setUTCDate(night.getUTCDate() + 1);
    return night;
  }
}
