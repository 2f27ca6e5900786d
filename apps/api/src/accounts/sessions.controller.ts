import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { COSTLY } from './accounts.controller.js';
import { AccountsReads } from './accounts.reads.js';
import { Credentials, SecurityEventPage, SessionPage, SessionParam, SignedIn } from './sessions.dto.js';
import { SignInService } from './sign-in.service.js';

@Controller('api')
export class SessionsController {
  constructor(
    private readonly signIns: SignInService,
    private readonly reads: AccountsReads,
  ) {}

  @Post('sessions')
  @Allow('public')
  @RouteConfig(COSTLY)
  @Answers(201, SignedIn)
  async signIn(
    @CurrentActor() actor: Actor,
    @Body() { email, password }: Credentials,
    @Headers('user-agent') userAgent = '',
  ): Promise<SignedIn> {
    return this.signIns.signIn(actor, { email, password, userAgent: userAgent.slice(0, 300) });
  }

  @Get('sessions')
  @Allow('signed_in')
  @Answers(200, SessionPage)
  async sessions(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<SessionPage> {
    return this.reads.sessions(actor, query);
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Allow('signed_in')
  @Answers(204, 'nothing')
  async signOut(@CurrentActor() actor: Actor, @Param() { sessionId }: SessionParam): Promise<void> {
    await this.signIns.signOut(actor, sessionId);
  }

  @Get('security-events')
  @Allow('signed_in')
  @Answers(200, SecurityEventPage)
  async securityEvents(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<SecurityEventPage> {
    return this.reads.securityEvents(actor, query);
  }
}
