import { Module } from '@nestjs/common';
import { CommitteeController } from './committee.controller.js';
import { CommitteeService } from './committee.service.js';
import { EvaluationsController } from './evaluations.controller.js';
import { EvaluationJobs } from './evaluations.jobs.js';
import { EvaluationsService } from './evaluations.service.js';
import { FindingsService } from './findings.service.js';

@Module({
  controllers: [EvaluationsController, CommitteeController],
  providers: [CommitteeService, FindingsService, EvaluationsService, EvaluationJobs],
})
export class EvaluationsModule {}
