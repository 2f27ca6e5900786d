import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { attempt, seeOther, text, type Form, type Wrong } from '../http/form.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { bidPage } from './bid-page.js';
import { findingOf, findingTyped } from './finding-form.js';
import { lotFacts, placeOf, type LotFacts } from './lot-facts.js';
import { lotPage } from './lot-page.js';
import { matrixCsv } from './matrix-csv.js';

const LOT = 'kerja/evaluasi/:tenderId/:lotId';
type Place = { readonly tenderId: string; readonly lotId: string };
type BidPlace = Place & { readonly bidId: string };

/** One lot under evaluation, for who declared that there is no conflict of interest. */
@Controller(['', 'en'])
export class FindingsController {
  @Get(LOT)
  async lot(@Visit() visitor: Visitor, @Param() place: Place, @Query('selesai') done: unknown): Promise<Page | void> {
    return this.lotSaying(visitor, place, { signed: done === '1' });
  }

  @Get(`${LOT}/matriks.csv`)
  async matrix(
    @Visit() visitor: Visitor,
    @Param() place: Place,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | void> {
    const facts = await factsFor(visitor, place);
    if (facts === undefined) return;
    void reply.header('content-type', 'text/csv; charset=utf-8').header('cache-control', 'no-store');
    void reply.header('content-disposition', 'attachment; filename="matriks.csv"');
    return matrixCsv(visitor, facts);
  }

  @Post(`${LOT}/hasil`)
  @HttpCode(200)
  async sign(@Visit() visitor: Visitor, @Param() place: Place, @Body() form: Form): Promise<Page | void> {
    const body = { resultSha256: text(form, 'resultSha256'), key: text(form, 'key'), sig: text(form, 'sig') };
    const { tenderId, lotId } = place;
    const signed = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/lots/{lotId}/evaluation', { path: { tenderId, lotId }, body }),
    );
    if ('wrong' in signed) return this.lotSaying(visitor, place, { wrong: signed.wrong });
    return seeOther(visitor, `/kerja/evaluasi/${tenderId}/${lotId}?selesai=1`);
  }

  @Get(`${LOT}/:bidId`)
  async bid(
    @Visit() visitor: Visitor,
    @Param() place: BidPlace,
    @Query('selesai') done: unknown,
  ): Promise<Page | void> {
    return this.bidSaying(visitor, place, { done: done === '1' });
  }

  @Post(`${LOT}/:bidId`)
  @HttpCode(200)
  async find(@Visit() visitor: Visitor, @Param() place: BidPlace, @Body() form: Form): Promise<Page | void> {
    const { tenderId, lotId, bidId } = place;
    const typed = findingTyped(form);
    const finding = findingOf(visitor, bidId, typed);
    if ('wrong' in finding) {
      void visitor.reply.status(422);
      return this.bidSaying(visitor, place, { wrong: finding.wrong, typed });
    }
    const path = { tenderId, lotId };
    const found = await attempt(visitor, () =>
      visitor.api.call('post', '/api/tenders/{tenderId}/lots/{lotId}/findings', { path, body: finding.body }),
    );
    if ('wrong' in found) return this.bidSaying(visitor, place, { wrong: found.wrong, typed });
    return seeOther(visitor, `/kerja/evaluasi/${tenderId}/${lotId}/${bidId}?selesai=1`);
  }

  private async lotSaying(
    visitor: Visitor,
    place: Place,
    said: { wrong?: Wrong; signed?: boolean },
  ): Promise<Page | void> {
    const facts = await factsFor(visitor, place);
    return facts && lotPage(visitor, facts, said);
  }

  private async bidSaying(
    visitor: Visitor,
    place: BidPlace,
    said: Parameters<typeof bidPage>[3],
  ): Promise<Page | void> {
    const facts = await factsFor(visitor, place);
    if (facts === undefined) return;
    const bid = facts.bids.find(({ id }) => id === place.bidId);
    if (bid === undefined) throw new NotFoundException();
    return bidPage(visitor, facts, bid, said);
  }
}

/** The lot; or nothing, and the visitor is on the way to the page that asks for the declaration. */
async function factsFor(visitor: Visitor, { tenderId, lotId }: Place): Promise<LotFacts | undefined> {
  if (visitor.me === undefined) throw new UnauthorizedException();
  const path = { tenderId };
  const [tender, committee] = await Promise.all([
    visitor.api.call('get', '/api/tenders/{tenderId}', { path }),
    visitor.api.call('get', '/api/tenders/{tenderId}/committee', { path }),
  ]);
  if (placeOf(visitor, committee) === 'member') return lotFacts(visitor, { tender, committee, lotId });
  await seeOther(visitor, `/kerja/evaluasi/${tenderId}`);
  return undefined;
}
