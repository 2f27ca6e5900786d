/** Acts of two people: publication, addendum, cancellation. */
import { demand } from '@segel/procurement';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Answers } from '../platform/http/answers.js';
import { AddendumService } from './addendum.service.js';
import { CancellationService } from './cancellation.service.js';
import { PublicationService } from './publication.service.js';
import { TenderParams } from './tender-params.dto.js';
import { AddendumDto, ApprovalDto, CancellationDto, SubmissionDto } from './tenders.dto.js';
import { DecisionView, IdView, NoticeDraftView, PreparedAddendumView, StateView } from './tenders.views.js';
import { visibleTender } from './visible.js';

const TEAM = ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'reviewer'] as const;

@Controller('api/tenders/:tenderId')
export class PublicationController {
  constructor(
    private readonly publication: PublicationService,
    private readonly addenda: AddendumService,
    private readonly cancellation: CancellationService,
    private readonly database: Database,
  ) {}

  @Get('notice-draft')
  @Allow({ roles: TEAM, on: 'tender' })
  @Answers(200, NoticeDraftView)
  async noticeDraft(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.publication.noticeDraft(await visibleTender(this.database, actor, tenderId));
  }

  @Post('submission')
  @HttpCode(200)
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(200, DecisionView)
  async submit(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { version, key, sig }: SubmissionDto,
  ): Promise<object> {
    return this.publication.submit(actor, tenderId, version, { key, sig });
  }

  @Post('approval')
  @HttpCode(200)
  @Allow({ roles: ['approver'], on: 'tender' })
  @Answers(200, DecisionView)
  async approve(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { version, decision, key, sig, reason }: ApprovalDto,
  ): Promise<object> {
    if (decision === 'return')
      return this.publication.decide(actor, tenderId, { version, decision, reason: reason ?? '' });
    demand(key !== undefined && sig !== undefined, 'request_malformed', 'An approval carries key and sig.');
    return this.publication.decide(actor, tenderId, { version, decision, signature: { key, sig } });
  }

  @Put('addendum')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(200, PreparedAddendumView)
  async prepareAddendum(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { terms, reason }: AddendumDto,
  ): Promise<object> {
    return this.addenda.prepare(actor, tenderId, terms, reason);
  }

  @Post('cancellation')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(201, IdView)
  async proposeCancellation(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { reasonCode, reason }: CancellationDto,
  ): Promise<object> {
    return this.cancellation.propose(actor, tenderId, reasonCode, reason);
  }

  @Post('cancellation/confirmation')
  @HttpCode(200)
  @Allow({ roles: ['approver'], on: 'tender' })
  @Answers(200, StateView)
  async confirmCancellation(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.cancellation.confirm(actor, tenderId);
  }
}
