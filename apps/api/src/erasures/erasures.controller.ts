/** Erasure of personal data. An operator, to whom people turn, asks; an auditor, of another institution and the one who
 *  needs the openings, confirms or declines: neither can wipe out a trace alone. */
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { Decline, ErasurePage, ErasureParams, ErasureView, NewErasure } from './erasures.dto.js';
import { ErasuresReads } from './erasures.reads.js';
import { ErasuresService } from './erasures.service.js';

@Controller('api/erasures')
export class ErasuresController {
  constructor(
    private readonly service: ErasuresService,
    private readonly reads: ErasuresReads,
  ) {}

  @Post()
  @Allow({ roles: ['operator'] })
  @Answers(201, ErasureView, 'Waits for an auditor, for 30 days. Those it is about are told.')
  async request(@CurrentActor() actor: Actor, @Body() body: NewErasure): Promise<ErasureView> {
    return this.reads.one(await this.service.request(actor, body));
  }

  @Post(':requestId/confirmation')
  @HttpCode(200)
  @Allow({ roles: ['auditor'] })
  @Answers(200, ErasureView, 'The log says it at once; it is carried out when that entry has its place.')
  async confirm(@CurrentActor() actor: Actor, @Param() { requestId }: ErasureParams): Promise<ErasureView> {
    return this.reads.one(await this.service.confirm(actor, requestId));
  }

  @Post(':requestId/decline')
  @HttpCode(200)
  @Allow({ roles: ['auditor'] })
  @Answers(200, ErasureView)
  async decline(
    @CurrentActor() actor: Actor,
    @Param() { requestId }: ErasureParams,
    @Body() { note }: Decline,
  ): Promise<ErasureView> {
    return this.reads.one(await this.service.decline(actor, requestId, note));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Allow({ roles: ['operator', 'auditor'] })
  @Answers(200, ErasurePage, 'All requests, the newest first.')
  async list(@Query() { after, limit }: PageQuery): Promise<ErasurePage> {
    return this.reads.list(after, limit ?? 50);
  }
}
