import { Module } from '@nestjs/common';
import { AwardsController } from './awards.controller.js';
import { AwardJobs } from './awards.jobs.js';
import { AwardsService } from './awards.service.js';

@Module({ controllers: [AwardsController], providers: [AwardsService, AwardJobs] })
export class AwardsModule {}
