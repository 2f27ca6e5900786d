import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LogController } from './log.controller.js';
import { LogDatabase } from './log-database.js';
import { LogRunner } from './log.runner.js';
import { LogPolicy } from './policy-file.js';
import { PublicationWatch } from './publication-watch.js';
import { Receipts } from './receipts.js';
import { FileSigner, Signer } from './signer.js';

@Global()
@Module({
  controllers: [LogController],
  providers: [
    {
      provide: LogPolicy,
      inject: [Config],
      useFactory: (config: Config) => LogPolicy.fromFile(config.settings.LOG_POLICY_FILE),
    },
    {
      provide: LogDatabase,
      inject: [Config],
      useFactory: ({ settings }: Config) => new LogDatabase(settings.SEQUENCER_DATABASE_URL || settings.DATABASE_URL),
    },
    {
      provide: Signer,
      inject: [Config],
      useFactory: ({ settings }: Config) =>
        new FileSigner(settings.LOG_ORIGIN, settings.LOG_SIGNER_SEED, settings.SIGNER_STATE),
    },
    PublicationWatch,
    Receipts,
    LogRunner,
  ],
  exports: [LogPolicy, Receipts, PublicationWatch],
})
export class LogModule {}
