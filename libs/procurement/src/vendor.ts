/** Registration of vendors: two operators approve, a rejection gives reasons, a blacklisting ends on a date. */
import { demandReason, demandTwoPeople } from './publication.js';
import { demand, Refusal } from './refusal.js';

export type VendorStatus = 'pending' | 'approved' | 'rejected';

/** What the rules need to know of a vendor. */
export type VendorStanding = { readonly status: VendorStatus; readonly blacklistedUntil?: Date | null };

/** One operator's approval. The vendor is approved with the second one.
 *  @param act.approvedBy operators who approved before @param act.vendorUserIds the company's own people
 *  @throws Refusal `vendor_already_decided`, `same_person_twice`, `role_conflict` */
export function approveVendor(act: {
  readonly status: VendorStatus;
  readonly approvedBy: readonly string[];
  readonly operatorId: string;
  readonly vendorUserIds: readonly string[];
}): { readonly status: VendorStatus; readonly approvedBy: readonly string[] } {
  demandUndecided(act.status);
  demand(!act.vendorUserIds.includes(act.operatorId), 'role_conflict', 'Nobody approves their own company.');
  for (const before of act.approvedBy) demandTwoPeople(before, act.operatorId);
  const approvedBy = [...act.approvedBy, act.operatorId];
  return { status: approvedBy.length >= 2 ? 'approved' : 'pending', approvedBy };
}

/** Rejects a registration; one operator is enough, a reason is needed.
 *  @throws Refusal `vendor_already_decided`, `reason_missing` */
export function rejectVendor(act: { readonly status: VendorStatus; readonly reason: string }): {
  readonly status: VendorStatus;
  readonly reason: string;
} {
  demandUndecided(act.status);
  return { status: 'rejected', reason: demandReason(act.reason) };
}

/** Enters a vendor into the blacklist until a date: two people and a reason.
 *  @throws Refusal `same_person_twice`, `reason_missing`, `request_malformed` when the date is not in the future */
export function blacklistVendor(act: {
  readonly requestedBy: string;
  readonly confirmedBy: string;
  readonly reason: string;
  readonly until: Date;
  readonly now: Date;
}): { readonly blacklistedUntil: Date; readonly reason: string } {
  demandTwoPeople(act.requestedBy, act.confirmedBy);
  const reason = demandReason(act.reason);
  demand(act.until > act.now, 'request_malformed', 'A blacklisting ends in the future.', { path: 'until' });
  return { blacklistedUntil: act.until, reason };
}

/** Throws `vendor_not_approved` or `vendor_blacklisted` unless the vendor may bid, or be awarded, at the instant. */
export function demandGoodStanding(vendor: VendorStanding, now: Date): void {
  demand(vendor.status === 'approved', 'vendor_not_approved', 'The vendor is not approved.');
  const until = vendor.blacklistedUntil;
  if (until && until > now) {
    throw new Refusal('vendor_blacklisted', 'The vendor is on the blacklist.', { until: until.toISOString() });
  }
}

function demandUndecided(status: VendorStatus): void {
  demand(status === 'pending', 'vendor_already_decided', 'The registration has been decided already.');
}
