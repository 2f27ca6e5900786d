import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { checkerPage } from '../auditing/checker-page.js';
import { WebConfig } from '../config.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { checkPage, leafPage } from './check-pages.js';
import { entryCheckPage, missingEntryPage } from './entry-check-page.js';
import { readLeaf, readLog, readPolicy, readWitnesses, type Reader } from './log-reader.js';
import { statusPage } from './status-page.js';

const INDEX = /^\d{1,15}$/;

@Controller(['', 'en'])
export class StatusController {
  constructor(private readonly config: WebConfig) {}

  @Get('status')
  async status(@Visit() visitor: Visitor): Promise<Page> {
    const reader = this.readerFor(visitor);
    const [health, bidding, log, witnesses] = await Promise.all([
      visitor.api.call('get', '/api/health'),
      visitor.api.call('get', '/api/health/bidding'),
      readLog(reader),
      readWitnesses(reader),
    ]);
    return statusPage(visitor, { health, bidding, log, witnesses });
  }

  @Get('audit')
  async check(@Visit() visitor: Visitor): Promise<Page> {
    const reader = this.readerFor(visitor);
    const [log, witnesses] = await Promise.all([readLog(reader), readWitnesses(reader)]);
    return checkPage(visitor, { log, witnesses, url: this.config.settings.WEB_PUBLIC_URL });
  }

  @Get('audit/periksa')
  async proofs(@Visit() visitor: Visitor): Promise<Page> {
    return checkerPage(visitor, await readPolicy(this.readerFor(visitor)));
  }

  @Get('audit/entri/:index')
  async leaf(@Visit() visitor: Visitor, @Param('index') index: string): Promise<Page> {
    const reader = this.readerFor(visitor);
    const size = (await readLog(reader))?.size ?? 0;
    const n = INDEX.test(index) ? Number(index) : -1;
    const [leaf, policy] = await Promise.all([readLeaf(reader, size, n), readPolicy(reader)]);
    return leafPage(visitor, { index: n, size, leaf, policy });
  }

  /** Where the QR codes of documents lead; what follows their # never reaches us. */
  @Get('r/:index')
  async entryCheck(@Visit() visitor: Visitor, @Param('index') index: string): Promise<Page> {
    if (!INDEX.test(index)) throw new NotFoundException();
    const reader = this.readerFor(visitor);
    const size = (await readLog(reader))?.size ?? 0;
    const n = Number(index);
    if (n >= size) return missingEntryPage(visitor, n, size);
    const [leaf, policy] = await Promise.all([readLeaf(reader, size, n), readPolicy(reader)]);
    return entryCheckPage(visitor, n, leaf, policy);
  }

  private readerFor({ client }: Visitor): Reader {
    return { api: this.config.settings.API_URL, client };
  }
}
