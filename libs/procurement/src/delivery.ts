/** What becomes of a bid that was committed ahead of its sealed bytes: delivered in time, or void. */
import { demandStanding, type StoredBid } from './bid.js';
import { ciphertextDueAt, demandInGrace, type Grace } from './precommit.js';
import { demand } from './refusal.js';
import type { LotState } from './tender.js';

/** A bid that was committed ahead of its bytes, as the acts on it see it. */
export type CommittedBid = {
  readonly bidId: string;
  /** Its vendor signed that the bytes follow. */
  readonly precommit: boolean;
  readonly delivered: boolean;
  readonly voided: boolean;
};

/** Takes note that all bytes of a standing bid are there. The caller looked at the store; the clock comes first, so that
 *  who is late hears that, whatever else is wrong.
 *  @param act.lotState of the bid's lot @param act.existing the vendor's versions for the lot and envelope
 *  @throws Refusal `ciphertext_late`, `wrong_state`, `bid_unknown`, `bid_withdrawn` */
export function deliverBid(act: {
  readonly grace: Grace;
  readonly lotState: LotState;
  readonly bid: CommittedBid;
  readonly existing: readonly StoredBid[];
  readonly now: Date;
}): { readonly type: 'bid.delivered' } {
  const { bid, lotState: state } = act;
  demand(bid.precommit, 'wrong_state', 'The sealed files of this bid came with it: there is nothing to deliver.');
  demandInGrace(act.grace, act.now);
  demand(!bid.voided, 'ciphertext_late', 'The bid is void: its sealed files did not come in time.');
  const waits = state === 'tendering' || state === 'closing' || state === 'closed';
  demand(waits, 'wrong_state', 'The lot does not wait for sealed files.', { state });
  demandStanding(bid.bidId, act.existing);
  return { type: 'bid.delivered' };
}

/** Voids a bid of a closed box whose bytes did not come. Only the end of the grace does it, never a person: nothing to
 *  do is an answer, not a refusal.
 *  @returns undefined when the bid is not to be voided, or not yet */
export function voidBid(act: {
  readonly grace: Grace;
  readonly lotState: LotState;
  readonly bid: CommittedBid;
  readonly now: Date;
}): { readonly type: 'bid.voided'; readonly reason: 'ciphertext_missing'; readonly dueAt: Date } | undefined {
  const dueAt = ciphertextDueAt(act.grace.deadlineAt, act.grace.precommit);
  if (dueAt === undefined || act.now < dueAt || act.lotState !== 'closed' || !isAwaited(act.bid)) return undefined;
  return { type: 'bid.voided', reason: 'ciphertext_missing', dueAt };
}

/** True while nobody knows whether the bid's bytes will come: nothing of its box is released or opened. Else a vendor
 *  could wait for the others' prices and then let its own bid lapse. */
export function isAwaited(bid: Omit<CommittedBid, 'bidId'>): boolean {
  return bid.precommit && !bid.delivered && !bid.voided;
}
