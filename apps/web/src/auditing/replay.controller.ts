import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { WebConfig } from '../config.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { isAuditor } from './auditing.controller.js';
import { readLog } from '../public/log-reader.js';
import { reportPage } from './report-page.js';
import { Reports } from './reports.js';
import { replayPage, type Replay } from './replay-page.js';
import { onlyAuditorsPage } from './trail-pages.js';

const STEPS = 20;
/** After so many seconds the page of a report that is being made asks again. */
const AGAIN_S = 5;

type Given = Readonly<Record<string, unknown>>;

/** The story of a tender as its log tells it: to everybody what is disclosed by now, to auditors all of it. */
@Controller(['', 'en'])
export class ReplayController {
  constructor(
    private readonly config: WebConfig,
    private readonly reports: Reports,
  ) {}

  @Get('tender/:tenderId/riwayat')
  async told(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string, @Query() given: Given): Promise<Page> {
    const [tender, steps] = await Promise.all([
      visitor.api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } }),
      stepsOf(visitor, tenderId, given, false),
    ]);
    return replayPage(visitor, { tender, steps, everything: false });
  }

  @Get('tender/:tenderId/pemeriksaan')
  async report(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string): Promise<Page> {
    const { api, client, now, reply } = visitor;
    const { WEB_PUBLIC_URL: url, API_URL } = this.config.settings;
    const reader = { api: API_URL, client };
    const [tender, log] = await Promise.all([
      api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } }),
      readLog(reader),
    ]);
    if (tender.publishedAt === undefined) throw new NotFoundException();
    const made = await this.reports.of({ tenderId, size: log?.size ?? 0, now }, reader);
    if (made === 'busy') void reply.header('refresh', String(AGAIN_S));
    const { title, rules } = tender;
    return reportPage(visitor, { tender: { id: tenderId, title, timeZone: rules.timeZone }, made, url });
  }

  @Get('kerja/audit/tender/:tenderId')
  async everything(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query() given: Given,
  ): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const [tender, steps] = await Promise.all([
      visitor.api.find('/api/tenders/{tenderId}', { path: { tenderId } }),
      stepsOf(visitor, tenderId, given, true),
    ]);
    // The team's own before the publication: an auditor sees its entries, and not yet what it will be called.
    return replayPage(visitor, { tender: tender ?? unpublished(tenderId), steps, everything: true });
  }
}

const unpublished = (id: string): Replay['tender'] => ({
  id,
  title: id,
  lots: [],
  rules: { timeZone: 'Asia/Jakarta' },
  terms: { lots: [] },
});

async function stepsOf(
  { api }: Visitor,
  tenderId: string,
  given: Given,
  everything: boolean,
): Promise<Replay['steps']> {
  const [after, before] = [placeOf(given['hal']), placeOf(given['sebelum'])];
  const query = {
    limit: STEPS,
    ...(before === undefined ? (after === undefined ? {} : { after }) : { before }),
    ...(everything ? { everything: 'true' as const } : {}),
  };
  return api.call('get', '/api/tenders/{tenderId}/steps', { path: { tenderId }, query });
}

/** A place in the log, as our own links say it. */
function placeOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) throw new NotFoundException();
  return Number(given);
}
