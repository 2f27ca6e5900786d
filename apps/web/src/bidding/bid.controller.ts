/** A vendor's bid for a tender: preparing it, and what may be done with it afterwards. */
import type { Answer } from '@segel/client';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UnauthorizedException,
} from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { isOpen, mayBid, ownBids, standingBid, standingOf, type Tender } from './bid-facts.js';
import { bidPage } from './bid-page.js';
import { receiptOf } from './bid-receipt.js';
import { lotsPage } from './lots-page.js';
import { needsPage } from './needs-page.js';
import { workspacePage } from './workspace-page.js';

type Change = Answer<'/api/tenders/{tenderId}/bids/{bidId}/withdrawal', 'post'>;

@Controller(['tender', 'en/tender'])
export class BidController {
  @Get(':tenderId/penawaran')
  async prepare(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('lot') asked: unknown,
  ): Promise<Page> {
    const [tender, standing] = await Promise.all([tenderOf(visitor, tenderId), standingOf(visitor)]);
    if (!mayBid(standing) || !isOpen(tender, visitor.now)) return needsPage(visitor, tender, standing);
    const bids = await ownBids(visitor, tenderId);
    const { lots } = tender.terms;
    const lot = lots.length === 1 ? lots[0] : lots.find(({ id }) => id === asked);
    if (lot === undefined) return lotsPage(visitor, tender, bids);
    const others = lots.flatMap(({ id }) => standingBid(bids, id) ?? []);
    return workspacePage(visitor, { tender, lotId: lot.id, standing: standingBid(bids, lot.id), others });
  }

  @Get(':tenderId/penawaran/:bidId')
  async bid(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('bidId') bidId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return this.shown(visitor, { tenderId, bidId }, { done: done === '1' });
  }

  @Post(':tenderId/penawaran/:bidId/tarik')
  @HttpCode(200)
  async withdraw(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('bidId') bidId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const input = { path: { tenderId, bidId }, body: signatureOf(form) };
    return this.change(visitor, { tenderId, bidId }, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/bids/{bidId}/withdrawal', input),
    );
  }

  @Post(':tenderId/penawaran/:bidId/kukuhkan')
  @HttpCode(200)
  async reconfirm(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('bidId') bidId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const input = { path: { tenderId, bidId }, body: signatureOf(form) };
    return this.change(visitor, { tenderId, bidId }, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/bids/{bidId}/reconfirmation', input),
    );
  }

  private async change(visitor: Visitor, place: Place, act: () => Promise<Change>): Promise<Page | void> {
    if (visitor.me === undefined) throw new UnauthorizedException();
    const changed = await attempt(visitor, act);
    if ('wrong' in changed) return this.shown(visitor, place, { wrong: changed.wrong });
    return seeOther(visitor, `/tender/${place.tenderId}/penawaran/${place.bidId}?selesai=1`);
  }

  private async shown(visitor: Visitor, { tenderId, bidId }: Place, said: Said): Promise<Page> {
    if (visitor.me === undefined) throw new UnauthorizedException();
    if (visitor.me.vendorId === undefined) throw new NotFoundException();
    const path = { tenderId, bidId };
    const [tender, bid, receipt] = await Promise.all([
      tenderOf(visitor, tenderId),
      visitor.api.call('get', '/api/tenders/{tenderId}/bids/{bidId}', { path }),
      receiptOf(visitor, path),
    ]);
    return bidPage(visitor, { tender, bid, receipt }, said);
  }
}

type Place = { readonly tenderId: string; readonly bidId: string };
export type Said = { readonly wrong?: Wrong; readonly done?: boolean };

const tenderOf = ({ api }: Visitor, tenderId: string): Promise<Tender> =>
  api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } });

const signatureOf = (form: Form): { readonly key: string; readonly sig: string } => ({
  key: text(form, 'key'),
  sig: text(form, 'sig'),
});
