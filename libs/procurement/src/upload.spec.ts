import { describe, expect, it } from '@jest/globals';
import { FULL_BIDS_A_PLACE, SMALLEST_PART_BYTES, admitUpload, roomOf } from './upload.js';

const MIB = 2 ** 20;
const act = {
  window: {
    state: 'tendering',
    deadlineAt: new Date(1000),
    lotIds: ['a', 'b'],
    envelopes: ['single'],
    maxBidBytes: 10 * MIB,
  },
  vendor: { status: 'approved', blacklistedUntil: null },
  owed: false,
  usedBytes: 0,
  sizes: [8 * MIB, 2 * MIB],
  now: new Date(0),
} as const;
const room = FULL_BIDS_A_PLACE * 2 * 10 * MIB;

describe('the room of a vendor', () => {
  it('takes every lot and envelope filled several times, and not a byte more', () => {
    expect(admitUpload(act)).toEqual({ type: 'bid.upload_announced' });
    expect(() => admitUpload({ ...act, usedBytes: room - 10 * MIB })).not.toThrow();
    expect(() => admitUpload({ ...act, usedBytes: room - 10 * MIB + 1 })).toThrow(
      expect.objectContaining({ code: 'upload_quota' }),
    );
  });

  it('is not larger for somebody who cuts it into crumbs', () => {
    expect(roomOf(1)).toBe(SMALLEST_PART_BYTES);
    const crumbs = Array<number>(room / SMALLEST_PART_BYTES + 1).fill(1);
    expect(() => admitUpload({ ...act, sizes: crumbs })).toThrow(expect.objectContaining({ code: 'upload_quota' }));
    expect(() => admitUpload({ ...act, sizes: crumbs.slice(1) })).not.toThrow();
  });

  it('holds a bid, however small the largest one is', () => {
    const window = { ...act.window, maxBidBytes: 1 };
    expect(() => admitUpload({ ...act, window, sizes: [SMALLEST_PART_BYTES] })).not.toThrow();
  });

  it('is closed with the tender, and to companies that may not bid', () => {
    expect(() => admitUpload({ ...act, now: new Date(1000) })).toThrow(expect.objectContaining({ code: 'bid_late' }));
    const vendor = { status: 'pending', blacklistedUntil: null } as const;
    expect(() => admitUpload({ ...act, vendor })).toThrow(expect.objectContaining({ code: 'vendor_not_approved' }));
  });
});
