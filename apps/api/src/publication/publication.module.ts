import { Module } from '@nestjs/common';
import { EvidenceController } from './evidence.controller.js';
import { EvidenceService } from './evidence.service.js';
import { OwnEntriesController } from './own-entries.controller.js';
import { OwnEntries } from './own-entries.service.js';

@Module({ controllers: [EvidenceController, OwnEntriesController], providers: [EvidenceService, OwnEntries] })
export class PublicationModule {}
