import { Module } from '@nestjs/common';
import { BidAdmission } from './bid-admission.js';
import { BidChanges } from './bid-changes.js';
import { BidDeliveries } from './bid-delivery.js';
import { BidParts } from './bid-parts.js';
import { BidReads } from './bid-reads.js';
import { BidVoids } from './bid-void.js';
import { BidsController } from './bids.controller.js';
import { BidsJobs } from './bids.jobs.js';
import { BoxClose } from './box-close.js';
import { BoxesController } from './boxes.controller.js';
import { Boxes } from './boxes.js';
import { HeldBids } from './held-bids.js';
import { Kits } from './kit.js';
import { OutageExtension } from './outage-extension.js';
import { OutagesController } from './outages.controller.js';
import { OwnBidsController } from './own-bids.controller.js';
import { Tus } from '../platform/uploads/tus.js';
import { UploadSweep } from './upload-sweep.js';
import { UploadsController } from './uploads.controller.js';
import { Uploads } from './uploads.js';

/** Sealed bids come to wait here, and the parts they are made of before them. */
@Module({
  controllers: [BidsController, UploadsController, OwnBidsController, BoxesController, OutagesController],
  providers: [
    Tus,
    Uploads,
    UploadSweep,
    BidParts,
    HeldBids,
    BidAdmission,
    BidChanges,
    BidDeliveries,
    BidVoids,
    BidReads,
    Kits,
    Boxes,
    BoxClose,
    OutageExtension,
    BidsJobs,
  ],
})
export class BidsModule {}
