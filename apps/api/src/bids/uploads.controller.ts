import { fromHex } from '@segel/encoding';
import { Body, Controller, Delete, Head, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { AnnouncementDto, MissingPartsView, PartPath } from './uploads.dto.js';
import { TenderPath } from './bids.dto.js';
import { Uploads } from './uploads.js';

/** Sending the parts of a sealed bid, each by the tus protocol (1.0.0) at an address that its hash gives it. */
@Controller('api/tenders/:tenderId/uploads')
@Allow({ roles: ['vendor'] })
export class UploadsController {
  constructor(private readonly uploads: Uploads) {}

  @Post()
  @HttpCode(200)
  @Answers(200, MissingPartsView, 'Says which parts will come, and is told which of them have not arrived yet.')
  async announce(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderPath,
    @Body() { parts }: AnnouncementDto,
  ): Promise<MissingPartsView> {
    return { missing: await this.uploads.announce(actor, tenderId, parts) };
  }

  @Post(':sha256')
  @HttpCode(201)
  @Answers(
    201,
    'nothing',
    'tus creation, with the bytes of the part or without. `Upload-Offset` says how many arrived.',
  )
  async begin(
    @CurrentActor() actor: Actor,
    @Param() path: PartPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.transfer(actor, path, request, reply);
    void reply.header('location', request.url);
  }

  @Head(':sha256')
  @Answers(200, 'nothing', 'tus: how many bytes of the part have arrived.')
  async offset(
    @CurrentActor() actor: Actor,
    @Param() path: PartPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.transfer(actor, path, request, reply);
  }

  @Patch(':sha256')
  @HttpCode(204)
  @Answers(204, 'nothing', 'tus: more bytes of the part. Complete, they must have the hash of the address (else 460).')
  async goOn(
    @CurrentActor() actor: Actor,
    @Param() path: PartPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.transfer(actor, path, request, reply);
  }

  @Delete(':sha256')
  @HttpCode(204)
  @Answers(204, 'nothing', 'tus termination: what arrived of an unfinished part is removed.')
  async end(
    @CurrentActor() actor: Actor,
    @Param() path: PartPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.transfer(actor, path, request, reply);
  }

  private async transfer(
    actor: Actor,
    { tenderId, sha256 }: PartPath,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.uploads.transfer(actor, tenderId, fromHex(sha256), request.raw);
    void reply.headers(answer.headers);
  }
}
