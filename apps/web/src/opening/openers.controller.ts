import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  UnauthorizedException,
} from '@nestjs/common';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { attestListPage, attestPage, noBoxPage, releasePage } from './box-pages.js';
import { openerListPage } from './opener-list-page.js';
import { isOpener, lotState, seatOf, type Me, type Seat } from './opener-seats.js';
import { tenderKeyPage } from './tender-key-page.js';

const DONE = ['daftar', 'siap', 'cabut'] as const;
/** Tenders an opener is shown, the newest first. */
const SHOWN = 30;

/** What openers and auditors do before bids are opened. The acts themselves happen in their browsers. */
@Controller(['', 'en'])
export class OpenersController {
  @Get('kerja/pembuka')
  async list(@Visit() visitor: Visitor): Promise<Page> {
    const me = signedIn(visitor);
    if (!me.roles.some(({ role }) => role === 'opener')) return openerListPage(visitor, []);
    const [mine, challenges] = await Promise.all([
      visitor.api.call('get', '/api/tenders', { query: { mine: 'true', limit: 100 } }),
      visitor.api.call('get', '/api/readiness'),
    ]);
    const own = mine.items.filter(({ id }) => isOpener(me, id)).slice(0, SHOWN);
    return openerListPage(visitor, await Promise.all(own.map(({ id }) => seatOf(visitor, me, id, challenges))));
  }

  @Get('kerja/pembuka/:tenderId')
  async tender(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') said: unknown,
  ): Promise<Page> {
    const me = signedIn(visitor);
    const done = DONE.find((one) => one === said);
    return tenderKeyPage(visitor, me, await ownSeat(visitor, me, tenderId), { done });
  }

  @Post('kerja/pembuka/:tenderId')
  @HttpCode(200)
  async register(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const me = signedIn(visitor);
    const [recipient, key, sig] = [text(form, 'recipient'), text(form, 'key'), text(form, 'sig')];
    const suite = text(form, 'suite') === 'x1' ? ('x1' as const) : ('pq1' as const);
    const given = { path: { tenderId }, body: { suite, recipient, key, sig } };
    const registered = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/opener-keys', given),
    );
    if ('wrong' in registered)
      return tenderKeyPage(visitor, me, await ownSeat(visitor, me, tenderId), { wrong: registered.wrong });
    return seeOther(visitor, `/kerja/pembuka/${tenderId}?selesai=daftar`);
  }

  @Get('kerja/pembuka/:tenderId/kotak/:boxId')
  async box(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('boxId') boxId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    const me = signedIn(visitor);
    const seat = await ownSeat(visitor, me, tenderId);
    const box = seat.boxes.find(({ id }) => id === boxId);
    if (box === undefined) return noBoxPage(visitor, [`/kerja/pembuka/${tenderId}`, seat.tender.title]);
    return releasePage(visitor, me, seat, box, done === '1' || done === 'keberatan' ? done : undefined);
  }

  @Get('kerja/kotak')
  async unattested(@Visit() visitor: Visitor): Promise<Page> {
    demandAuditor(signedIn(visitor));
    const { api } = visitor;
    const { items } = await api.call('get', '/api/tenders', { query: { state: 'closing,closed', limit: 50 } });
    const all = await Promise.all(
      items.map(async ({ id: tenderId }) => {
        const [tender, boxes] = await Promise.all([
          api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } }),
          api.call('get', '/api/tenders/{tenderId}/boxes', { path: { tenderId } }),
        ]);
        return boxes
          .filter(({ attestations, lotId }) => attestations.length === 0 && lotState(tender, lotId) === 'closed')
          .map((box) => ({ tender, box }));
      }),
    );
    return attestListPage(visitor, all.flat());
  }

  @Get('kerja/kotak/:tenderId/:boxId')
  async attest(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('boxId') boxId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    const me = signedIn(visitor);
    demandAuditor(me);
    const path = { tenderId };
    const [tender, boxes] = await Promise.all([
      visitor.api.call('get', '/api/tenders/{tenderId}', { path }),
      visitor.api.call('get', '/api/tenders/{tenderId}/boxes', { path }),
    ]);
    const box = boxes.find(({ id }) => id === boxId);
    if (box === undefined) return noBoxPage(visitor, ['/kerja/kotak', visitor.t('attest.title')]);
    return attestPage(visitor, me, { tender, box }, done === '1');
  }
}

function signedIn({ me }: Visitor): Me {
  if (me === undefined) throw new UnauthorizedException();
  return me;
}

function demandAuditor(me: Me): void {
  if (!me.roles.some(({ role }) => role === 'auditor')) throw new ForbiddenException();
}

async function ownSeat(visitor: Visitor, me: Me, tenderId: string): Promise<Seat> {
  if (!isOpener(me, tenderId)) throw new ForbiddenException();
  return seatOf(visitor, me, tenderId, await visitor.api.call('get', '/api/readiness'));
}
