import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Combine } from './combine.service.js';
import { DocumentScans } from './document-scans.service.js';
import { OpeningDelays } from './opening-delays.service.js';
import { ReadinessCheck } from './readiness-check.service.js';
import { Readiness } from './readiness.service.js';

type OfTender = { readonly tenderId: string };
const SCAN = 'documents.scan';

@Injectable()
export class OpeningsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly readiness: Readiness,
    private readonly check: ReadinessCheck,
    private readonly combine: Combine,
    private readonly delays: OpeningDelays,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<OfTender>('opening.readiness', async ({ tenderId }) => {
      // First who let the last challenge lie, then the next one.
      await this.check.warn(tenderId);
      await this.readiness.askDue(tenderId);
    });
    this.jobs.handle<OfTender>('opening.readiness_check', async ({ tenderId }) => this.check.warn(tenderId));
    this.jobs.handle<OfTender>('opening.delayed', async ({ tenderId }) => this.delays.notice(tenderId));
    this.jobs.handle<{ boxId: string }>('opening.combine', async ({ boxId }) => this.combine.combine(boxId));
  }
}

@Injectable()
export class ScanJobs implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Scanner');

  constructor(
    private readonly jobs: Jobs,
    private readonly scans: DocumentScans,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SCAN, async () => this.scans.scanAll());
  }

  /** What was opened before there was a scanner, or while it was away for long. */
  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline' || !this.scans.configured) return;
    this.jobs.plan(SCAN, this.clock.now()).catch((error: unknown) => {
      this.logger.error(`ALARM the scan of documents is not planned: ${(error as Error).message}`);
    });
  }
}
