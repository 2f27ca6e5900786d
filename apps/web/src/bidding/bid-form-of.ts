/** The form of a bid, as the terms of its tender ask it. */
import { rulePack, type TenderTerms } from '@segel/procurement';
import type { BidForm } from './bid-form.js';

/** A slot as the API and the published document write it: which members it has depends on its kind. */
type Slot = {
  readonly id: string;
  readonly lotId?: string | undefined;
  readonly label: string;
  readonly required: boolean;
  readonly kind: string;
};
type Document = Slot & { readonly mediaTypes: readonly string[]; readonly maxBytes: number };
type Answer = Slot & { readonly answer: 'text' | 'yes_no' | 'number' };
type Price = Slot & { readonly itemId: string };
const isDocument = (slot: Slot): slot is Document => slot.kind === 'document';
const isAnswer = (slot: Slot): slot is Answer => slot.kind === 'answer';
const isPrice = (slot: Slot): slot is Price => slot.kind === 'price';

/** The terms of a tender as far as a bid is concerned, from the API or from the document that is published. */
export type AskedTerms = {
  readonly tenderId: string;
  readonly terms: Pick<TenderTerms, 'currency' | 'estimate' | 'lots' | 'items' | 'maxBidBytes'> & {
    readonly slots: readonly Slot[];
  };
  readonly rulePackId: string;
  /** Whether bids above the estimate are rejected. */
  readonly rejectsAbove: boolean;
};

/** Units of which there is no single price. */
const LUMP = /^(lump([ -]?sum)?|ls|borongan)$/i;

/** What a bid for a lot must hold, by the terms. */
export function bidFormOf({ tenderId, terms, rulePackId, rejectsAbove }: AskedTerms, lotId: string): BidForm {
  const { scale, rounding } = rulePack(rulePackId);
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
    ...(rejectsAbove && estimate !== undefined ? { ceiling: estimate.amount } : {}),
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
