import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { AccountsReads } from './accounts.reads.js';
import { KeyPage, KeyParam, KeyRegistration, KeysQuery, RegisteredKey } from './keys.dto.js';
import { KeysService } from './keys.service.js';

@Controller('api/keys')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly reads: AccountsReads,
  ) {}

  @Post()
  @Allow('signed_in')
  @Answers(201, RegisteredKey)
  async register(@CurrentActor() actor: Actor, @Body() body: KeyRegistration): Promise<RegisteredKey> {
    return this.keys.register(actor, body);
  }

  @Post(':keyId/revocation')
  @HttpCode(204)
  @Allow('signed_in')
  @Answers(204, 'nothing')
  async revoke(@CurrentActor() actor: Actor, @Param() { keyId }: KeyParam): Promise<void> {
    await this.keys.revoke(actor, keyId);
  }

  @Get()
  @Allow('public')
  @Answers(200, KeyPage, 'Registered keys; each names its entry in the log.')
  async list(@Query() query: KeysQuery): Promise<KeyPage> {
    return this.reads.keys(query);
  }
}
