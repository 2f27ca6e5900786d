import { Module } from '@nestjs/common';
import { ClientReleases } from './client-releases.js';
import { ClientsController } from './clients.controller.js';
import { ClientsJobs } from './clients.jobs.js';
import { EvidenceController } from './evidence.controller.js';
import { EvidenceService } from './evidence.service.js';
import { OwnEntriesController } from './own-entries.controller.js';
import { OwnEntries } from './own-entries.service.js';
import { StepsController } from './steps.controller.js';
import { TenderSteps } from './steps.service.js';

@Module({
  controllers: [ClientsController, EvidenceController, OwnEntriesController, StepsController],
  providers: [ClientReleases, ClientsJobs, EvidenceService, OwnEntries, TenderSteps],
})
export class PublicationModule {}
