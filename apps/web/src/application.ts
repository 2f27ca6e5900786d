/** How the web server is put together: the same for the program and the tests. */
import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createServer, type RequestListener } from 'node:http';
import { AccountController } from './account/account.controller.js';
import { KeysController } from './account/keys.controller.js';
import { SignInController } from './account/sign-in.controller.js';
import { AuditingController } from './auditing/auditing.controller.js';
import { ReplayController } from './auditing/replay.controller.js';
import { Reports } from './auditing/reports.js';
import { BidController } from './bidding/bid.controller.js';
import { OwnBidsController } from './bidding/own-bids.controller.js';
import { WebConfig } from './config.js';
import { ChangeController } from './drafting/change.controller.js';
import { TenderFilesController } from './drafting/tender-files.controller.js';
import { PackagesController } from './drafting/packages.controller.js';
import { PartsController } from './drafting/parts.controller.js';
import { ReviewController } from './drafting/review.controller.js';
import { ReadinessController } from './drafting/readiness.controller.js';
import { TeamController } from './drafting/team.controller.js';
import { serveAssets } from './http/assets.js';
import { DocumentsController } from './documents/documents.controller.js';
import { Pdfs } from './documents/pdfs.js';
import { Typesetter } from './documents/typesetter.js';
import { AwardController } from './evaluating/award.controller.js';
import { DeclarationsController } from './evaluating/declarations.controller.js';
import { FindingsController } from './evaluating/findings.controller.js';
import { ErrorsFilter } from './http/errors.filter.js';
import { takeFiles } from './http/files.js';
import { FormGuard } from './http/form.guard.js';
import { PagesInterceptor } from './http/pages.interceptor.js';
import { isForApi, proxyTo } from './http/proxy.js';
import { Sessions } from './http/sessions.js';
import { keepSmall } from './http/small.js';
import { Visitors } from './http/visitor.js';
import { SECURITY_HEADERS } from './look/page.js';
import { KitController } from './offline/kit.controller.js';
import { OpenersController } from './opening/openers.controller.js';
import { RoomController } from './opening/room.controller.js';
import { OperatingController } from './operating/operating.controller.js';
import { HomeController } from './public/home.controller.js';
import { StatusController } from './public/status.controller.js';
import { ColleaguesController } from './registration/colleagues.controller.js';
import { CompanyController } from './registration/company.controller.js';
import { LinksController } from './registration/links.controller.js';
import { SearchController } from './tenders/search.controller.js';
import { TenderController } from './tenders/tender.controller.js';

/** Forms of today hold a few lines. */
const BODY_LIMIT = 64 * 1024;

@Module({})
class WebModule {
  static with(config: WebConfig): DynamicModule {
    return {
      module: WebModule,
      controllers: [
        HomeController,
        StatusController,
        SearchController,
        TenderController,
        DocumentsController,
        SignInController,
        AccountController,
        KeysController,
        LinksController,
        ColleaguesController,
        CompanyController,
        OperatingController,
        BidController,
        OwnBidsController,
        AuditingController,
        ReplayController,
        PackagesController,
        ReviewController,
        ChangeController,
        TenderFilesController,
        ReadinessController,
        TeamController,
        PartsController,
        DeclarationsController,
        FindingsController,
        AwardController,
        OpenersController,
        RoomController,
        KitController,
      ],
      providers: [
        { provide: WebConfig, useValue: config },
        Sessions,
        Visitors,
        Typesetter,
        Pdfs,
        Reports,
        { provide: APP_GUARD, useExisting: Visitors },
        { provide: APP_GUARD, useClass: FormGuard },
        { provide: APP_INTERCEPTOR, useClass: PagesInterceptor },
        { provide: APP_FILTER, useClass: ErrorsFilter },
      ],
    };
  }
}

export async function createWebApplication(config: WebConfig): Promise<NestFastifyApplication> {
  const { API_URL, WEB_TRUSTED_PROXIES } = config.settings;
  const sessions = new Sessions(config);
  const proxy = proxyTo(API_URL, sessions, WEB_TRUSTED_PROXIES);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: WEB_TRUSTED_PROXIES.length > 0 ? [...WEB_TRUSTED_PROXIES] : false,
    logger: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    serverFactory: (pages: RequestListener) =>
      createServer({ requestTimeout: 0 }, (incoming, outgoing) =>
        isForApi(incoming.url) ? proxy.handle(incoming, outgoing) : pages(incoming, outgoing),
      ).on('close', () => proxy.close()),
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  server.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  keepSmall(server);
  await serveAssets(server);
  await takeFiles(server, sessions);
  const app = await NestFactory.create<NestFastifyApplication>(WebModule.with(config), adapter, {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  app.enableShutdownHooks();
  return app;
}
