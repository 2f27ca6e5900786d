import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { BoxClose } from './box-close.js';

@Injectable()
export class BidsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly boxClose: BoxClose,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ tenderId: string }>('box.close', ({ tenderId }) => this.boxClose.begin(tenderId));
    this.jobs.handle<{ tenderId: string }>('outage.look', ({ tenderId }) => this.boxClose.lookForOutage(tenderId));
    this.jobs.handle<{ tenderId: string }>('box.freeze', ({ tenderId }) => this.boxClose.freeze(tenderId));
  }
}
