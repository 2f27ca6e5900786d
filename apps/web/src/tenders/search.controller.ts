import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WebConfig } from '../config.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { searchPage } from './search-page.js';
import { askedOf, readQuery, type SearchQuery } from './search-query.js';
import { toAtom, toCsv } from './search-formats.js';
import type { FoundTender } from './tender-list.js';

const PAGE = 20;
/** A table holds so many rows at most, a feed the newest. */
const ROWS = { csv: 2000, atom: 50 } as const;

@Controller(['', 'en'])
export class SearchController {
  constructor(private readonly config: WebConfig) {}

  @Get('tender')
  async search(@Visit() visitor: Visitor, @Query() given: Readonly<Record<string, unknown>>): Promise<Page> {
    const query = readQuery(given);
    const found = await visitor.api.call('get', '/api/tenders', { query: { ...askedOf(query), limit: PAGE } });
    return searchPage(visitor, query, found);
  }

  @Get('tender.csv')
  async csv(
    @Visit() visitor: Visitor,
    @Query() given: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const rows = await this.all(visitor, readQuery(given), ROWS.csv);
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="tender.csv"');
    return toCsv(visitor, rows, this.config.settings.WEB_PUBLIC_URL);
  }

  @Get('tender.atom')
  async atom(
    @Visit() visitor: Visitor,
    @Query() given: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const query: SearchQuery = { ...readQuery(given), order: 'newest' };
    void reply.header('content-type', 'application/atom+xml; charset=utf-8');
    return toAtom(visitor, await this.all(visitor, query, ROWS.atom), this.config.settings.WEB_PUBLIC_URL);
  }

  /** Page after page, up to a limit. */
  private async all({ api }: Visitor, query: SearchQuery, most: number): Promise<readonly FoundTender[]> {
    const rows: FoundTender[] = [];
    for (let after: string | undefined; ;) {
      const asked = { ...askedOf({ ...query, after }), limit: Math.min(200, most - rows.length) };
      const { items, next } = await api.call('get', '/api/tenders', { query: asked });
      rows.push(...items);
      if (next === undefined || rows.length >= most) return rows;
      after = next;
    }
  }
}
