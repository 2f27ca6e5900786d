import { Refusal } from '@segel/procurement';
import { Body, Controller, Get, Header, HttpCode, Param, Put, Query } from '@nestjs/common';
import { fromHex, isUuidV7 } from '@segel/encoding';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { BidReads } from './bid-reads.js';
import { HeldBids } from './held-bids.js';
import * as dto from './bids.dto.js';

/** What vendors see of their own bids. */
@Controller('api')
@Allow({ roles: ['vendor'] })
export class OwnBidsController {
  constructor(
    private readonly reads: BidReads,
    private readonly held: HeldBids,
  ) {}

  @Get('bids')
  @Answers(200, dto.OwnBidsPage, 'The vendor’s own bids, newest first.')
  async list(@CurrentActor() actor: Actor, @Query() query: dto.OwnBidsQuery): Promise<dto.OwnBidsPage> {
    const { after } = query;
    if (after !== undefined && !isUuidV7(after)) throw new Refusal('request_malformed', '`after` is not of a page.');
    return this.reads.list(actor, query);
  }

  @Get('tenders/:tenderId/bids/:bidId')
  @Answers(200, dto.OwnBidView)
  async one(@CurrentActor() actor: Actor, @Param() { tenderId, bidId }: dto.BidPath): Promise<dto.OwnBidView> {
    return this.reads.one(actor, tenderId, bidId);
  }

  @Get('tenders/:tenderId/bids/:bidId/damage')
  @Header('cache-control', 'no-store')
  @Answers(200, dto.BidDamageView, 'What of the bid our store damaged or lost: send these bytes again, at any time.')
  async damage(@CurrentActor() actor: Actor, @Param() { tenderId, bidId }: dto.BidPath): Promise<dto.BidDamageView> {
    return { damaged: await this.held.damaged(actor, tenderId, bidId) };
  }

  @Put('tenders/:tenderId/bids/:bidId/damage/:sha256')
  @HttpCode(204)
  @Answers(204, 'nothing', 'The bytes are whole again. They must have the hash of the address.')
  async restore(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId, sha256 }: dto.DamagePath,
    @Body() bytes: Buffer,
  ): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw new Refusal('request_malformed', 'These are application/octet-stream.');
    await this.held.restore(actor, { tenderId, bidId, sha256: fromHex(sha256) }, bytes);
  }

  @Get('tenders/:tenderId/bids/:bidId/receipt')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Answers(200, 'text', 'c2sp.org/tlog-proof of the entry, with its opening: verify it before believing us.')
  async receipt(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId }: dto.BidPath,
    @Query() { waitMs, of }: dto.ReceiptQuery,
  ): Promise<string> {
    return this.reads.receipt(actor, tenderId, bidId, of ?? 'submission', waitMs ?? 0);
  }
}
