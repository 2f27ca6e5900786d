import { Body, Controller, Get, HttpCode, Param, Post, Query, UnauthorizedException } from '@nestjs/common';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { assignmentPage, dutiesPage, type Duty } from './declaration-page.js';

/** What evaluators are asked first. Who else comes here is refused by the API. */
@Controller(['', 'en'])
export class DeclarationsController {
  @Get('kerja/evaluasi')
  async duties(@Visit() visitor: Visitor): Promise<Page> {
    return dutiesPage(visitor, await dutiesOf(visitor));
  }

  @Get('kerja/evaluasi/:tenderId')
  async assignment(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('selesai') done: unknown,
  ): Promise<Page> {
    return this.assignmentSaying(visitor, tenderId, { done: done === '1' });
  }

  @Post('kerja/evaluasi/:tenderId')
  @HttpCode(200)
  async declare(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Body() form: Form,
  ): Promise<Page | void> {
    const body = { conflict: text(form, 'conflict') !== 'no', key: text(form, 'key'), sig: text(form, 'sig') };
    const declared = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/conflict-declarations', { path: { tenderId }, body }),
    );
    if ('wrong' in declared) return this.assignmentSaying(visitor, tenderId, { wrong: declared.wrong });
    return seeOther(visitor, `/kerja/evaluasi/${tenderId}?selesai=1`);
  }

  private async assignmentSaying(
    visitor: Visitor,
    tenderId: string,
    said: { wrong?: Wrong; done?: boolean },
  ): Promise<Page> {
    if (visitor.me === undefined) throw new UnauthorizedException();
    const path = { tenderId };
    const [tender, committee, minutes, duties] = await Promise.all([
      visitor.api.call('get', '/api/tenders/{tenderId}', { path }),
      visitor.api.call('get', '/api/tenders/{tenderId}/committee', { path }),
      visitor.api.find('/api/tenders/{tenderId}/opening', { path }),
      dutiesOf(visitor),
    ]);
    const bidders = minutes?.lots.flatMap(({ bids }) => bids.map(({ vendorName }) => vendorName));
    const lots = duties.find(({ id }) => id === tenderId)?.lots ?? [];
    return assignmentPage(visitor, {
      tender,
      committee,
      lots,
      bidders: bidders && [...new Set(bidders)].toSorted(),
      ...said,
    });
  }
}

/** Every tender one evaluates: so many that a page holds them all. */
async function dutiesOf({ api, me }: Visitor): Promise<readonly Duty[]> {
  if (me === undefined) throw new UnauthorizedException();
  return (await api.call('get', '/api/evaluations', { query: { limit: 200 } })).items;
}
