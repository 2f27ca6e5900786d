import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import {
  ChallengeParams,
  OpenChallengeView,
  OpeningParams,
  ReadinessProofRequest,
  ReadinessView,
} from './openings.dto.js';
import { Readiness } from './readiness.service.js';

@Controller('api')
export class ReadinessController {
  constructor(private readonly readiness: Readiness) {}

  @Get('readiness')
  @Allow({ roles: ['opener'] })
  @Answers(200, [OpenChallengeView], 'Your challenges that wait for an answer.')
  async own(@CurrentActor() actor: Actor): Promise<readonly OpenChallengeView[]> {
    return this.readiness.own(actor);
  }

  @Post('readiness/:challengeId/proof')
  @HttpCode(204)
  @Allow({ roles: ['opener'] })
  @Answers(204, 'nothing', 'You hold the key. A wrong answer is logged.')
  async prove(
    @CurrentActor() actor: Actor,
    @Param() { challengeId }: ChallengeParams,
    @Body() { answer }: ReadinessProofRequest,
  ): Promise<void> {
    await this.readiness.prove(actor, challengeId, answer);
  }

  @Post('tenders/:tenderId/readiness')
  @Allow({ roles: ['preparer', 'approver', 'opener'], on: 'tender' })
  @Answers(201, [ReadinessView], 'A drill: asks every opener of the notice now; an opener asks only itself.')
  async ask(@CurrentActor() actor: Actor, @Param() { tenderId }: OpeningParams): Promise<readonly ReadinessView[]> {
    await this.readiness.ask(actor, tenderId);
    return this.readiness.ofTender(tenderId);
  }

  @Get('tenders/:tenderId/readiness')
  @Allow({ roles: ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'reviewer'], on: 'tender' })
  @Answers(200, [ReadinessView], 'Who was asked last, and who proved.')
  async ofTender(@Param() { tenderId }: OpeningParams): Promise<readonly ReadinessView[]> {
    return this.readiness.ofTender(tenderId);
  }
}
