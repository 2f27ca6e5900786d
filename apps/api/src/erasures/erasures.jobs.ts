/** Carries out what was decided, once the log says so and never before. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ErasureDatabase } from './erasure-database.js';
import { Erasure } from './erasure.entity.js';

/** How long the job waits for the sequencer before it is tried again later. */
const SEQUENCED_MS = 10_000;

@Injectable()
export class ErasuresJobs implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly erasures: ErasureDatabase,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ requestId: string }>('erasure.carry_out', async ({ requestId }) => this.carryOut(requestId));
  }

  private async carryOut(requestId: string): Promise<void> {
    const erasure = await this.database.manager.findOneBy(Erasure, { requestId });
    if (erasure === null) return;
    await this.whenSequenced(erasure.leafSha256);
    if (erasure.commitment !== null) await this.erasures.eraseOpening(erasure.commitment);
    if (erasure.accountId !== null) await this.erasures.eraseAccount(erasure.accountId);
  }

  private async whenSequenced(leafSha256: Uint8Array): Promise<void> {
    const until = this.clock.monotonicMs() + SEQUENCED_MS;
    for (;;) {
      const [entry] = await this.database.query('SELECT 1 FROM tlog.entry WHERE sha256(data) = $1', [leafSha256]);
      if (entry !== undefined) return;
      if (this.clock.monotonicMs() > until) throw new Error('the entry of an erasure waits for its place in the log');
      await setTimeout(50);
    }
  }
}
