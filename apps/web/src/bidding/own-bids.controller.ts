/** All bids of a vendor, and what came of them. */
import type { Schemas } from '@segel/client';
import { Controller, ForbiddenException, Get, Query, UnauthorizedException } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import type { OwnBid } from './bid-facts.js';
import { ownBidsPage } from './own-bids-page.js';

const PER_PAGE = 20;
/** Stages at which the result of a lot may be public. */
const DECIDED = ['intended_award', 'standstill', 'awarded', 'failed'];

@Controller(['', 'en'])
export class OwnBidsController {
  @Get('penyedia/saya')
  async list(@Visit() visitor: Visitor, @Query('setelah') after: unknown): Promise<Page> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const { vendorId } = me;
    if (vendorId === undefined) throw new ForbiddenException();
    const page = typeof after === 'string' && after !== '' ? { after } : {};
    const [bids, vendor] = await Promise.all([
      api.call('get', '/api/bids', { query: { limit: PER_PAGE, ...page } }),
      api.call('get', '/api/vendors/{vendorId}', { path: { vendorId } }),
    ]);
    const awards = await awardsOf(visitor, bids.items);
    return ownBidsPage(visitor, { bids: bids.items, next: bids.next, awards, documents: vendor.documents });
  }
}

/** The announced results of the lots of these bids, each asked for once. */
async function awardsOf({ api }: Visitor, bids: readonly OwnBid[]): Promise<readonly Schemas['AwardView'][]> {
  const decided = bids.filter(({ tenderState }) => DECIDED.includes(tenderState));
  const lots = new Map(decided.map(({ tenderId, lotId }) => [lotId, { tenderId, lotId }]));
  const found = await Promise.all(
    [...lots.values()].map((path) => api.find('/api/tenders/{tenderId}/lots/{lotId}/award', { path })),
  );
  return found.filter((award) => award !== undefined);
}
