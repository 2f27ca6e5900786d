import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../platform/auth/actor.js';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import { Answers } from '../platform/http/answers.js';
import { Documents } from './documents.service.js';
import { Minutes } from './minutes.service.js';
import {
  BidDocumentParams,
  BidParams,
  BoxParams,
  DocumentQuery,
  MinutesView,
  OpeningParams,
  PublicReleaseView,
  ReleaseRequest,
  ReleaseSetView,
  ReleaseView,
  SeedRequest,
} from './openings.dto.js';
import { SeedDisclosures } from './seed-disclosures.service.js';
import { ShareReleases } from './share-releases.service.js';

@Controller('api/tenders/:tenderId')
export class OpeningsController {
  constructor(
    private readonly releases: ShareReleases,
    private readonly minutes: Minutes,
    private readonly documents: Documents,
    private readonly seeds: SeedDisclosures,
  ) {}

  @Get('boxes/:boxId/release-set')
  @Allow({ roles: ['opener'], on: 'tender' })
  @Answers(200, ReleaseSetView, 'What an opener releases shares of: checked by its own client before it does.')
  async releaseSet(@CurrentActor() actor: Actor, @Param() { tenderId, boxId }: BoxParams): Promise<ReleaseSetView> {
    return this.releases.releaseSet(actor, tenderId, boxId);
  }

  @Post('boxes/:boxId/releases')
  @Allow({ roles: ['opener'], on: 'tender' })
  @Answers(201, ReleaseView, 'The shares of every bid of the box, or nothing.')
  async release(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, boxId }: BoxParams,
    @Body() request: ReleaseRequest,
  ): Promise<ReleaseView> {
    return this.releases.release(actor, tenderId, boxId, request);
  }

  @Post('bids/:bidId/seed')
  @HttpCode(204)
  @Allow({ roles: ['vendor'] })
  @Answers(204, 'nothing', 'Kept until every bid of the box can be opened.')
  async discloseSeed(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId }: BidParams,
    @Body() { seed }: SeedRequest,
  ): Promise<void> {
    await this.seeds.disclose(actor, tenderId, bidId, seed);
  }

  @Get('opening')
  @Allow('public')
  @Answers(200, MinutesView, 'The minutes of the opening, once it is completed.')
  async opening(@Param() { tenderId }: OpeningParams): Promise<MinutesView> {
    return this.minutes.ofTender(tenderId);
  }

  @Get('releases')
  @Allow('public')
  @Answers(200, [PublicReleaseView], 'Which openers have released their shares so far, oldest first. Never a share.')
  async released(@Param() { tenderId }: OpeningParams): Promise<readonly PublicReleaseView[]> {
    return this.minutes.releases(tenderId);
  }

  @Get('bids/:bidId/documents/:position')
  @Allow('signed_in')
  @Header('cache-control', 'no-store')
  @Header('x-content-type-options', 'nosniff')
  @Answers(
    200,
    'document',
    'One document of an opened bid, as the vendor sealed it. `x-segel-scan` says what is known.',
  )
  async document(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId, position }: BidDocumentParams,
    @Query() { infected }: DocumentQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const wanted = { position, infected: infected === 'true' };
    const { path, sizeBytes, scan, bytes } = await this.documents.read(actor, tenderId, bidId, wanted);
    void reply.header('x-segel-scan', scan);
    return new StreamableFile(bytes, {
      type: 'application/octet-stream',
      length: sizeBytes,
      disposition: attachment(path),
    });
  }
}

/** RFC 6266 with the RFC 8187 form only: it carries every name, and nothing of it can leave the quotes. */
function attachment(path: string): string {
  const name = encodeURIComponent(path.split('/').at(-1)!).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename*=UTF-8''${name}`;
}
