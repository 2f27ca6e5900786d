import { Body, Controller, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { AwardActView, AwardView, DecideAwardDto, IntendAwardDto } from './awards.dto.js';
import { AwardsService } from './awards.service.js';

@Controller('api/tenders/:tenderId/lots/:lotId/award')
export class AwardsController {
  constructor(private readonly awards: AwardsService) {}

  @Get()
  @Allow('public')
  @Answers(200, AwardView, 'The announced award for everybody; before that the draft for the award authority.')
  read(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
  ): Promise<AwardView> {
    return this.awards.read(actor, tenderId, lotId);
  }

  @Post()
  @Allow({ roles: ['award_authority'], on: 'tender' })
  @Answers(201, AwardActView, 'Announces the intended award to all bidders; the standstill begins.')
  intend(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
    @Body() body: IntendAwardDto,
  ): Promise<AwardActView> {
    return this.awards.intend(actor, tenderId, lotId, body);
  }

  @Post('decision')
  @Allow({ roles: ['award_authority'], on: 'tender' })
  @Answers(201, AwardActView, 'The award, after the standstill.')
  decide(
    @CurrentActor() actor: Actor,
    @Param('tenderId', ParseUUIDPipe) tenderId: string,
    @Param('lotId', ParseUUIDPipe) lotId: string,
    @Body() body: DecideAwardDto,
  ): Promise<AwardActView> {
    return this.awards.decide(actor, tenderId, lotId, body);
  }
}
