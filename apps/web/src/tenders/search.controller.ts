import { Controller, Get, HttpStatus, Query, Res, ServiceUnavailableException, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WebConfig } from '../config.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { searchPage } from './search-page.js';
import { wrongInWords } from './search-parts.js';
import { askedOf, readQuery, type SearchQuery } from './search-query.js';
import { toAtom, toCsv } from './search-formats.js';
import { toSheet } from './search-sheet.js';
import type { FoundTender } from './tender-list.js';

const PAGE = 20;
/** A table holds so many rows at most, a feed the newest. */
const ROWS = { table: 2000, atom: 50 } as const;
const TABLES_AT_ONCE = 4;
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

type Given = Readonly<Record<string, unknown>>;

@Controller(['', 'en'])
export class SearchController {
  /** Tables being made: each asks for thousands of rows, and strangers ask for them. */
  private tables = 0;

  constructor(private readonly config: WebConfig) {}

  @Get('tender')
  async search(@Visit() visitor: Visitor, @Query() given: Given): Promise<Page> {
    const asked = readQuery(given);
    const packs = visitor.api.call('get', '/api/rule-packs');
    if (asked.wrong.length > 0) {
      void visitor.reply.status(HttpStatus.BAD_REQUEST);
      return searchPage(visitor, asked, await packs, undefined);
    }
    const query = { ...askedOf(asked.query), limit: PAGE };
    const [found, methods] = await Promise.all([visitor.api.call('get', '/api/tenders', { query }), packs]);
    return searchPage(visitor, asked, methods, found);
  }

  @Get('tender.csv')
  async csv(
    @Visit() visitor: Visitor,
    @Query() given: Given,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const rows = await this.rows(visitor, given, ROWS.table);
    if (typeof rows === 'string') return rows;
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="tender.csv"');
    return toCsv(visitor, rows, this.config.settings.WEB_PUBLIC_URL);
  }

  @Get('tender.xlsx')
  async sheet(@Visit() visitor: Visitor, @Query() given: Given): Promise<StreamableFile | string> {
    const rows = await this.rows(visitor, given, ROWS.table);
    if (typeof rows === 'string') return rows;
    const bytes = await toSheet(visitor, rows, this.config.settings.WEB_PUBLIC_URL);
    return new StreamableFile(bytes, { type: WORKBOOK, disposition: 'attachment; filename="tender.xlsx"' });
  }

  @Get('tender.atom')
  async atom(
    @Visit() visitor: Visitor,
    @Query() given: Given,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const rows = await this.rows(visitor, { ...given, urut: 'newest' }, ROWS.atom);
    if (typeof rows === 'string') return rows;
    void reply.header('content-type', 'application/atom+xml; charset=utf-8');
    return toAtom(visitor, rows, this.config.settings.WEB_PUBLIC_URL);
  }

  /** Page after page, up to a limit; or what could not be read, for the program that asked. */
  private async rows(visitor: Visitor, given: Given, most: number): Promise<readonly FoundTender[] | string> {
    const { query, wrong } = readQuery(given);
    if (wrong.length === 0) return this.inTurn(() => all(visitor, query, most));
    void visitor.reply.status(HttpStatus.BAD_REQUEST).header('content-type', 'text/plain; charset=utf-8');
    return `${wrong.map((one) => wrongInWords(visitor, one)).join('\n')}\n`;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.tables >= TABLES_AT_ONCE) throw new ServiceUnavailableException();
    this.tables += 1;
    try {
      return await work();
    } finally {
      this.tables -= 1;
    }
  }
}

async function all({ api }: Visitor, query: SearchQuery, most: number): Promise<readonly FoundTender[]> {
  const rows: FoundTender[] = [];
  for (let after: string | undefined; ;) {
    const asked = { ...askedOf({ ...query, after }), limit: Math.min(200, most - rows.length) };
    const { items, next } = await api.call('get', '/api/tenders', { query: asked });
    rows.push(...items);
    if (next === undefined || rows.length >= most) return rows;
    after = next;
  }
}
