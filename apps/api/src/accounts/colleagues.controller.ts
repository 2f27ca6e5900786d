import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { COSTLY } from './accounts.controller.js';
import * as dto from './colleagues.dto.js';
import { ColleaguesService } from './colleagues.service.js';

@Controller('api/vendors/:vendorId')
export class ColleaguesController {
  constructor(private readonly colleagues: ColleaguesService) {}

  @Get('colleagues')
  @Allow({ roles: ['vendor'] })
  @Answers(200, dto.ColleaguePage, 'Who acts for the own company.')
  async list(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.CompanyParam,
    @Query() query: PageQuery,
  ): Promise<dto.ColleaguePage> {
    return this.colleagues.list(actor, vendorId, query);
  }

  @Get('colleague-invitations')
  @Allow({ roles: ['vendor'] })
  @Answers(200, dto.ColleagueInvitationPage, 'Those that nobody accepted yet and that have not expired.')
  async invitations(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.CompanyParam,
    @Query() query: PageQuery,
  ): Promise<dto.ColleagueInvitationPage> {
    return this.colleagues.invitations(actor, vendorId, query);
  }

  @Post('colleague-invitations')
  @Allow({ roles: ['vendor'] })
  @RouteConfig(COSTLY)
  @Answers(201, dto.ColleagueInvitation, 'By who registered the company; accepted as other invitations are.')
  async invite(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.CompanyParam,
    @Body() { email }: dto.ColleagueRequest,
  ): Promise<dto.ColleagueInvitation> {
    return this.colleagues.invite(actor, vendorId, email);
  }

  @Post('colleague-invitations/:invitationId/withdrawal')
  @HttpCode(204)
  @Allow({ roles: ['vendor'] })
  @Answers(204, 'nothing', 'Its link holds no longer.')
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param() { vendorId, invitationId }: dto.ColleagueInvitationParam,
  ): Promise<void> {
    await this.colleagues.withdraw(actor, vendorId, invitationId);
  }

  @Post('colleagues/:accountId/removal')
  @HttpCode(204)
  @Allow({ roles: ['vendor'] })
  @Answers(204, 'nothing', 'By who registered the company, or of oneself. Role and keys hold no longer.')
  async end(@CurrentActor() actor: Actor, @Param() { vendorId, accountId }: dto.ColleagueParam): Promise<void> {
    await this.colleagues.end(actor, vendorId, accountId);
  }
}
