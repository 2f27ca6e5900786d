import { Body, Controller, Get, HttpCode, Post, Query, UnauthorizedException } from '@nestjs/common';
import { holds } from '../evaluating/evaluating-parts.js';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
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
    const [tenders, evaluations, bids, notices] = await Promise.all([
      onTenders ? api.call('get', '/api/tenders', { query: { mine: 'true', limit: 50 } }) : undefined,
      holds(visitor, 'evaluator') ? api.call('get', '/api/evaluations', { query: { limit: 50 } }) : undefined,
      me.vendorId === undefined ? undefined : api.call('get', '/api/bids', { query: { limit: 5 } }),
      api.call('get', '/api/notifications', { query: { limit: 10 } }),
    ]);
    return workPage(visitor, {
      me,
      tenders: tenders?.items,
      evaluations: evaluations?.items,
      bids: bids?.items,
      notices: notices.items,
    });
  }

  @Get('akun')
  async account(@Visit() visitor: Visitor, @Query('selesai') done: unknown): Promise<Page> {
    return this.ownAccount(visitor, { done: done === '1' });
  }

  @Post('akun/kata-sandi')
  @HttpCode(200)
  async changePassword(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page | void> {
    const asTyped = (name: string): string => (typeof form[name] === 'string' ? form[name] : '');
    const body = { currentPassword: asTyped('currentPassword'), password: asTyped('password') };
    const changed = await attempt(visitor, () => visitor.api.call('put', '/api/me/password', { body }));
    if ('wrong' in changed) return this.ownAccount(visitor, { wrong: changed.wrong });
    return seeOther(visitor, '/akun?selesai=1');
  }

  @Post('akun/sesi')
  async endSession(@Visit() visitor: Visitor, @Body() form: Form): Promise<void> {
    const sessionId = text(form, 'session');
    await visitor.api.call('delete', '/api/sessions/{sessionId}', { path: { sessionId } });
    return seeOther(visitor, '/akun');
  }

  private async ownAccount(visitor: Visitor, said: { wrong?: Wrong; done?: boolean }): Promise<Page> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const [sessions, events] = await Promise.all([
      api.call('get', '/api/sessions', { query: { limit: 10 } }),
      api.call('get', '/api/security-events', { query: { limit: 30 } }),
    ]);
    return accountPage(visitor, { me, sessions: sessions.items, events: events.items, said });
  }
}
