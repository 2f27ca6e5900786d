/** What the pages of a bid need to know before they say anything. */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';
import { bidFormOf } from './bid-form-of.js';
import type { BidForm } from './bid-form.js';

export type Tender = Schemas['TenderView'];
export type OwnBid = Schemas['OwnBidView'];

/** What somebody still lacks to bid; undefined when nothing is missing. */
export type Standing = {
  readonly signedIn: boolean;
  readonly company: boolean;
  readonly state: 'none' | 'submitted' | 'approved' | 'rejected';
  readonly excludedUntil?: string;
  readonly hasKey: boolean;
};

export async function standingOf({ me, api, now }: Visitor): Promise<Standing> {
  const hasKey = keysOf(me).length > 0;
  if (me?.vendorId === undefined) return { signedIn: me !== undefined, company: false, state: 'none', hasKey };
  const { state, exclusions } = await api.call('get', '/api/vendors/{vendorId}', { path: { vendorId: me.vendorId } });
  const excluded = exclusions.find(
    ({ fromAt, untilAt, endedAt }) => endedAt === undefined && new Date(fromAt) <= now && new Date(untilAt) > now,
  );
  const until = excluded === undefined ? {} : { excludedUntil: excluded.untilAt };
  return { signedIn: true, company: true, state, hasKey, ...until };
}

export const mayBid = ({ state, excludedUntil, hasKey }: Standing): boolean =>
  state === 'approved' && excludedUntil === undefined && hasKey;

/** Keys of the person that are in force. */
export const keysOf = (me: Schemas['Me'] | undefined): readonly string[] =>
  me?.keys.filter(({ revokedAt }) => revokedAt === undefined).map(({ key }) => key) ?? [];

/** The vendor's own bids for a tender, newest first. */
export async function ownBids({ api }: Visitor, tenderId: string): Promise<readonly OwnBid[]> {
  return (await api.call('get', '/api/bids', { query: { tenderId, limit: 200 } })).items;
}

/** The bid of a lot that stands: not replaced, not withdrawn. */
export const standingBid = (bids: readonly OwnBid[], lotId: string): OwnBid | undefined =>
  bids.find((bid) => bid.lotId === lotId && bid.replacedBy === undefined && bid.withdrawnAt === undefined);

export const isOpen = ({ state, deadlineAt }: Tender, now: Date): boolean =>
  state === 'tendering' && deadlineAt !== undefined && new Date(deadlineAt) > now;

/** What a bid for a lot of a published tender must hold. */
export const formOf = ({ id, terms, rules, rulePack }: Tender, lotId: string): BidForm =>
  bidFormOf({ tenderId: id, terms, rulePackId: rulePack.id, rejectsAbove: rules.rejectsAboveEstimate }, lotId);
