import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { EvidenceParams } from './evidence.dto.js';
import { StepPage, StepsQuery } from './steps.dto.js';
import { TenderSteps } from './steps.service.js';

@Controller()
@Allow('public')
export class StepsController {
  constructor(private readonly steps: TenderSteps) {}

  @Get('api/tenders/:tenderId/steps')
  @Header('cache-control', 'no-cache')
  @Answers(200, StepPage, 'What happened to a tender, oldest first: every entry that is disclosed by now.')
  async list(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: EvidenceParams,
    @Query() query: StepsQuery,
  ): Promise<StepPage> {
    return this.steps.page(actor, tenderId, query);
  }
}
