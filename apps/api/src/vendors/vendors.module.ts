import { Module } from '@nestjs/common';
import { ExclusionsService } from './exclusions.service.js';
import { RegistrationService } from './registration.service.js';
import { VendorDocumentsService } from './vendor-documents.service.js';
import { VendorDraftsService } from './vendor-drafts.service.js';
import { VendorsController } from './vendors.controller.js';
import { VendorsReads } from './vendors.reads.js';

@Module({
  controllers: [VendorsController],
  providers: [RegistrationService, VendorDocumentsService, VendorDraftsService, ExclusionsService, VendorsReads],
})
export class VendorsModule {}
