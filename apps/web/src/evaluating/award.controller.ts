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
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { biddersOf } from '../tenders/tender-results.js';
import { awardPage, DONE } from './award-page.js';
import { onceComplete, shownResult } from './lot-facts.js';

/** The award authority's page. Who else comes here is refused by the API. */
@Controller(['', 'en'])
export class AwardController {
  @Get('kerja/penetapan/:tenderId')
  async award(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') said: unknown,
  ): Promise<Page> {
    return this.awardSaying(visitor, tenderId, { done: DONE.find((one) => one === said) });
  }

  @Post('kerja/penetapan/:tenderId/:lotId')
  @HttpCode(200)
  async sign(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Param('lotId') lotId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const path = { tenderId, lotId };
    const act = text(form, 'act') === 'decide' ? 'decide' : 'intend';
    const signature = { key: text(form, 'key'), sig: text(form, 'sig') };
    const standstillEndAt = text(form, 'standstillEndAt');
    const { api } = visitor;
    const signed = await attempt(visitor, () =>
      act === 'decide'
        ? api.call('post', '/api/tenders/{tenderId}/lots/{lotId}/award/decision', { path, body: signature })
        : api.call('post', '/api/tenders/{tenderId}/lots/{lotId}/award', {
            path,
            body: { ...signature, standstillEndAt },
          }),
    );
    if ('wrong' in signed) return this.awardSaying(visitor, tenderId, { wrong: signed.wrong });
    return seeOther(visitor, `/kerja/penetapan/${tenderId}?selesai=${act}`);
  }

  private async awardSaying(
    visitor: Visitor,
    tenderId: string,
    said: { wrong?: Wrong; done?: (typeof DONE)[number] | undefined },
  ): Promise<Page> {
    const { api, me } = visitor;
    if (me === undefined) throw new UnauthorizedException();
    const authority = me.roles.some((held) => held.role === 'award_authority' && held.tenderId === tenderId);
    if (!authority) throw new ForbiddenException();
    const path = { tenderId };
    const [tender, committee, minutes] = await Promise.all([
      api.call('get', '/api/tenders/{tenderId}', { path }),
      api.call('get', '/api/tenders/{tenderId}/committee', { path }),
      api.find('/api/tenders/{tenderId}/opening', { path }),
    ]);
    const lots = await Promise.all(
      tender.lots.map(async ({ id: lotId, state }) => {
        const view = await onceComplete(() =>
          api.call('get', '/api/tenders/{tenderId}/lots/{lotId}/award', { path: { tenderId, lotId } }),
        );
        const { result, resultSha256 } = view ?? {};
        const shown =
          result === undefined || resultSha256 === undefined ? undefined : shownResult({ result, resultSha256 });
        return { lotId, state, committee, timeZone: tender.rules.timeZone, view, shown };
      }),
    );
    return awardPage(visitor, { tender, lots, bidders: biddersOf(minutes), ...said });
  }
}
