import { Module } from '@nestjs/common';
import { Combine } from './combine.service.js';
import { Documents } from './documents.service.js';
import { Minutes } from './minutes.service.js';
import { OpeningsController } from './openings.controller.js';
import { DocumentScans } from './document-scans.service.js';
import { OpeningDelays } from './opening-delays.service.js';
import { OpeningsJobs, ScanJobs } from './openings.jobs.js';
import { ReadinessCheck } from './readiness-check.service.js';
import { ReadinessController } from './readiness.controller.js';
import { Readiness } from './readiness.service.js';
import { SeedDisclosures } from './seed-disclosures.service.js';
import { SealedBoxes } from './sealed-boxes.js';
import { ShareReleases } from './share-releases.service.js';

@Module({
  controllers: [ReadinessController, OpeningsController],
  providers: [
    SealedBoxes,
    Readiness,
    ReadinessCheck,
    ShareReleases,
    Combine,
    OpeningDelays,
    Minutes,
    Documents,
    DocumentScans,
    SeedDisclosures,
    OpeningsJobs,
    ScanJobs,
  ],
})
export class OpeningsModule {}
