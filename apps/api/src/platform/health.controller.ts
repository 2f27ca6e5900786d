import type { ClockStanding } from '@segel/procurement';
import { Controller, Get } from '@nestjs/common';
import { Allow } from './auth/allow.js';
import { ClockWatch } from './clock/clock-watch.js';
import { Database } from './database/database.js';
import { Answers } from './http/answers.js';
import { Flag, Instant, Integer, Nested, Text, Word } from './http/fields.js';
import { BiddingHealth } from './probe/bidding-health.js';

export class ClockHealth {
  @Word(['right', 'wrong', 'unknown'], { doc: 'Against the configured time sources.' })
  standing: ClockStanding;

  @Integer(-(2 ** 31), 2 ** 31, { optional: true, doc: 'Milliseconds to be added to our clock.' })
  offsetMs?: number;

  @Instant({ optional: true })
  measuredAt?: string;
}

export class Health {
  @Text(20)
  name: 'segel';

  @Text(20)
  status: 'ok';

  @Flag({ doc: 'True before the first account: the demonstration may be seeded.' })
  empty: boolean;

  @Nested(() => ClockHealth)
  clock: ClockHealth;
}

export class BiddingHealthView {
  @Flag({ doc: 'A bid can be uploaded, submitted and receipted.' })
  ok: boolean;

  @Text(40, { list: 10, doc: 'What does not work.' })
  failed: string[];
}

@Controller('api/health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly clockWatch: ClockWatch,
    private readonly bidding: BiddingHealth,
  ) {}

  @Get()
  @Allow('public')
  @Answers(200, Health)
  async health(): Promise<Health> {
    const [row] = await this.database.query<{ empty: boolean }>('SELECT NOT EXISTS (SELECT FROM account) AS empty');
    const { standing, offsetMs, measuredAt } = await this.clockWatch.state();
    const clock = {
      standing,
      ...(offsetMs === null ? {} : { offsetMs }),
      ...(measuredAt === null ? {} : { measuredAt: measuredAt.toISOString() }),
    };
    return { name: 'segel', status: 'ok', empty: row?.empty ?? false, clock };
  }

  /** What the platform asks itself, every half minute, to measure its outages. */
  @Get('bidding')
  @Allow('public')
  @Answers(200, BiddingHealthView)
  async canBid(): Promise<BiddingHealthView> {
    const failed = await this.bidding.failed();
    return { ok: failed.length === 0, failed: [...failed] };
  }
}
