import { Controller, Get, UnauthorizedException } from '@nestjs/common';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { accountPage } from './account-page.js';
import { workPage } from './work-page.js';

@Controller(['', 'en'])
export class AccountController {
  /** Where people land: what waits for them, and only what their roles can open. */
  @Get('kerja')
  async work(@Visit() visitor: Visitor): Promise<Page> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const onTenders = me.roles.some(({ tenderId }) => tenderId !== undefined);
    const [tenders, bids, notices] = await Promise.all([
      onTenders ? api.call('get', '/api/tenders', { query: { mine: 'true', limit: 50 } }) : undefined,
      me.vendorId === undefined ? undefined : api.call('get', '/api/bids', { query: { limit: 50 } }),
      api.call('get', '/api/notifications', { query: { limit: 10 } }),
    ]);
    return workPage(visitor, { me, tenders: tenders?.items, bids: bids?.items, notices: notices.items });
  }

  @Get('akun')
  async account(@Visit() visitor: Visitor): Promise<Page> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const [sessions, events] = await Promise.all([
      api.call('get', '/api/sessions', { query: { limit: 10 } }),
      api.call('get', '/api/security-events', { query: { limit: 30 } }),
    ]);
    return accountPage(visitor, { me, sessions: sessions.items, events: events.items });
  }
}
