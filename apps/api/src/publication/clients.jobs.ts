/** A new build is recorded when the worker starts with it. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ClientReleases } from './client-releases.js';

const RECORD = 'clients.record';

@Injectable()
export class ClientsJobs implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Clients');

  constructor(
    private readonly jobs: Jobs,
    private readonly releases: ClientReleases,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(RECORD, async () => this.releases.recordNew());
  }

  onApplicationBootstrap(): void {
    if (this.config.settings.WORKER !== 'inline') return;
    this.jobs.plan(RECORD, this.clock.now()).catch((error: unknown) => {
      this.logger.error(`ALARM clients: the release of this build is not recorded: ${(error as Error).message}`);
    });
  }
}
