/** The tender's vocabulary (procurement.md sections 2 to 4). Decimals are text, never binary floating point. */

import type { Region } from './region.js';

/** An amount of money: decimal text such as `1250000.50`, and an ISO 4217 currency. */
export type Money = { readonly amount: string; readonly currency: string };

export type EnvelopeKind = 'single' | 'technical' | 'price';

export type Lot = {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** Owner's estimate (HPS) of the lot. */
  readonly estimate?: Money;
};

export type Item = {
  readonly id: string;
  readonly lotId: string;
  readonly description: string;
  /** Decimal text. */
  readonly quantity: string;
  readonly unit: string;
  readonly classification?: { readonly scheme: string; readonly id: string };
};

export type TenderDocument = {
  readonly id: string;
  /** OCDS documentType. */
  readonly kind: string;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  /** Base64 SHA-256 of the stored bytes. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** One place in a bid: a document, an answer or the price of one item (procurement.md section 4).
 *  Without `lotId` the slot applies to every lot. */
export type Slot = {
  readonly id: string;
  readonly lotId?: string;
  readonly envelope: EnvelopeKind;
  readonly label: string;
  readonly required: boolean;
} & (
  | { readonly kind: 'document'; readonly mediaTypes: readonly string[]; readonly maxBytes: number }
  | { readonly kind: 'answer'; readonly answer: 'text' | 'yes_no' | 'number' }
  | { readonly kind: 'price'; readonly itemId: string }
);

/** Openers of one institution; any k of them release the group's share. */
export type OpenerGroup = {
  readonly name: string;
  readonly institution: string;
  /** True when the institution is not the buyer's. */
  readonly external: boolean;
  readonly k: number;
  /** Account ids. */
  readonly openerIds: readonly string[];
};

/** Bids may be committed before the deadline and their sealed files follow within this grace. */
export type Precommit = { readonly graceMinutes: number };

/** A criterion a bid may be rejected on. */
export type Criterion = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'administrative' | 'technical' | 'price';
};

/** Everything the vendors are told. Frozen at publication, replaced as a whole by an addendum. */
export type TenderTerms = {
  readonly title: string;
  readonly description: string;
  readonly category: 'goods' | 'works' | 'services';
  /** Where it is delivered or built; absent when in several regions. */
  readonly region?: Region;
  readonly language: string;
  readonly buyer: { readonly id: string; readonly name: string };
  readonly currency: string;
  readonly estimate?: Money;
  readonly rulePackId: string;
  readonly suite: 'pq1' | 'x1';
  readonly enquiryEndAt: string;
  readonly deadlineAt: string;
  readonly maxBidBytes: number;
  /** Absent: sealed files come before the deadline. */
  readonly precommit?: Precommit;
  readonly lots: readonly Lot[];
  readonly items: readonly Item[];
  readonly documents: readonly TenderDocument[];
  readonly criteria: readonly Criterion[];
  readonly slots: readonly Slot[];
  readonly groups: readonly OpenerGroup[];
  /** Where the tender came from, when imported: its OCDS ocid, and what the demonstration changed. */
  readonly source?: { readonly ocid: string; readonly note?: string };
};

export type TenderState =
  | 'draft'
  | 'in_approval'
  | 'tendering'
  | 'closing'
  | 'closed'
  | 'opened'
  | 'evaluating'
  | 'intended_award'
  | 'standstill'
  | 'awarded'
  | 'cancelled'
  | 'failed';

/** Lots carry their own state from the close on. */
export type LotState = Extract<
  TenderState,
  | 'tendering'
  | 'closing'
  | 'closed'
  | 'opened'
  | 'evaluating'
  | 'intended_award'
  | 'standstill'
  | 'awarded'
  | 'cancelled'
  | 'failed'
>;

/** The form of a bid: the payload file `offer.json`, as a snake_case document. */
export type Offer = {
  readonly v: 1;
  readonly tenderId: string;
  readonly lotId: string;
  readonly bidId: string;
  readonly currency: string;
  readonly answers: readonly { readonly slotId: string; readonly value: string }[];
  readonly documents: readonly { readonly slotId: string; readonly path: string }[];
  readonly prices: readonly {
    readonly slotId: string;
    readonly itemId: string;
    readonly unitPrice: string;
    readonly lineTotal: string;
    /** A lump sum has no unit price to multiply: the line total stands. */
    readonly lumpSum?: boolean;
  }[];
  readonly total: string;
};
