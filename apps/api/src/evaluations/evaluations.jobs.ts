import { Refusal } from '@segel/procurement';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { EvaluationsService } from './evaluations.service.js';

type LotJob = { readonly tenderId: string; readonly lotId: string };

/** What follows from a majority of signatures: each step is an entry of its own, so each is a job of its own. */
@Injectable()
export class EvaluationJobs implements OnModuleInit {
  private readonly logger = new Logger('Evaluations');

  constructor(
    private readonly jobs: Jobs,
    private readonly evaluations: EvaluationsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<LotJob>('evaluation.complete', async ({ tenderId, lotId }) =>
      this.unlessRefused(() => this.evaluations.complete(tenderId, lotId)),
    );
    this.jobs.handle<LotJob>('evaluation.fail', async ({ tenderId, lotId }) =>
      this.unlessRefused(() => this.evaluations.fail(tenderId, lotId)),
    );
  }

  /** A rule that says no will say no again: a retry would only repeat it. */
  private async unlessRefused(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.logger.warn(`not done: ${error.code}`);
    }
  }
}
