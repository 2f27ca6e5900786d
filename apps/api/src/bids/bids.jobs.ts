import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { BidVoids } from './bid-void.js';
import { BoxClose } from './box-close.js';

@Injectable()
export class BidsJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly boxClose: BoxClose,
    private readonly voids: BidVoids,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ tenderId: string }>('box.close', ({ tenderId }) => this.boxClose.begin(tenderId));
    this.jobs.handle<{ tenderId: string }>('outage.look', ({ tenderId }) => this.boxClose.lookForOutage(tenderId));
    this.jobs.handle<{ tenderId: string }>('box.freeze', ({ tenderId }) => this.boxClose.freeze(tenderId));
    this.jobs.handle<{ boxId: string }>('bid.void', ({ boxId }) => this.voids.voidDue(boxId));
  }
}
