import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import * as dto from './accounts.dto.js';
import { AccountsReads } from './accounts.reads.js';
import { InvitationService } from './invitation.service.js';
import { PasswordService } from './password.service.js';
import { RegistrationService } from './registration.service.js';
import { RevocationService } from './revocation.service.js';
import { Me } from './sessions.dto.js';

/** What costs a password hash or a mail is rarer per client than the rest. */
export const COSTLY = { rateLimit: { max: 100, timeWindow: 60_000 } };

@Controller('api')
export class AccountsController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly passwords: PasswordService,
    private readonly invitations: InvitationService,
    private readonly revocations: RevocationService,
    private readonly reads: AccountsReads,
  ) {}

  @Post('accounts')
  @HttpCode(202)
  @Allow('public')
  @RouteConfig(COSTLY)
  @Answers(202, 'nothing', 'The mail says how it goes on; the answer is the same for a known address.')
  async signUp(@CurrentActor() actor: Actor, @Body() body: dto.SignUp): Promise<void> {
    await this.registration.signUp(actor, body);
  }

  @Post('accounts/confirmation')
  @HttpCode(204)
  @Allow('public')
  @Answers(204, 'nothing')
  async confirm(@CurrentActor() actor: Actor, @Body() body: dto.Confirmation): Promise<void> {
    await this.registration.confirm(actor, body.token);
  }

  @Post('password-resets')
  @HttpCode(202)
  @Allow('public')
  @RouteConfig(COSTLY)
  @Answers(202, 'nothing', 'The same for an unknown address.')
  async forgotten(@CurrentActor() actor: Actor, @Body() body: dto.ForgottenPassword): Promise<void> {
    await this.registration.forgotten(actor, body.email);
  }

  @Post('password-resets/completion')
  @HttpCode(204)
  @Allow('public')
  @RouteConfig(COSTLY)
  @Answers(204, 'nothing')
  async reset(@CurrentActor() actor: Actor, @Body() body: dto.NewPassword): Promise<void> {
    await this.passwords.reset(actor, body.token, body.password);
  }

  @Get('me')
  @Allow('signed_in')
  @Answers(200, Me)
  async me(@CurrentActor() actor: Actor): Promise<Me> {
    return this.reads.me(actor);
  }

  @Put('me/password')
  @HttpCode(204)
  @Allow('signed_in')
  @RouteConfig(COSTLY)
  @Answers(204, 'nothing', 'The other sessions end.')
  async changePassword(@CurrentActor() actor: Actor, @Body() body: dto.PasswordChange): Promise<void> {
    await this.passwords.replace(actor, body.currentPassword, body.password);
  }

  @Post('accounts/:accountId/revocation')
  @HttpCode(200)
  @Allow({ roles: ['operator'] })
  @Answers(200, dto.RevocationState)
  async revoke(
    @CurrentActor() actor: Actor,
    @Param() { accountId }: dto.AccountParam,
    @Body() body: dto.Revocation,
  ): Promise<dto.RevocationState> {
    return this.revocations.revoke(actor, accountId, body.reason);
  }

  @Post('invitations')
  @Allow({ roles: ['operator'] })
  @Answers(201, dto.InvitationState, 'A second operator confirms it; only then is it mailed.')
  async invite(@CurrentActor() actor: Actor, @Body() body: dto.Invitation): Promise<dto.InvitationState> {
    return this.invitations.request(actor, body);
  }

  @Post('invitations/:invitationId/confirmation')
  @HttpCode(200)
  @Allow({ roles: ['operator'] })
  @Answers(200, dto.InvitationState)
  async confirmInvitation(
    @CurrentActor() actor: Actor,
    @Param() { invitationId }: dto.InvitationParam,
  ): Promise<dto.InvitationState> {
    return this.invitations.confirm(actor, invitationId);
  }

  @Get('invitations')
  @Allow({ roles: ['operator'] })
  @Answers(200, dto.InvitationPage, 'Invitations that nobody accepted yet and that have not expired.')
  async openInvitations(@Query() query: PageQuery): Promise<dto.InvitationPage> {
    return this.reads.invitations(query);
  }

  @Post('invitations/acceptance')
  @HttpCode(200)
  @Allow('public')
  @RouteConfig(COSTLY)
  @Answers(200, dto.Accepted)
  async accept(@CurrentActor() actor: Actor, @Body() body: dto.Acceptance): Promise<dto.Accepted> {
    return this.invitations.accept(actor, body);
  }

  @Post('organisations')
  @Allow({ roles: ['operator'] })
  @Answers(201, dto.Created)
  async enterOrganisation(@CurrentActor() actor: Actor, @Body() body: dto.NewOrganisation): Promise<dto.Created> {
    return this.invitations.enterOrganisation(actor, body);
  }

  @Get('organisations')
  @Allow('public')
  @Answers(200, dto.OrganisationPage)
  async organisations(@Query() query: PageQuery): Promise<dto.OrganisationPage> {
    return this.reads.organisations(query);
  }

  @Get('officials')
  @Allow({ roles: dto.OFFICIAL_ROLES })
  @Answers(200, dto.OfficialPage)
  async officials(@Query() query: dto.OfficialsQuery): Promise<dto.OfficialPage> {
    return this.reads.officials(query);
  }
}
