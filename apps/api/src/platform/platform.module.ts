/** What the features stand on. It holds no procurement word. */
import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AccessGuard } from './auth/access.guard.js';
import { SessionStrategy } from './auth/session.strategy.js';
import { ClockWatch } from './clock/clock-watch.js';
import { Clock } from './clock/clock.js';
import { Config } from './config/config.js';
import { Database, JournalDatabase, type EntityClass } from './database/database.js';
import { HealthController } from './health.controller.js';
import { AnswerInterceptor } from './http/answers.js';
import { ProblemFilter } from './http/problem.filter.js';
import { Jobs } from './jobs/jobs.js';
import { Journal } from './journal/journal.js';
import { LogModule } from './log/log.module.js';
import { FolderMailer, Mailer, SmtpMailer } from './mailer/mailer.js';
import { Damages } from './object-store/damages.js';
import { objectStore } from './object-store/configured.js';
import { ObjectStore } from './object-store/object-store.js';
import { scanner } from './scanner/clamd.js';
import { Scanner } from './scanner/scanner.js';
import { BiddingHealth } from './probe/bidding-health.js';
import { Prober } from './probe/prober.js';

function mailer({ settings }: Config): Mailer {
  if (settings.SMTP_URL !== '') return new SmtpMailer(settings.SMTP_URL, settings.MAIL_FROM);
  return new FolderMailer(settings.MAIL_FOLDER, settings.MAIL_FROM);
}

class Doors implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly journal: JournalDatabase,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.database.close(), this.journal.close()]);
  }
}

@Global()
@Module({})
export class PlatformModule {
  static with(config: Config, entities: readonly EntityClass[]): DynamicModule {
    const { APP_DATABASE_URL, DATABASE_URL } = config.settings;
    const url = APP_DATABASE_URL || DATABASE_URL;
    const open = async <T extends { open(): Promise<void> }>(door: T): Promise<T> => {
      await door.open();
      return door;
    };
    return {
      module: PlatformModule,
      imports: [PassportModule, LogModule],
      controllers: [HealthController],
      providers: [
        { provide: Config, useValue: config },
        { provide: Database, useFactory: async () => open(new Database(url, entities, 10)) },
        { provide: JournalDatabase, useFactory: async () => open(new JournalDatabase(url, entities, 16)) },
        {
          provide: Doors,
          inject: [Database, JournalDatabase],
          useFactory: (d: Database, j: JournalDatabase) => new Doors(d, j),
        },
        { provide: ObjectStore, inject: [Config], useFactory: objectStore },
        { provide: Mailer, inject: [Config], useFactory: mailer },
        { provide: Scanner, inject: [Config], useFactory: scanner },
        Clock,
        Journal,
        Damages,
        Jobs,
        ClockWatch,
        BiddingHealth,
        Prober,
        SessionStrategy,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [Config, Database, ObjectStore, Mailer, Scanner, Clock, ClockWatch, Journal, Damages, Jobs],
    };
  }
}
