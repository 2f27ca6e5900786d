import { Controller, Get, NotFoundException, Param, Query, UnauthorizedException } from '@nestjs/common';
import { WebConfig } from '../config.js';
import { Visit, type Visitor } from '../http/visitor.js';
import type { Page } from '../look/page.js';
import { readPolicy } from '../public/log-reader.js';
import { awardDocument } from './award.js';
import type { Edition } from './letter.js';
import { minutesDocument } from './minutes.js';
import { Pdfs } from './pdfs.js';
import { receiptDocument } from './receipt.js';
import { soonPage } from './trouble-pages.js';

/** How long a page waits for an entry to be published. */
const WAIT_MS = 5000;

type Answer = Promise<Buffer | Page>;

/** Documents to print and keep. Who may have which is the API's to say. */
@Controller(['tender', 'en/tender'])
export class DocumentsController {
  constructor(
    private readonly config: WebConfig,
    private readonly pdfs: Pdfs,
  ) {}

  /** Of all opened lots, or of one. */
  @Get(':tenderId/berita-acara.pdf')
  async minutes(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('lot') lot: string | undefined,
  ): Answer {
    const path = { tenderId };
    const [tender, minutes] = await Promise.all([
      visitor.api.call('get', '/api/tenders/{tenderId}', { path }),
      visitor.api.find('/api/tenders/{tenderId}/opening', { path }),
    ]);
    const lots = minutes?.lots.filter(({ lotId }) => lot === undefined || lotId === lot) ?? [];
    if (lots.length === 0) throw new NotFoundException();
    const document = minutesDocument(this.edition(visitor), tender, lots);
    if (document === undefined) return soonPage(visitor, tenderId);
    return this.pdfs.answer(visitor, document, { name: visitor.t('doc.file.minutes'), tenderId, shared: true });
  }

  /** Of all lots whose award was announced, or of one. */
  @Get(':tenderId/penetapan.pdf')
  async award(
    @Visit() visitor: Visitor,
    @Param('tenderId') tenderId: string,
    @Query('lot') lot: string | undefined,
  ): Answer {
    const { api, t } = visitor;
    const path = { tenderId };
    const [tender, minutes] = await Promise.all([
      api.call('get', '/api/tenders/{tenderId}', { path }),
      api.find('/api/tenders/{tenderId}/opening', { path }),
    ]);
    const lots = tender.lots.filter(({ id }) => lot === undefined || id === lot);
    const views = await Promise.all(
      lots.map(({ id }) => api.find('/api/tenders/{tenderId}/lots/{lotId}/award', { path: { tenderId, lotId: id } })),
    );
    // The award authority also sees drafts here: what is printed is what was announced.
    const awards = views.filter((view) => view?.award !== undefined).map((view) => view!);
    if (awards.length === 0) throw new NotFoundException();
    const bidders = new Map(
      minutes?.lots.flatMap(({ bids }) => bids.map(({ bidId, vendorName }) => [bidId, vendorName] as const)),
    );
    const document = awardDocument(this.edition(visitor), { tender, awards, bidders });
    if (document === undefined) return soonPage(visitor, tenderId);
    return this.pdfs.answer(visitor, document, { name: t('doc.file.award'), tenderId, shared: true });
  }

  @Get(':tenderId/penawaran/:bidId/tanda-terima.pdf')
  async receipt(@Visit() visitor: Visitor, @Param('tenderId') tenderId: string, @Param('bidId') bidId: string): Answer {
    const { api, me, t, client } = visitor;
    if (me?.vendorId === undefined) throw me === undefined ? new UnauthorizedException() : new NotFoundException();
    const path = { tenderId, bidId };
    const bid = await api.call('get', '/api/tenders/{tenderId}/bids/{bidId}', { path });
    const [tender, vendor, receipt, policy] = await Promise.all([
      api.call('get', '/api/tenders/{tenderId}', { path: { tenderId } }),
      api.call('get', '/api/vendors/{vendorId}', { path: { vendorId: me.vendorId } }),
      api.find('/api/tenders/{tenderId}/bids/{bidId}/receipt', { path, query: { waitMs: WAIT_MS } }),
      readPolicy({ api: this.config.settings.API_URL, client }),
    ]);
    if (receipt === undefined || policy === undefined) return soonPage(visitor, tenderId);
    const facts = { tender, bid, vendorName: vendor.name, receipt, policy };
    const document = receiptDocument(this.edition(visitor), facts);
    return this.pdfs.answer(visitor, document, { name: t('doc.file.receipt'), tenderId, shared: false });
  }

  private edition({ t, f, locale }: Visitor): Edition {
    return { t, f, locale, url: this.config.settings.WEB_PUBLIC_URL };
  }
}
