import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { SignatureDto, TenderPath } from './bids.dto.js';
import { Boxes } from './boxes.js';
import { AttestationView, BoxPath, BoxView } from './boxes.dto.js';
import { Kits } from './kit.js';
import { KitView } from './kit.dto.js';

/** The two ends of the bidding that everybody sees: the kit bids are sealed with, and the box they were in. */
@Controller('api/tenders/:tenderId')
export class BoxesController {
  constructor(
    private readonly kits: Kits,
    private readonly boxes: Boxes,
  ) {}

  @Get('kit')
  @Allow('public')
  @Answers(200, KitView, 'Everything needed to seal a bid without a connection.')
  async kit(@Param() { tenderId }: TenderPath): Promise<KitView> {
    return this.kits.of(tenderId);
  }

  @Get('boxes')
  @Allow('public')
  @Answers(200, [BoxView], 'The closed boxes; none before the close.')
  async list(@Param() { tenderId }: TenderPath): Promise<readonly BoxView[]> {
    return this.boxes.list(tenderId);
  }

  @Post('boxes/:boxId/attestation')
  @Allow({ roles: ['auditor'] })
  @Answers(201, AttestationView, 'The box is attested.')
  async attest(
    @CurrentActor() actor: Actor,
    @Param() { tenderId, boxId }: BoxPath,
    @Body() signature: SignatureDto,
  ): Promise<AttestationView> {
    return this.boxes.attest(actor, tenderId, boxId, signature);
  }
}
