/** What strangers verify a tender with. */
import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Allow, CurrentActor } from '../platform/auth/allow.js';
import type { Actor } from '../platform/auth/actor.js';
import { Answers } from '../platform/http/answers.js';
import { EvidenceParams } from './evidence.dto.js';
import { EvidenceService } from './evidence.service.js';

@Controller()
@Allow('public')
export class EvidenceController {
  constructor(private readonly service: EvidenceService) {}

  @Get('api/tenders/:tenderId/evidence')
  @Header('cache-control', 'no-cache')
  @Answers(200, 'document', 'Everything disclosed about the tender by now; for `segel verify tender`.')
  async evidence(@CurrentActor() actor: Actor, @Param() { tenderId }: EvidenceParams): Promise<StreamableFile> {
    const pieces = await this.service.evidence(actor, tenderId);
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), { type: 'application/json' });
  }
}
