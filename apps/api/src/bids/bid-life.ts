/** What has become of a bid, in one word for its vendor. */
export const BID_LIVES = [
  'submitted',
  'reconfirmed',
  'invalidated',
  'replaced',
  'withdrawn',
  'in_box',
  'not_in_box',
  'opened',
  'rejected',
] as const;
export type BidLife = (typeof BID_LIVES)[number];

/** What is known of one bid. */
export type BidFacts = {
  readonly withdrawn: boolean;
  readonly replaced: boolean;
  readonly onLatestNotice: boolean;
  readonly reconfirmed: boolean;
  /** The box of its lot and envelope is closed. */
  readonly boxClosed: boolean;
  readonly inBox: boolean;
  /** Outcome of the opening, once there is one. */
  readonly outcome: string | null;
};

/** `invalidated`: an addendum asks for a confirmation or a new seal, and the deadline has not passed. `not_in_box`: it
 *  did not come in time. `rejected`: it was in the box and could not be opened as sealed. */
export function bidLife(facts: BidFacts): BidLife {
  if (facts.withdrawn) return 'withdrawn';
  if (facts.replaced) return 'replaced';
  if (facts.outcome !== null) return facts.outcome === 'opened' ? 'opened' : 'rejected';
  if (facts.boxClosed) return facts.inBox ? 'in_box' : 'not_in_box';
  if (facts.onLatestNotice) return 'submitted';
  return facts.reconfirmed ? 'reconfirmed' : 'invalidated';
}
