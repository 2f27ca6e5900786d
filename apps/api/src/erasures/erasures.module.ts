import { Module } from '@nestjs/common';
import { ErasureDatabase } from './erasure-database.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresJobs } from './erasures.jobs.js';
import { ErasuresReads } from './erasures.reads.js';
import { ErasuresService } from './erasures.service.js';

@Module({
  controllers: [ErasuresController],
  providers: [ErasuresService, ErasuresReads, ErasuresJobs, ErasureDatabase],
})
export class ErasuresModule {}
