/** What the pages of a bid need to know before they say anything. */
import type { Schemas } from '@segel/client';
import { rulePack } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
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

type Slot = Tender['terms']['slots'][number];
const isDocument = (slot: Slot): slot is Schemas['DocumentSlotDto'] => slot.kind === 'document';
const isAnswer = (slot: Slot): slot is Schemas['AnswerSlotDto'] => slot.kind === 'answer';
const isPrice = (slot: Slot): slot is Schemas['PriceSlotDto'] => slot.kind === 'price';

/** Units of which there is no single price. */
const LUMP = /^(lump([ -]?sum)?|ls|borongan)$/i;

/** What a bid for a lot must hold, by the terms. */
export function bidFormOf({ id: tenderId, terms, rules, rulePack: { id } }: Tender, lotId: string): BidForm {
  const { scale, rounding } = rulePack(id);
  const items = new Map(terms.items.filter((item) => item.lotId === lotId).map((item) => [item.id, item]));
  const slots = terms.slots.filter((slot) =>
    isPrice(slot) ? items.has(slot.itemId) : (slot.lotId ?? lotId) === lotId,
  );
  const lot = terms.lots.find((one) => one.id === lotId);
  const estimate = lot?.estimate ?? (terms.lots.length === 1 ? terms.estimate : undefined);
  return {
    tenderId,
    lotId,
    currency: terms.currency,
    rules: { scale, rounding },
    maxBidBytes: terms.maxBidBytes,
    ...(rules.rejectsAboveEstimate && estimate !== undefined ? { ceiling: estimate.amount } : {}),
    documents: slots.filter(isDocument).map(({ id: slotId, label, required, mediaTypes, maxBytes }) => ({
      slotId,
      label,
      required,
      mediaTypes,
      maxBytes,
    })),
    answers: slots
      .filter(isAnswer)
      .map(({ id: slotId, label, required, answer }) => ({ slotId, label, required, answer })),
    prices: slots.filter(isPrice).map(({ id: slotId, itemId, label }) => {
      const { quantity, unit } = items.get(itemId)!;
      return { slotId, itemId, label, quantity, unit, lumpSum: LUMP.test(unit) };
    }),
  };
}
