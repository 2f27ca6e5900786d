/** How the application is put together: the same for the server, the worker and the tests. */
import 'reflect-metadata';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ConsoleLogger, ValidationPipe, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import type { Config } from './platform/config/config.js';
import { armFailpoint } from './platform/failpoint.js';
import { acceptFramed } from './platform/http/framed.js';
import { problem } from './platform/http/problem.js';
import { keepOrder } from './platform/uploads/arrivals.js';
import { OFFSET_STREAM } from './platform/uploads/tus.js';

/** JSON bodies; parts of bids have a limit of their own. */
const BODY_LIMIT = 1024 * 1024;
/** 8 MiB parts and documents arrive as raw bytes. */
const RAW_LIMIT = 8 * 1024 * 1024;

/** What may come beside a JSON body: more goes in parts, which a cut line does not send twice. */
const ATTACHED_LIMIT = 1024 * 1024;

const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** What people running the server want to read: not each of the framework's steps. */
class PlainLogger extends ConsoleLogger {
  override log(message: unknown, context?: string): void {
    if (context === undefined || !FRAMEWORK.has(context)) super.log(message, context ?? '');
  }
}

/** The HTTP adapter: limits, and no access log (addresses name tenders and vendors: it would tell who bids). */
export function createAdapter(config: Config): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: config.settings.TRUSTED_PROXIES.length > 0 ? [...config.settings.TRUSTED_PROXIES] : false,
    logger: false,
    // What never reaches a route: an address that is no address.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      const body = problem('request_malformed', 400, 'The address is malformed.');
      void reply.code(400).header('content-type', 'application/problem+json').send(body);
    },
    routerOptions: { maxParamLength: 200 },
  });
  const server = adapter.getInstance();
  keepOrder(server);
  acceptFramed(server as unknown as FastifyInstance, { json: BODY_LIMIT, bytes: ATTACHED_LIMIT });
  // A part is read as it comes: nothing of it is held in memory.
  server.addContentTypeParser(OFFSET_STREAM, (_request, _payload, done) => done(null));
  server.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: RAW_LIMIT },
    (_request, body, done) => done(null, body),
  );
  return adapter;
}

/** Headers, validation, description, shutdown. */
export async function configure(app: NestFastifyApplication, config: Config): Promise<void> {
  await app.register(rateLimit, { max: config.settings.RATE_LIMIT_PER_MINUTE, timeWindow: 60_000 });
  // The pages of the interface's description need their own scripts; nothing else here is a page.
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      stopAtFirstError: true,
    }),
  );
  app.enableShutdownHooks();
  describe(app);
}

export async function createApplication(config: Config, logLevels: LogLevel[]): Promise<NestFastifyApplication> {
  armFailpoint(config.settings.FAILPOINT);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config), {
    logger: new PlainLogger({ logLevels, colors: false }),
    abortOnError: false,
  });
  await configure(app, config);
  return app;
}

/** The interface, as the controllers declare it. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Segel')
    .setDescription(
      'Sealed tenders, and a log that nobody can rewrite unseen. Errors are RFC 9457 problem details with a `code`.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, document);
}

function describe(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/openapi.json' });
}
