import { Module } from '@nestjs/common';
import { EvaluationsController } from './evaluations.controller.js';
import { EvaluationJobs } from './evaluations.jobs.js';
import { EvaluationsService } from './evaluations.service.js';
import { FindingsService } from './findings.service.js';

@Module({
  controllers: [EvaluationsController],
  providers: [FindingsService, EvaluationsService, EvaluationJobs],
})
export class EvaluationsModule {}
