import { Body, Controller, Get, HttpCode, Param, Post, Query, UnauthorizedException } from '@nestjs/common';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { erasuresPage } from './erasures-page.js';
import { entryPage, onlyAuditorsPage, trailPage } from './trail-pages.js';

const plain = (given: unknown): string => (typeof given === 'string' ? given.trim() : '');

/** Pages of auditors. What they read is logged by the API, which also refuses everybody else. */
@Controller(['', 'en'])
export class AuditingController {
  @Get('kerja/audit')
  async trail(@Visit() visitor: Visitor, @Query() given: Readonly<Record<string, unknown>>): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const filter = { tenderId: plain(given['tender']), type: plain(given['jenis']), after: plain(given['hal']) };
    const named = Object.entries(filter).filter(([, value]) => value !== '');
    const query = { ...Object.fromEntries(named), limit: 50 };
    const found = await attempt(visitor, () => visitor.api.call('get', '/api/audit/trail', { query }));
    return trailPage(visitor, filter, 'done' in found ? found.done : undefined);
  }

  @Get('kerja/audit/catatan/:entryId')
  async entry(@Visit() visitor: Visitor, @Param('entryId') entryId: string): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    return entryPage(visitor, await visitor.api.call('get', '/api/audit/entries/{entryId}', { path: { entryId } }));
  }

  @Get('kerja/penghapusan')
  async erasures(
    @Visit() visitor: Visitor,
    @Query('hal') after: unknown,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    return erasuresSaying(visitor, { after: plain(after), done: done === '1' });
  }

  @Post('kerja/penghapusan/:requestId')
  @HttpCode(200)
  async decide(
    @Visit() visitor: Visitor,
    @Param('requestId') requestId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const { api } = visitor;
    const path = { requestId };
    const body = { note: text(form, 'note') };
    const decided = await attempt(visitor, () =>
      text(form, 'decision') === 'confirm'
        ? api.call('post', '/api/erasures/{requestId}/confirmation', { path })
        : api.call('post', '/api/erasures/{requestId}/decline', { path, body }),
    );
    if ('wrong' in decided) return erasuresSaying(visitor, { wrong: decided.wrong });
    return seeOther(visitor, '/kerja/penghapusan?selesai=1');
  }
}

function isAuditor({ me }: Visitor): boolean {
  if (me === undefined) throw new UnauthorizedException();
  return me.roles.some(({ role }) => role === 'auditor');
}

async function erasuresSaying(
  visitor: Visitor,
  { after = '', ...said }: { after?: string } & Parameters<typeof erasuresPage>[2],
): Promise<Page> {
  const query = { limit: 50, ...(after === '' ? {} : { after }) };
  return erasuresPage(visitor, await visitor.api.call('get', '/api/erasures', { query }), said);
}
