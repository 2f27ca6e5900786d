import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { Combine } from './combine.service.js';
import { Readiness } from './readiness.service.js';

@Injectable()
export class OpeningsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly readiness: Readiness,
    private readonly combine: Combine,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ tenderId: string }>('opening.readiness', async ({ tenderId }) =>
      this.readiness.askDue(tenderId),
    );
    this.jobs.handle<{ boxId: string }>('opening.combine', async ({ boxId }) => this.combine.combine(boxId));
  }
}
