import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import {
  CommittedFindingView,
  DeclarationDto,
  DeclarationView,
  EvaluationView,
  FindingDto,
  OpenedBidsQuery,
  OpenedBidsView,
  SignedView,
  SignResultDto,
} from './evaluations.dto.js';
import { EvaluationsService } from './evaluations.service.js';
import { FindingsService } from './findings.service.js';

@Controller('api/tenders/:tenderId')
@Allow({ roles: ['evaluator'], on: 'tender' })
export class EvaluationsController {
  constructor(
    private readonly findings: FindingsService,
    private readonly evaluations: EvaluationsService,
  ) {}

  @Post('conflict-declarations')
  @Answers(201, DeclarationView, 'An evaluator declares a conflict of interest, or none, before seeing anything.')
  declare(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Body() body: DeclarationDto,
  ): Promise<DeclarationView> {
    return this.findings.declare(actor, tenderId, body);
  }

  @Get('lots/:lotId/opened-bids')
  @Answers(200, OpenedBidsView, 'The bids of the box for an evaluator who declared no conflict.')
  openedBids(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
    @Query() query: OpenedBidsQuery,
  ): Promise<OpenedBidsView> {
    return this.findings.openedBids(actor, tenderId, lotId, query);
  }

  @Post('lots/:lotId/findings')
  @Answers(201, CommittedFindingView, 'One finding on one bid; it is not changed afterwards.')
  find(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
    @Body() body: FindingDto,
  ): Promise<CommittedFindingView> {
    return this.findings.find(actor, tenderId, lotId, body);
  }

  @Get('lots/:lotId/evaluation')
  @Answers(200, EvaluationView, 'The result computed from the frozen rows, or the completed one.')
  read(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
  ): Promise<EvaluationView> {
    return this.evaluations.read(actor, tenderId, lotId);
  }

  @Post('lots/:lotId/evaluation')
  @Answers(201, SignedView, "An evaluator's signature over the result; the majority completes the evaluation.")
  sign(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
    @Body() body: SignResultDto,
  ): Promise<SignedView> {
    return this.evaluations.sign(actor, tenderId, lotId, body);
  }
}
