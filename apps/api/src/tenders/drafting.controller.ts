/** Acts of the team on a tender. Shape only: who may do what in which state is decided by the rules. */
import { demand } from '@segel/procurement';
import { Body, Controller, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { DocumentsService } from './documents.service.js';
import { DraftingService } from './drafting.service.js';
import { OpenerKeysService } from './opener-keys.service.js';
import { TeamService } from './team.service.js';
import { TenderParams } from './tender-params.dto.js';
import {
  ChangeTermsDto,
  CreateTenderDto,
  DocumentQuery,
  ImportTenderDto,
  KeyRevocationDto,
  OpenerKeyDto,
  TeamMemberDto,
} from './tenders.dto.js';
import { DraftedView, ImportedView, OpenerKeyView, RevokedOpenerKeyView } from './tenders.views.js';
import { TenderDocumentDto } from './terms.dto.js';

@Controller('api/tenders')
export class DraftingController {
  constructor(
    private readonly drafting: DraftingService,
    private readonly team: TeamService,
    private readonly documents: DocumentsService,
    private readonly openerKeys: OpenerKeysService,
  ) {}

  @Post()
  @Allow({ roles: ['preparer'] })
  @Answers(201, DraftedView)
  async create(@CurrentActor() actor: Actor, @Body() { buyerId, terms }: CreateTenderDto): Promise<object> {
    return this.drafting.create(actor, buyerId, terms);
  }

  @Post('imports')
  @Allow({ roles: ['preparer'] })
  @Answers(201, ImportedView)
  async import(@CurrentActor() actor: Actor, @Body() input: ImportTenderDto): Promise<object> {
    return this.drafting.import(actor, input);
  }

  @Put(':tenderId/terms')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(200, DraftedView)
  async change(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { version, terms }: ChangeTermsDto,
  ): Promise<object> {
    return this.drafting.change(actor, tenderId, version, terms);
  }

  @Post(':tenderId/team')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(201, TeamMemberDto)
  async addMember(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() member: TeamMemberDto,
  ): Promise<object> {
    return this.team.add(actor, tenderId, member);
  }

  @Post(':tenderId/team/removal')
  @HttpCode(200)
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(200, TeamMemberDto)
  async removeMember(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() member: TeamMemberDto,
  ): Promise<object> {
    return this.team.remove(actor, tenderId, member);
  }

  @Post(':tenderId/documents')
  @Allow({ roles: ['preparer'], on: 'tender' })
  @Answers(201, TenderDocumentDto)
  async addDocument(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Query() { kind, title, fileName, mediaType }: DocumentQuery,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const bytes = request.body;
    demand(bytes instanceof Uint8Array, 'request_malformed', 'Send the file as application/octet-stream.');
    return this.documents.add(actor, tenderId, { kind, title, fileName, mediaType }, bytes);
  }

  @Post(':tenderId/opener-keys')
  @Allow({ roles: ['opener'], on: 'tender' })
  @Answers(201, OpenerKeyView)
  async registerKey(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() { suite, recipient, key, sig }: OpenerKeyDto,
  ): Promise<object> {
    return this.openerKeys.register(actor, tenderId, { suite, recipient, key, sig });
  }

  @Post(':tenderId/opener-keys/revocation')
  @HttpCode(200)
  @Allow({ roles: ['opener'], on: 'tender' })
  @Answers(200, RevokedOpenerKeyView, 'The opener lost the key, or it is in other hands.')
  async revokeKey(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderParams,
    @Body() signature: KeyRevocationDto,
  ): Promise<object> {
    return this.openerKeys.revoke(actor, tenderId, signature);
  }
}
