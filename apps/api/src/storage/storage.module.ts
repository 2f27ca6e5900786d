import { Module } from '@nestjs/common';
import { DamageNotices } from './damage-notices.js';
import { StorageAudits } from './storage-audits.js';
import { StorageController } from './storage.controller.js';
import { StorageJobs } from './storage.jobs.js';
import { StorageReads } from './storage.reads.js';
import { StoredObjects } from './stored-objects.js';

@Module({
  controllers: [StorageController],
  providers: [DamageNotices, StorageAudits, StorageJobs, StorageReads, StoredObjects],
})
export class StorageModule {}
