import type { Schemas } from '@segel/client';
import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WebConfig } from '../config.js';
import { onceComplete } from '../evaluating/lot-facts.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { calendarOf } from './calendar.js';
import { tenderPage } from './tender-page.js';

/** Everything that is public about a tender at its stage. */
export type TenderFacts = {
  readonly tender: Schemas['TenderView'];
  readonly notices: readonly Schemas['NoticeEntryView'][];
  readonly boxes: readonly Schemas['BoxView'][];
  readonly minutes: Schemas['MinutesView'] | undefined;
  readonly awards: readonly Schemas['AwardView'][];
};

@Controller(['tender', 'en/tender'])
export class TenderController {
  constructor(private readonly config: WebConfig) {}

  @Get(':tenderId')
  async tender(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    return tenderPage(visitor, await facts(visitor, tenderId));
  }

  @Get(':tenderId/kalender.ics')
  async calendar(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const tender = await visitor.api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } });
    if (tender.deadlineAt === undefined) throw new NotFoundException();
    void reply.header('content-type', 'text/calendar; charset=utf-8');
    return calendarOf(visitor, tender, tender.deadlineAt, this.config.settings.WEB_PUBLIC_URL);
  }
}

async function facts({ api }: Visitor, tenderId: string): Promise<TenderFacts> {
  const path = { tenderId };
  const [tender, notices, boxes, minutes] = await Promise.all([
    api.call('get', '/api/tenders/{tenderId}', { path }),
    api.call('get', '/api/tenders/{tenderId}/notices', { path }),
    api.call('get', '/api/tenders/{tenderId}/boxes', { path }),
    api.find('/api/tenders/{tenderId}/opening', { path }),
  ]);
  const awards = await Promise.all(
    tender.lots.map(async ({ id }) =>
      // Award authorities are told of a draft, and that there is none yet.
      onceComplete(() => api.find('/api/tenders/{tenderId}/lots/{lotId}/award', { path: { tenderId, lotId: id } })),
    ),
  );
  return { tender, notices, boxes, minutes, awards: awards.filter((award) => award !== undefined) };
}
