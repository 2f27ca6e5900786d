import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { isAuditor } from './auditing.controller.js';
import { replayPage, type Replay } from './replay-page.js';
import { onlyAuditorsPage } from './trail-pages.js';

const STEPS = 20;

type Given = Readonly<Record<string, unknown>>;

/** The story of a tender as its log tells it: to everybody what is disclosed by now, to auditors all of it. */
@Controller(['', 'en'])
export class ReplayController {
  @Get('tender/:tenderId/riwayat')
  async told(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string, @Query() given: Given): Promise<Page> {
    const [tender, steps] = await Promise.all([
      visitor.api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } }),
      stepsOf(visitor, tenderId, given, false),
    ]);
    return replayPage(visitor, { tender, steps, everything: false });
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
