/** What submission is compared with: the same stack and nothing of Segel. Nest on Fastify with the same limits, headers
 *  and validation, the same check of the session, parts streamed to the same kind of store under the name in their
 *  address, and one INSERT of the same JSON. No sealing, no hash, no rule, no journal, no log. */
import 'reflect-metadata';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { fromHex } from '@segel/encoding';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  Param,
  Post,
  Put,
  Req,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { SubmitBidDto, TenderPath } from '../../../apps/api/src/bids/bids.dto.js';
import { PartPath } from '../../../apps/api/src/bids/uploads.dto.js';
import type { Actor } from '../../../apps/api/src/platform/auth/actor.js';
import { SessionStrategy } from '../../../apps/api/src/platform/auth/session.strategy.js';
import { Clock } from '../../../apps/api/src/platform/clock/clock.js';
import { Config, readSettings } from '../../../apps/api/src/platform/config/config.js';
import { Database } from '../../../apps/api/src/platform/database/database.js';
import { FolderStore } from '../../../apps/api/src/platform/object-store/folder-store.js';
import { ObjectStore, contentKey } from '../../../apps/api/src/platform/object-store/object-store.js';

const BODY_LIMIT = 1024 * 1024;
const PART_LIMIT = 8 * 1024 * 1024;
/** As many connections as the journal has. */
const POOL = 16;
const POOL_TOKEN = 'pool';
const INSERT = 'INSERT INTO plain_bid (id, tender_id, vendor_id, submission, at) VALUES ($1, $2, $3, $4, now())';

type Signed = FastifyRequest & { readonly user: Actor };

@Controller('api/tenders/:tenderId')
@UseGuards(AuthGuard('session'))
class PlainController {
  constructor(
    private readonly store: ObjectStore,
    @Inject(POOL_TOKEN) private readonly pool: pg.Pool,
  ) {}

  @Put('parts/:sha256')
  @HttpCode(204)
  async part(@Param() { sha256 }: PartPath, @Req() request: Signed): Promise<void> {
    const bytes = request.body as Readable;
    await this.store.putStream(contentKey(fromHex(sha256)), bytes, Number(request.headers['content-length']));
  }

  @Post('bids')
  async submit(@Param() { tenderId }: TenderPath, @Body() dto: SubmitBidDto, @Req() { user }: Signed): Promise<object> {
    const id = randomUUID();
    await this.pool.query({ name: 'bid', text: INSERT, values: [id, tenderId, user.vendorId, JSON.stringify(dto)] });
    return { id };
  }
}

@Controller('api/health')
class PlainHealth {
  @Get()
  health(): object {
    return { status: 'ok' };
  }
}

const config = new Config(readSettings(process.env));
const { DATABASE_URL, OBJECT_FOLDER, HTTP_PORT, RATE_LIMIT_PER_MINUTE } = config.settings;
const database = new Database(DATABASE_URL, [], 10);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: POOL });
const store = new FolderStore(OBJECT_FOLDER);

@Module({
  imports: [PassportModule],
  controllers: [PlainController, PlainHealth],
  providers: [
    { provide: Config, useValue: config },
    { provide: Database, useValue: database },
    { provide: ObjectStore, useValue: store },
    { provide: POOL_TOKEN, useValue: pool },
    Clock,
    SessionStrategy,
  ],
})
class PlainModule {}

await database.open();
await store.start();
await pool.query(
  'CREATE TABLE IF NOT EXISTS plain_bid (id uuid PRIMARY KEY, tender_id uuid NOT NULL, vendor_id uuid NOT NULL, submission jsonb NOT NULL, at timestamptz NOT NULL)',
);
const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT, logger: false, routerOptions: { maxParamLength: 200 } });
adapter
  .getInstance()
  .addContentTypeParser('application/octet-stream', { bodyLimit: PART_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
const app = await NestFactory.create<NestFastifyApplication>(PlainModule, adapter, { logger: ['error'] });
await app.register(rateLimit, { max: RATE_LIMIT_PER_MINUTE, timeWindow: 60_000 });
await app.register(helmet);
app.useGlobalPipes(
  new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, transform: true }),
);
app.enableShutdownHooks();
process.on('disconnect', () => process.exit(0));
await app.listen(HTTP_PORT, '127.0.0.1');
