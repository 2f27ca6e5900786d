import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { attachmentOf, TAKES_FRAMED } from '../platform/http/framed.js';
import { BidAdmission } from './bid-admission.js';
import { BidChanges } from './bid-changes.js';
import { BidDeliveries } from './bid-delivery.js';
import { BidPath, ChangedBidView, SignatureDto, SubmitBidDto, SubmittedBidView, TenderPath } from './bids.dto.js';

/** What vendors do with bids. */
@Controller('api/tenders/:tenderId')
@Allow({ roles: ['vendor'] })
export class BidsController {
  constructor(
    private readonly admission: BidAdmission,
    private readonly changes: BidChanges,
    private readonly deliveries: BidDeliveries,
  ) {}

  @Post('bids')
  @RouteConfig(TAKES_FRAMED)
  @Answers(
    201,
    SubmittedBidView,
    'The bid is recorded; the receipt follows when the log is published. A ciphertext of up to 1 MiB may come with it: the body is then of type application/vnd.segel.framed, the length of this JSON (four bytes, big-endian), the JSON, the ciphertext.',
  )
  async submit(
    @CurrentActor() actor: Actor,
    @Param() { tenderId }: TenderPath,
    @Body() dto: SubmitBidDto,
    @Req() request: FastifyRequest,
  ): Promise<SubmittedBidView> {
    const whole = attachmentOf(request);
    return this.admission.submit(actor, tenderId, dto, whole) as Promise<SubmittedBidView>;
  }

  @Post('bids/:bidId/delivery')
  @HttpCode(200)
  @Answers(200, ChangedBidView, 'All sealed files of a bid that was committed before are stored; may be asked again.')
  async deliver(@CurrentActor() actor: Actor, @Param() { tenderId, bidId }: BidPath): Promise<ChangedBidView> {
    return this.deliveries.deliver(actor, tenderId, bidId) as Promise<ChangedBidView>;
  }

  @Post('bids/:bidId/withdrawal')
  @Answers(201, ChangedBidView, 'The bid is withdrawn; former versions do not come back.')
  async withdraw(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId }: BidPath,
    @Body() signature: SignatureDto,
  ): Promise<ChangedBidView> {
    return this.changes.withdraw(actor, tenderId, bidId, signature) as Promise<ChangedBidView>;
  }

  @Post('bids/:bidId/reconfirmation')
  @Answers(201, ChangedBidView, 'The bid stands under the latest notice.')
  async reconfirm(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, bidId }: BidPath,
    @Body() signature: SignatureDto,
  ): Promise<ChangedBidView> {
    return this.changes.reconfirm(actor, tenderId, bidId, signature) as Promise<ChangedBidView>;
  }
}
