import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import {
  ActorSearchDto,
  CommitmentParams,
  EntriesQuery,
  EntryParams,
  FoundActorsView,
  OpenedEntryView,
  OpenedTrailPage,
  OpenedTrailView,
  TenderParams,
  TrailPage,
  TrailQuery,
} from './audit.dto.js';
import { Audit } from './audit.service.js';
import { AuditedActors } from './audited-actors.js';

@Controller('api/audit')
@Allow({ roles: ['auditor'] })
export class AuditController {
  constructor(
    private readonly audit: Audit,
    private readonly people: AuditedActors,
  ) {}

  @Get('entries')
  @Header('cache-control', 'no-store')
  @Answers(200, [OpenedEntryView], 'Leaves of the log with the openings of the blinded ones. The reading is logged.')
  async entries(
    @CurrentActor() actor: Actor,
    @Query() { from, to }: EntriesQuery,
  ): Promise<readonly OpenedEntryView[]> {
    return this.audit.entries(actor, from, to);
  }

  @Get('entries/:entryId')
  @Header('cache-control', 'no-store')
  @Answers(200, OpenedTrailView, 'One entry with its opening. The reading is logged.')
  async entry(@CurrentActor() actor: Actor, @Param() { entryId }: EntryParams): Promise<OpenedTrailView> {
    return this.audit.entry(actor, entryId);
  }

  @Get('commitments/:commitment')
  @Header('cache-control', 'no-store')
  @Answers(200, OpenedTrailView, 'The entry behind a blinded leaf. The reading is logged.')
  async behind(@CurrentActor() actor: Actor, @Param() { commitment }: CommitmentParams): Promise<OpenedTrailView> {
    return this.audit.behind(actor, commitment);
  }

  @Get('tenders/:tenderId/entries')
  @Header('cache-control', 'no-store')
  @Answers(200, OpenedTrailPage, 'Entries of a tender with their openings, oldest first. The reading is logged.')
  async ofTender(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Query() { after, limit }: PageQuery,
  ): Promise<OpenedTrailPage> {
    return this.audit.ofTender(actor, tenderId, after, limit ?? 50);
  }

  @Get('trail')
  @Header('cache-control', 'no-store')
  @Answers(200, TrailPage, 'Which entries there are about whom. The reading is logged.')
  async trail(@CurrentActor() actor: Actor, @Query() query: TrailQuery): Promise<TrailPage> {
    const { limit, ...filter } = query;
    return this.audit.trail(actor, filter, limit ?? 50);
  }

  @Post('actor-searches')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Answers(200, FoundActorsView, 'Whose acts to look for. The reading is logged, without the words.')
  async actors(@CurrentActor() actor: Actor, @Body() { words }: ActorSearchDto): Promise<FoundActorsView> {
    return { items: await this.people.search(actor, words) };
  }
}
