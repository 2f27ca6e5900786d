import { Module } from '@nestjs/common';
import { AddendumService } from './addendum.service.js';
import { ApprovalCandidates } from './approval-candidate.js';
import { ApprovalsService } from './approvals.service.js';
import { CancellationService } from './cancellation.service.js';
import { DocumentsService } from './documents.service.js';
import { DraftingController } from './drafting.controller.js';
import { DraftingService } from './drafting.service.js';
import { OpenerKeysService } from './opener-keys.service.js';
import { PublicationController } from './publication.controller.js';
import { PublicationService } from './publication.service.js';
import { TeamService } from './team.service.js';
import { TenderSearch } from './tender-search.js';
import { TendersController } from './tenders.controller.js';
import { TendersService } from './tenders.service.js';

@Module({
  controllers: [DraftingController, TendersController, PublicationController],
  providers: [
    AddendumService,
    ApprovalCandidates,
    ApprovalsService,
    CancellationService,
    DocumentsService,
    DraftingService,
    OpenerKeysService,
    PublicationService,
    TeamService,
    TenderSearch,
    TendersService,
  ],
})
export class TendersModule {}
