/** What has become of a bid, in one word for its vendor. */
export const BID_LIVES = [
  'submitted',
  'reconfirmed',
  'invalidated',
  'replaced',
  'withdrawn',
  'awaiting_ciphertext',
  'void',
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
  /** It was committed, and its sealed files have not all come. */
  readonly awaited: boolean;
  readonly voided: boolean;
  /** The box of its lot and envelope is closed. */
  readonly boxClosed: boolean;
  readonly inBox: boolean;
  /** Outcome of the opening, once there is one. */
  readonly outcome: string | null;
};

/** `invalidated`: an addendum asks for a confirmation or a new seal, and the deadline has not passed. `not_in_box`: it
 *  did not come in time. `awaiting_ciphertext`: it stands, and is void unless its sealed files come in time. `rejected`: it was in the box and could not be opened as sealed. */
export function bidLife(facts: BidFacts): BidLife {
  if (facts.withdrawn) return 'withdrawn';
  if (facts.replaced) return 'replaced';
  if (facts.voided) return 'void';
  if (facts.outcome !== null) return facts.outcome === 'opened' ? 'opened' : 'rejected';
  if (facts.boxClosed && !facts.inBox) return 'not_in_box';
  if (!facts.boxClosed && !facts.onLatestNotice && !facts.reconfirmed) return 'invalidated';
  if (facts.awaited) return 'awaiting_ciphertext';
  if (facts.boxClosed) return 'in_box';
  return facts.onLatestNotice ? 'submitted' : 'reconfirmed';
}
