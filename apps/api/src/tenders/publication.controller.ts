/** Acts of two people: publication, addendum, cancellation. */
import { demand } from '@segel/procurement';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/database/database.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { ApprovalStateView, WaitingPageView } from './approval.views.js';
import { AddendumService } from './addendum.service.js';
import { ApprovalsService } from './approvals.service.js';
import { CancellationService } from './cancellation.service.js';
import { PublicationService } from './publication.service.js';
import { TenderParams } from './tender-params.dto.js';
import { AddendumDto, ApprovalDto, CancellationDto, SubmissionDto } from './tenders.dto.js';
import { DecisionView, IdView, NoticeDraftView, PreparedAddendumView, StateView } from './tenders.views.js';
import { visibleTender } from './visible.js';

const TEAM = ['preparer', 'approver', 'opener', 'evaluator', 'award_authority', 'reviewer'] as const;

@Controller('api')
export class PublicationController {
  constructor(
    private readonly publication: PublicationService,
    private readonly addenda: AddendumService,
    private readonly cancellation: CancellationService,
    private readonly approvals: ApprovalsService,
    private readonly database: Database,
  ) {}

  @Get('approvals')
  @Allow({ roles: ['approver'] })
  @Answers(200, WaitingPageView, 'What waits for the caller, on all tenders.')
  async waiting(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<object> {
    return this.approvals.waitingFor(actor, query);
  }

  @Get('tenders/:tenderId/approval')
  @Allow({ roles: TEAM, on: 'tender' })
  @Answers(200, ApprovalStateView)
  async approvalState(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.approvals.ofTender(actor, tenderId);
  }

  @Get('tenders/:tenderId/notice-draft')
  @Allow({ roles: TEAM, on: 'tender' })
  @Answers(200, NoticeDraftView)
  async noticeDraft(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.publication.noticeDraft(await visibleTender(this.database, actor, tenderId));
  }

  @Post('tenders/:tenderId/submission')
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

  @Post('tenders/:tenderId/approval')
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

  @Put('tenders/:tenderId/addendum')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(200, PreparedAddendumView)
  async prepareAddendum(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { terms, reason, version }: AddendumDto,
  ): Promise<object> {
    return this.addenda.prepare(actor, tenderId, terms, { reason, seen: version });
  }

  @Post('tenders/:tenderId/cancellation')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(201, IdView)
  async proposeCancellation(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { reasonCode, reason }: CancellationDto,
  ): Promise<object> {
    return this.cancellation.propose(actor, tenderId, reasonCode, reason);
  }

  @Post('tenders/:tenderId/cancellation/confirmation')
  @HttpCode(200)
  @Allow({ roles: ['approver'], on: 'tender' })
  @Answers(200, StateView)
  async confirmCancellation(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.cancellation.confirm(actor, tenderId);
  }
}
