/** Changes of one part of the terms. What belongs together changes together: an item and the place of its price. */
import { uuidV7 } from '@segel/encoding';
import {
  addDays,
  decimal,
  envelopesOf,
  fixed,
  sum,
  wholeSecond,
  type Item,
  type Lot,
  type RulePack,
  type Slot,
  type TenderTerms,
} from '@segel/procurement';
import { randomBytes } from 'node:crypto';

const GIB = 2 ** 30;
const HOUR_MS = 3_600_000;
/** Days beyond the pack's minimum that a new draft begins with: two people must still check it. */
const SPARE_DAYS = 3;

export const newId = (now: Date): string => uuidV7(now.getTime(), randomBytes(10));

type Start = Pick<TenderTerms, 'title' | 'description' | 'category' | 'language' | 'buyer' | 'currency'>;

/** The least that a draft holds, with the earliest dates that the pack allows and some days more. */
export function firstTerms(start: Start, pack: RulePack, now: Date): TenderTerms {
  return {
    ...start,
    rulePackId: pack.id,
    suite: 'pq1',
    ...firstDates(pack, now),
    maxBidBytes: GIB,
    lots: [{ id: newId(now), title: start.title }],
    items: [],
    documents: [],
    criteria: [],
    slots: [],
    groups: [],
  };
}

export function firstDates(pack: RulePack, now: Date): Pick<TenderTerms, 'enquiryEndAt' | 'deadlineAt'> {
  const early = addDays(now, pack.minimumSubmissionDays + SPARE_DAYS, pack.calendar);
  const step = pack.calendar.dayMs === undefined ? HOUR_MS : 1000;
  const deadline = wholeSecond(Math.ceil(early.getTime() / step) * step);
  const enquiryEnd = addDays(deadline, -(pack.enquiryEndBeforeDeadlineDays + 1), pack.calendar);
  return { enquiryEndAt: enquiryEnd.toISOString(), deadlineAt: deadline.toISOString() };
}

/** Adds or replaces an item, and the slot for its price. */
export function withItem(terms: TenderTerms, item: Item, pack: RulePack, now: Date): TenderTerms {
  const envelope = envelopesOf(pack).at(-1) ?? 'single';
  const label = item.description.slice(0, 250);
  const before = terms.slots.find((slot) => slot.kind === 'price' && slot.itemId === item.id);
  const id = before?.id ?? newId(now);
  const slot: Slot = { id, lotId: item.lotId, envelope, label, required: true, kind: 'price', itemId: item.id };
  return { ...terms, items: put(terms.items, item), slots: put(terms.slots, slot) };
}

export function withoutItem(terms: TenderTerms, itemId: string): TenderTerms {
  return {
    ...terms,
    items: terms.items.filter(({ id }) => id !== itemId),
    slots: terms.slots.filter((slot) => slot.kind !== 'price' || slot.itemId !== itemId),
  };
}

/** Adds or replaces a lot. The estimate of the tender is the sum of its lots', once each has one. */
export const withLot = (terms: TenderTerms, lot: Lot): TenderTerms =>
  estimated({ ...terms, lots: put(terms.lots, lot) });

/** Without a lot, its items and what was asked for it alone. */
export function withoutLot(terms: TenderTerms, lotId: string): TenderTerms {
  return estimated({
    ...terms,
    lots: terms.lots.filter(({ id }) => id !== lotId),
    items: terms.items.filter((item) => item.lotId !== lotId),
    slots: terms.slots.filter((slot) => slot.lotId !== lotId),
  });
}

function estimated(before: TenderTerms): TenderTerms {
  const { estimate: _, ...terms } = before;
  const amounts = terms.lots.flatMap(({ estimate }) => (estimate === undefined ? [] : [estimate.amount]));
  if (amounts.length === 0 || amounts.length < terms.lots.length) return terms;
  const digits = Math.max(...amounts.map((amount) => amount.split('.')[1]?.length ?? 0));
  const amount = fixed(sum(amounts.map(decimal)), digits);
  return { ...terms, estimate: { amount, currency: terms.currency } };
}

/** Another pack: its currency, where it names one, is that of every amount. */
export function withPack(terms: TenderTerms, pack: RulePack, currency: string): TenderTerms {
  const { precommit, ...rest } = terms;
  const lots = terms.lots.map((lot) =>
    lot.estimate === undefined ? lot : { ...lot, estimate: { ...lot.estimate, currency } },
  );
  return {
    ...rest,
    ...(precommit !== undefined && pack.precommit?.allowed === true ? { precommit } : {}),
    ...(terms.estimate === undefined ? {} : { estimate: { ...terms.estimate, currency } }),
    rulePackId: pack.id,
    currency,
    lots,
  };
}

/** In its place when it is known, else at the end. */
export function put<T extends { readonly id: string }>(list: readonly T[], thing: T): readonly T[] {
  return list.some(({ id }) => id === thing.id)
    ? list.map((one) => (one.id === thing.id ? thing : one))
    : [...list, thing];
}
