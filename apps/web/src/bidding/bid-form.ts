/** What a bid for one lot is asked to hold: the same for the page that shows it and for the island that seals it. */
import type { Rounding } from './amount.js';

export type DocumentPlace = {
  readonly slotId: string;
  readonly label: string;
  readonly required: boolean;
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
};
export type AnswerPlace = {
  readonly slotId: string;
  readonly label: string;
  readonly required: boolean;
  readonly answer: 'text' | 'yes_no' | 'number';
};
export type PricePlace = {
  readonly slotId: string;
  readonly itemId: string;
  readonly label: string;
  readonly quantity: string;
  readonly unit: string;
  /** One amount for the whole line: there is no unit price to multiply. */
  readonly lumpSum: boolean;
};

export type BidForm = {
  readonly tenderId: string;
  readonly lotId: string;
  readonly currency: string;
  readonly rules: Rounding;
  readonly maxBidBytes: number;
  /** The owner's estimate of the lot, where it is public and bids above it are rejected. */
  readonly ceiling?: string;
  readonly documents: readonly DocumentPlace[];
  readonly answers: readonly AnswerPlace[];
  readonly prices: readonly PricePlace[];
};

/** Ids of the fields on the page. */
export const fieldOf = {
  price: (slotId: string): string => `price-${slotId}`,
  answer: (slotId: string): string => `answer-${slotId}`,
  document: (slotId: string): string => `file-${slotId}`,
} as const;
