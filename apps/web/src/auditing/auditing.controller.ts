import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Query,
  StreamableFile,
  UnauthorizedException,
} from '@nestjs/common';
import { attempt, seeOther, text, type Form } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { actorsPage } from './actor-pages.js';
import { erasuresPage } from './erasures-page.js';
import { nextOf, trailCsv, trailJson, type Exported } from './trail-export.js';
import { askedOf, readFilter, wrongIn, type TrailFilter } from './trail-filter.js';
import { entryPage, onlyAuditorsPage, trailPage } from './trail-pages.js';

const plain = (given: unknown): string => (typeof given === 'string' ? given.trim() : '');

/** A file holds so many entries at most, and says where the next begins. */
const EXPORTED = 1000;

type Given = Readonly<Record<string, unknown>>;

/** Pages of auditors. What they read is logged by the API, which also refuses everybody else. */
@Controller(['', 'en'])
export class AuditingController {
  @Get('kerja/audit')
  async trail(@Visit() visitor: Visitor, @Query() given: Given): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const filter = readFilter(given);
    const wrong = wrongIn(filter);
    if (wrong !== undefined) {
      void visitor.reply.status(HttpStatus.BAD_REQUEST);
      return trailPage(visitor, filter, wrong);
    }
    const query = { ...askedOf(filter), limit: 50 };
    return trailPage(visitor, filter, await visitor.api.call('get', '/api/audit/trail', { query }));
  }

  @Post('kerja/audit/pelaku')
  @HttpCode(200)
  async actors(@Visit() visitor: Visitor, @Body() form: Form): Promise<Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const [filter, words] = [readFilter(form), text(form, 'words')];
    const found = await attempt(visitor, () =>
      visitor.api.call('post', '/api/audit/actor-searches', { body: { words } }),
    );
    if ('done' in found) return actorsPage(visitor, filter, { words, found: found.done });
    return actorsPage(visitor, filter, { words, wrong: { words: visitor.t('aud.who.wrong'), field: 'words' } });
  }

  @Get('kerja/audit.csv')
  async csv(@Visit() visitor: Visitor, @Query() given: Given): Promise<StreamableFile | Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const filter = readFilter(given);
    const found = await exported(visitor, filter);
    if (found.next !== undefined)
      void visitor.reply.header('link', `<${visitor.href(nextOf('csv', filter, found.next))}>; rel="next"`);
    return file(trailCsv(found), 'text/csv; charset=utf-8', 'audit.csv');
  }

  @Get('kerja/audit.json')
  async json(@Visit() visitor: Visitor, @Query() given: Given): Promise<StreamableFile | Page> {
    if (!isAuditor(visitor)) return onlyAuditorsPage(visitor);
    const filter = readFilter(given);
    return file(trailJson(filter, await exported(visitor, filter)), 'application/json; charset=utf-8', 'audit.json');
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

export function isAuditor({ me }: Visitor): boolean {
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

/** Every page of it is a reading in the log, as those on the screen are. */
async function exported({ api }: Visitor, filter: TrailFilter): Promise<Exported> {
  if (wrongIn(filter) !== undefined) throw new BadRequestException();
  const entries: Exported['entries'][number][] = [];
  for (let { after } = filter; ;) {
    const query = { ...askedOf({ ...filter, after }), limit: 200 };
    const page = await api.call('get', '/api/audit/trail', { query });
    entries.push(...page.items);
    if (page.next === undefined || entries.length >= EXPORTED) return { entries, next: page.next };
    after = page.next;
  }
}

const file = (content: string, type: string, name: string): StreamableFile =>
  new StreamableFile(Buffer.from(content), { type, disposition: `attachment; filename="${name}"` });
