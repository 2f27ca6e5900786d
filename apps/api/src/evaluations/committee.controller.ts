import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { CommitteeView, EvaluationDutiesQuery, EvaluationDutiesView } from './committee.dto.js';
import { CommitteeService } from './committee.service.js';

@Controller('api')
export class CommitteeController {
  constructor(private readonly committee: CommitteeService) {}

  @Get('evaluations')
  @Allow({ roles: ['evaluator'] })
  @Answers(200, EvaluationDutiesView, 'The published tenders one evaluates, the newest first, and what waits there.')
  duties(@CurrentActor() actor: Actor, @Query() query: EvaluationDutiesQuery): Promise<EvaluationDutiesView> {
    return this.committee.duties(actor, query);
  }

  @Get('tenders/:tenderId/committee')
  @Allow({ roles: ['evaluator', 'award_authority'], on: 'tender' })
  @Answers(200, CommitteeView, 'Who evaluates, and what each declared.')
  members(@CurrentActor() actor: Actor, @Param('tenderId', ParseUUIDPipe) tenderId: string): Promise<CommitteeView> {
    return this.committee.members(actor, tenderId);
  }
}
