/** What the log says about oneself, at once (protocol section 4; requirements 64, 71 and 77). */
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { OwnEntriesQuery, OwnEntryPage, OwnEntryParams, OwnEntryView, OwnReceiptQuery } from './own-entries.dto.js';
import { OwnEntries } from './own-entries.service.js';

@Controller('api/entries')
@Allow('signed_in')
export class OwnEntriesController {
  constructor(private readonly entries: OwnEntries) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Answers(
    200,
    OwnEntryPage,
    'Entries about oneself with their openings, the newest first; for a vendor’s user also the vendor’s.',
  )
  async list(@CurrentActor() actor: Actor, @Query() query: OwnEntriesQuery): Promise<OwnEntryPage> {
    const { limit, ...filter } = query;
    return this.entries.list(actor, filter, limit ?? 50);
  }

  @Get(':entryId')
  @Header('cache-control', 'no-store')
  @Answers(200, OwnEntryView, 'One of them; of anybody else’s it is not said whether it exists.')
  async one(@CurrentActor() actor: Actor, @Param() { entryId }: OwnEntryParams): Promise<OwnEntryView> {
    return this.entries.one(actor, entryId);
  }

  @Get(':entryId/receipt')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Answers(200, 'text', 'tlog-proof of one of them; 410 `entry_erased` when its readable form is gone.')
  async receipt(
    @CurrentActor() actor: Actor,
    @Param() { entryId }: OwnEntryParams,
    @Query() { waitMs }: OwnReceiptQuery,
  ): Promise<string> {
    return this.entries.receipt(actor, entryId, waitMs ?? 0);
  }
}
