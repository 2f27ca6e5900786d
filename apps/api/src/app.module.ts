/** Table of contents: the platform and the features, nothing else. */
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { BidsModule } from './bids/bids.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { VendorsModule } from './vendors/vendors.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import type { Config } from './platform/config/config.js';
import { AwardsModule } from './awards/awards.module.js';
import { ErasuresModule } from './erasures/erasures.module.js';
import { EvaluationsModule } from './evaluations/evaluations.module.js';
import { OpeningsModule } from './openings/openings.module.js';
import { PublicationModule } from './publication/publication.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { StorageModule } from './storage/storage.module.js';
import { TendersModule } from './tenders/tenders.module.js';
import { ENTITIES } from './entities.js';

const FEATURES: readonly Type[] = [
  OpeningsModule,
  AuditModule,
  BidsModule,
  TendersModule,
  EvaluationsModule,
  AwardsModule,
  AccountsModule,
  VendorsModule,
  NotificationsModule,
  PublicationModule,
  ErasuresModule,
  StorageModule,
];

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.with(config, ENTITIES), ...FEATURES] };
  }
}
