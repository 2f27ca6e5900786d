/** What is read about tenders. */
import { RULE_PACKS, packDocument } from '@segel/procurement';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Answers } from '../platform/http/answers.js';
import { DocumentsService } from './documents.service.js';
import { TenderPageView } from './search.views.js';
import { TenderSearch } from './tender-search.js';
import { packSummary, TendersService } from './tenders.service.js';
import { TenderListQuery } from './tenders.dto.js';
import { NoticeEntryView, OpenerKeyView, RulePackView, TenderView } from './tenders.views.js';
import { TenderDocumentParams, TenderParams, TenderTermsParams } from './tender-params.dto.js';
import { visibleTender } from './visible.js';

@Controller('api')
@Allow('public')
export class TendersController {
  constructor(
    private readonly tenders: TendersService,
    private readonly search: TenderSearch,
    private readonly documents: DocumentsService,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  @Get('tenders')
  @Answers(200, TenderPageView)
  async list(@CurrentActor() actor: Actor, @Query() query: TenderListQuery): Promise<object> {
    return query.mine === undefined ? this.search.find(query) : this.tenders.mine(actor, query);
  }

  @Get('rule-packs')
  @Answers(200, [RulePackView])
  rulePacks(): object[] {
    const packs = RULE_PACKS.filter((pack) => !(this.config.production && pack.demonstration));
    return packs.map((pack) => ({ ...packSummary(pack), document: packDocument(pack).document }));
  }

  @Get('tenders/:tenderId')
  @Answers(200, TenderView)
  async view(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<object> {
    return this.tenders.view(actor, tenderId);
  }

  @Get('tenders/:tenderId/terms/:version')
  @Answers(200, 'text', 'The canonical terms document, whose hash the notice states.')
  async terms(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, version }: TenderTermsParams,
  ): Promise<StreamableFile> {
    const bytes = await this.tenders.termsBytes(actor, tenderId, version);
    return new StreamableFile(bytes, { type: 'application/json' });
  }

  @Get('tenders/:tenderId/opener-keys')
  @Answers(200, [OpenerKeyView])
  async openerKeys(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<readonly object[]> {
    return this.tenders.openerKeys(actor, tenderId);
  }

  @Get('tenders/:tenderId/notices')
  @Answers(200, [NoticeEntryView])
  async notices(@CurrentActor() actor: Actor, @Param() { tenderId }: TenderParams): Promise<readonly object[]> {
    return this.tenders.notices(actor, tenderId);
  }

  @Get('tenders/:tenderId/documents/:documentId')
  @Answers(200, 'text', 'The bytes of the file.')
  async document(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, documentId }: TenderDocumentParams,
  ): Promise<StreamableFile> {
    const tender = await visibleTender(this.database, actor, tenderId);
    const { file, bytes } = await this.documents.read(actor, tender, documentId);
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`;
    return new StreamableFile(bytes, { type: file.mediaType, disposition });
  }
}
