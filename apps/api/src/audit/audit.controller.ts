import { Controller, Get, Header, Query } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { EntriesQuery, OpenedEntryView, TrailPage, TrailQuery } from './audit.dto.js';
import { Audit } from './audit.service.js';

@Controller('api/audit')
@Allow({ roles: ['auditor'] })
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get('entries')
  @Header('cache-control', 'no-store')
  @Answers(200, [OpenedEntryView], 'Leaves of the log with the openings of the blinded ones. The reading is logged.')
  async entries(
    @CurrentActor() actor: Actor,
    @Query() { from, to }: EntriesQuery,
  ): Promise<readonly OpenedEntryView[]> {
    return this.audit.entries(actor, from, to);
  }

  @Get('trail')
  @Header('cache-control', 'no-store')
  @Answers(200, TrailPage, 'Which entries there are about whom. The reading is logged.')
  async trail(@CurrentActor() actor: Actor, @Query() query: TrailQuery): Promise<TrailPage> {
    const { limit, ...filter } = query;
    return this.audit.trail(actor, filter, limit ?? 50);
  }
}
