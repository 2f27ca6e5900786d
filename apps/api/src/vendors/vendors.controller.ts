import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { PageQuery } from '../platform/http/page.js';
import { ExclusionsService } from './exclusions.service.js';
import { RegistrationService } from './registration.service.js';
import { VendorDocumentsService } from './vendor-documents.service.js';
import { VendorDraftsService } from './vendor-drafts.service.js';
import * as dto from './vendors.dto.js';
import { VendorsReads } from './vendors.reads.js';

@Controller('api')
export class VendorsController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly drafts: VendorDraftsService,
    private readonly documents: VendorDocumentsService,
    private readonly exclusions: ExclusionsService,
    private readonly reads: VendorsReads,
  ) {}

  @Post('vendors')
  @Allow('signed_in')
  @Answers(201, dto.VendorState)
  async register(@CurrentActor() actor: Actor, @Body() body: dto.NewVendor): Promise<dto.VendorState> {
    return this.registration.register(actor, body);
  }

  @Put('vendor-draft')
  @Allow('signed_in')
  @Answers(200, dto.VendorDraftView, 'The draft of one’s own registration, saved over.')
  async saveDraft(
    @CurrentActor() actor: Actor,
    @Body() { record }: dto.VendorDraftRequest,
  ): Promise<dto.VendorDraftView> {
    return this.drafts.save(actor, record);
  }

  @Get('vendor-draft')
  @Allow('signed_in')
  @Answers(200, dto.VendorDraftView)
  async draft(@CurrentActor() actor: Actor): Promise<dto.VendorDraftView> {
    return this.drafts.read(actor);
  }

  @Get('vendors')
  @Allow({ roles: ['operator', 'auditor'] })
  @Answers(200, dto.VendorPage)
  async list(@Query() query: dto.VendorsQuery): Promise<dto.VendorPage> {
    return this.reads.list(query);
  }

  @Get('vendors/:vendorId')
  @Allow({ roles: ['vendor', 'operator', 'auditor'] })
  @Answers(200, dto.VendorView)
  async one(@CurrentActor() actor: Actor, @Param() { vendorId }: dto.VendorParam): Promise<dto.VendorView> {
    return this.reads.one(actor, vendorId);
  }

  @Post('vendors/:vendorId/documents')
  @Allow({ roles: ['vendor'] })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answers(201, dto.VendorDocumentView, 'Up to 8 MiB.')
  async addDocument(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.VendorParam,
    @Query() query: dto.VendorDocumentQuery,
    @Body() bytes: unknown,
  ): Promise<dto.VendorDocumentView> {
    return this.documents.add(actor, vendorId, query, bytes);
  }

  @Get('vendors/:vendorId/documents/:documentId')
  @Allow({ roles: ['vendor', 'operator', 'auditor'] })
  @Answers(200, 'text', 'The bytes. Who is not of the company leaves an entry by reading.')
  async document(
    @CurrentActor() actor: Actor,
    @Param() { vendorId, documentId }: dto.VendorDocumentParam,
  ): Promise<StreamableFile> {
    const { row, bytes } = await this.documents.read(actor, vendorId, documentId);
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(row.fileName)}`;
    return new StreamableFile(bytes, { type: row.mediaType, length: row.sizeBytes, disposition });
  }

  @Post('vendors/:vendorId/decisions')
  @Allow({ roles: ['operator'] })
  @Answers(201, dto.VendorState)
  async decide(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.VendorParam,
    @Body() body: dto.DecisionRequest,
  ): Promise<dto.VendorState> {
    return this.registration.decide(actor, vendorId, body);
  }

  @Post('vendors/:vendorId/exclusions')
  @Allow({ roles: ['award_authority'] })
  @Answers(201, dto.ExclusionState)
  async exclude(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.VendorParam,
    @Body() body: dto.ExclusionRequest,
  ): Promise<dto.ExclusionState> {
    return this.exclusions.exclude(actor, vendorId, body);
  }

  @Post('vendors/:vendorId/reinstatement')
  @HttpCode(204)
  @Allow({ roles: ['award_authority'] })
  @Answers(204, 'nothing')
  async reinstate(
    @CurrentActor() actor: Actor,
    @Param() { vendorId }: dto.VendorParam,
    @Body() { reason }: dto.Reinstatement,
  ): Promise<void> {
    await this.exclusions.reinstate(actor, vendorId, reason);
  }

  @Get('vendor-exclusions')
  @Allow('public')
  @Answers(200, dto.ExclusionPage)
  async excluded(@Query() query: PageQuery): Promise<dto.ExclusionPage> {
    return this.exclusions.list(query);
  }
}
