import { describe, expect, it } from '@jest/globals';
import { refused, vectors } from '../vectors/examples.js';
import { admitBid, reconfirmBid, validBids, withdrawBid } from './index.js';

const deadlineAt = new Date('2026-03-01T12:00:00.000Z');
const now = new Date('2026-03-01T11:59:59.999Z');
const window = {
  state: 'tendering' as const,
  deadlineAt,
  noticeSha256: 'n1',
  lotIds: ['lot-1'],
  envelopes: ['single' as const],
  maxBidBytes: 1000,
};
const manifest = {
  bidId: 'b1',
  vendorId: 'v1',
  lotId: 'lot-1',
  envelope: 'single' as const,
  noticeSha256: 'n1',
  ciphertextBytes: 1000,
  sealedAt: new Date('2026-01-01'),
};
const act = { window, vendorId: 'v1', vendor: { status: 'approved' as const }, manifest, existing: [], now };
const stored = (bidId: string, withdrawn = false) => ({ bidId, noticeSha256: 'n1', withdrawn });

describe('admission of a bid', () => {
  it('in time is before the deadline, to the millisecond', () => {
    expect(admitBid(act)).toEqual({ type: 'bid.submitted' });
    expect(refused(() => admitBid({ ...act, now: deadlineAt }))).toBe('bid_late');
  });

  it('late comes before every other reason', () => {
    expect(
      refused(() =>
        admitBid({ ...act, now: deadlineAt, window: { ...window, state: 'closing' }, vendor: { status: 'pending' } }),
      ),
    ).toBe('bid_late');
  });

  it.each([
    ['a tender that is cancelled', { window: { ...window, state: 'cancelled' as const } }, 'wrong_state'],
    ['a vendor who is not approved', { vendor: { status: 'pending' as const } }, 'vendor_not_approved'],
    [
      'a blacklisted vendor',
      { vendor: { status: 'approved' as const, blacklistedUntil: new Date('2027-01-01') } },
      'vendor_blacklisted',
    ],
    ["another vendor's seal", { vendorId: 'v2' }, 'manifest_mismatch'],
    ['another lot', { manifest: { ...manifest, lotId: 'lot-2' } }, 'manifest_mismatch'],
    [
      'an envelope the tender does not have',
      { manifest: { ...manifest, envelope: 'price' as const } },
      'manifest_mismatch',
    ],
    ['a former notice', { manifest: { ...manifest, noticeSha256: 'n0' } }, 'notice_outdated'],
    ['one byte too many', { manifest: { ...manifest, ciphertextBytes: 1001 } }, 'bid_too_large'],
    [
      'a seal by a clock two days ahead',
      { manifest: { ...manifest, sealedAt: new Date(now.getTime() + 2 * 86_400_000) } },
      'clock_skew',
    ],
    ['the same bid again', { existing: [stored('b1', true)] }, 'bid_exists'],
    ['a second bid that replaces nothing', { existing: [stored('b0')] }, 'bid_exists'],
    ['a replacement of an unknown bid', { manifest: { ...manifest, replaces: 'b9' } }, 'bid_unknown'],
    [
      'a replacement of a version already replaced',
      { existing: [stored('b0'), stored('b00')], manifest: { ...manifest, replaces: 'b0' } },
      'bid_unknown',
    ],
  ])('refuses %s', (_, change, code) => {
    expect(refused(() => admitBid({ ...act, ...change }))).toBe(code);
  });

  it('replaces the standing bid, and takes a new one after a withdrawal', () => {
    const replacing = { ...act, existing: [stored('b0')], manifest: { ...manifest, replaces: 'b0' } };
    expect(admitBid(replacing)).toEqual({ type: 'bid.replaced', replaces: 'b0' });
    expect(admitBid({ ...act, existing: [stored('b0', true)] })).toEqual({ type: 'bid.submitted' });
  });

  it('a blacklisting that is over does not count', () => {
    expect(refused(() => admitBid({ ...act, vendor: { status: 'approved', blacklistedUntil: now } }))).toBe('none');
  });
});

describe('withdrawal and reconfirmation', () => {
  const existing = [stored('b0'), stored('b1')];

  it('only the standing bid is withdrawn, once, in time', () => {
    expect(withdrawBid({ window, bidId: 'b1', existing, now })).toEqual({ type: 'bid.withdrawn' });
    expect(refused(() => withdrawBid({ window, bidId: 'b0', existing, now }))).toBe('bid_unknown');
    expect(refused(() => withdrawBid({ window, bidId: 'b7', existing, now }))).toBe('bid_unknown');
    expect(refused(() => withdrawBid({ window, bidId: 'b1', existing: [stored('b1', true)], now }))).toBe(
      'bid_withdrawn',
    );
    expect(refused(() => withdrawBid({ window, bidId: 'b1', existing, now: deadlineAt }))).toBe('bid_late');
  });

  it('a reconfirmation names the latest notice and is not enough after a change of what is sealed', () => {
    const again = { window, vendor: act.vendor, bidId: 'b1', existing, noticeSha256: 'n1', resealRequired: false, now };
    expect(reconfirmBid(again)).toEqual({ type: 'bid.reconfirmed' });
    expect(refused(() => reconfirmBid({ ...again, noticeSha256: 'n0' }))).toBe('notice_outdated');
    expect(refused(() => reconfirmBid({ ...again, resealRequired: true }))).toBe('notice_outdated');
  });
});

type BoxCase = {
  name: string;
  notices: string[];
  versions: [string, string, number, string][];
  withdrawals?: [string, number][];
  reconfirmations?: [string, string, number][];
  valid?: string[];
};

function box(given: BoxCase): string[] {
  return validBids({
    versions: given.versions.map(([bidId, vendorId, index, noticeSha256]) => ({
      bidId,
      vendorId,
      lotId: 'lot-1',
      envelope: 'single',
      index,
      noticeSha256,
    })),
    withdrawals: (given.withdrawals ?? []).map(([bidId, index]) => ({ bidId, index })),
    reconfirmations: (given.reconfirmations ?? []).map(([bidId, noticeSha256, index]) => ({
      bidId,
      noticeSha256,
      index,
    })),
    notices: given.notices.map((noticeSha256) => ({ noticeSha256, resealRequired: noticeSha256 === 'n3' })),
    cutSize: 100,
  }).map((version) => version.bidId);
}

describe('the frozen box', () => {
  const { cases, must_fail: mustFail } = vectors<{ cases: BoxCase[]; must_fail: BoxCase[] }>('box.json');

  it.each(cases)('$name', (given) => {
    expect(box(given)).toEqual(given.valid);
  });

  it.each(mustFail)('cannot be computed with $name', (given) => {
    expect(() => box(given)).toThrow();
  });
});
