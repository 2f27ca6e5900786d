/** Outages that moved a deadline, and the probes that show them: for everybody. */
import { fromHex, toBase64 } from '@segel/encoding';
import { demand } from '@segel/procurement';
import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { Allow } from '../platform/auth/allow.js';
import { Database } from '../platform/database/database.js';
import { Answers } from '../platform/http/answers.js';
import { Pattern } from '../platform/http/fields.js';
import { contentKey, ObjectStore } from '../platform/object-store/object-store.js';
import { TenderPath } from './bids.dto.js';
import { Outage } from './outage.entity.js';

export class EvidencePath extends TenderPath {
  @Pattern(/^[0-9a-f]{64}$/, 'a SHA-256 in hex')
  sha256: string;
}

@Controller('api/tenders/:tenderId/outages')
export class OutagesController {
  constructor(
    private readonly database: Database,
    private readonly store: ObjectStore,
  ) {}

  /** The canonical document whose hash the entry `outage.recorded` names. */
  @Get(':sha256')
  @Allow('public')
  @Answers(200, 'text', 'The canonical document whose hash the entry names.')
  async evidence(@Param() { tenderId, sha256 }: EvidencePath): Promise<StreamableFile> {
    const digest = fromHex(sha256);
    const rows = await this.database.manager.findBy(Outage, { tenderId });
    const known = rows.some((row) => toBase64(row.evidenceSha256) === toBase64(digest));
    demand(known, 'not_found', 'The tender has no such outage.');
    return new StreamableFile(await this.store.bytes(contentKey(digest)), { type: 'application/json' });
  }
}
