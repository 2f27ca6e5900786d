/** How much a vendor may send ahead of its bids. */
import type { BidWindow } from './bid.js';
import { admitPart } from './bid.js';
import { demand } from './refusal.js';
import type { VendorStanding } from './vendor.js';

/** How often a vendor may fill each of its places (lot and envelope) with the largest bid the tender takes. Stored parts
 *  cannot be taken back: every replacement counts, and nobody is to lose a bid over a correction. Most bids are far
 *  below the largest. */
export const FULL_BIDS_A_PLACE = 8;

/** No part is counted as less: otherwise a vendor could have the server keep a row for every byte. A sealed bid is never
 *  smaller than this. */
export const SMALLEST_PART_BYTES = 256 * 1024;

/** Bytes a part takes of its vendor's room. */
export function roomOf(sizeBytes: number): number {
  return Math.max(sizeBytes, SMALLEST_PART_BYTES);
}

/** Admits what a vendor says it will send. The room is each vendor's own: nobody can use up another's.
 *  @param act.owed as for {@link admitPart}
 *  @param act.usedBytes room taken by what this vendor announced before, in this tender
 *  @param act.sizes bytes of each part that was not announced before
 *  @throws Refusal those of {@link admitPart}, `upload_quota` */
export function admitUpload(act: {
  readonly window: Pick<BidWindow, 'state' | 'deadlineAt' | 'precommit' | 'lotIds' | 'envelopes' | 'maxBidBytes'>;
  readonly vendor: VendorStanding;
  readonly owed: boolean;
  readonly usedBytes: number;
  readonly sizes: readonly number[];
  readonly now: Date;
}): { readonly type: 'bid.upload_announced' } {
  admitPart(act);
  demandRoom(act);
  return { type: 'bid.upload_announced' };
}

/** Demands that the vendor's room in the tender takes these bytes too, announced or carried by the bid itself.
 *  @param act as for {@link admitUpload}
 *  @throws Refusal `upload_quota` */
export function demandRoom(act: {
  readonly window: Pick<BidWindow, 'lotIds' | 'envelopes' | 'maxBidBytes'>;
  readonly usedBytes: number;
  readonly sizes: readonly number[];
}): void {
  const { lotIds, envelopes, maxBidBytes } = act.window;
  const roomBytes = FULL_BIDS_A_PLACE * lotIds.length * envelopes.length * Math.max(maxBidBytes, SMALLEST_PART_BYTES);
  const asked = act.sizes.reduce((sum, size) => sum + roomOf(size), 0);
  demand(
    act.usedBytes + asked <= roomBytes,
    'upload_quota',
    'Your company has sent as much for this tender as it may: submit what has arrived, or ask the buyer.',
    { roomBytes, usedBytes: act.usedBytes },
  );
}
