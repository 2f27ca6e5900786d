import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { AwardsService } from './awards.service.js';

@Injectable()
export class AwardJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly awards: AwardsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ tenderId: string; lotId: string }>('award.standstill_end', async ({ tenderId, lotId }) =>
      this.awards.endStandstill(tenderId, lotId),
    );
  }
}
