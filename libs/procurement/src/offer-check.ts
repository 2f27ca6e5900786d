/** The pre-submit checker: what a bid lacks, told to the vendor before it is sealed (procurement.md section 4). */
import { decimal, isDecimal, sum } from './decimal.js';
import type { Finder, Finding } from './finding.js';
import { finder, repeated } from './finding.js';
import type { Offer, Slot, TenderTerms } from './tender.js';

/** A file of the payload. */
export type OfferFile = { readonly path: string; readonly sizeBytes: number };

type SlotOf<K extends Slot['kind']> = Slot & { readonly kind: K };

const FILE_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['.pdf'],
  'application/zip': ['.zip'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'text/plain': ['.txt'],
};

/** Checks an offer against the terms for one lot.
 *  @param files the payload's files without `offer.json` itself
 *  @returns findings; errors are what an evaluator would have to reject for, warnings are hints: the arithmetic is
 *  corrected at the evaluation by the tender's rules, so a wrong total is a hint only */
export function checkOffer(
  offer: Offer,
  terms: TenderTerms,
  lotId: string,
  files: readonly OfferFile[],
): readonly Finding[] {
  const found = finder();
  if (offer.lotId !== lotId) found.error('lot_id', 'lot_differs', 'The offer is for another lot.');
  if (offer.currency !== terms.currency)
    found.error('currency', 'currency_differs', `The offer must be in ${terms.currency}.`);
  const slots = slotsOfLot(terms, lotId);
  checkDocuments(offer, slots, files, found);
  checkAnswers(offer, slots, found);
  checkPrices(offer, terms, slots, found);
  return found.findings;
}

/** The slots a bid for the lot fills: those of the lot, those of every lot, and the prices of the lot's items. */
export function slotsOfLot(terms: TenderTerms, lotId: string): readonly Slot[] {
  const items = new Set(terms.items.filter((item) => item.lotId === lotId).map((item) => item.id));
  return terms.slots.filter((slot) =>
    slot.kind === 'price' ? items.has(slot.itemId) : (slot.lotId ?? lotId) === lotId,
  );
}

function ofKind<K extends Slot['kind']>(slots: readonly Slot[], kind: K): readonly SlotOf<K>[] {
  return slots.filter((slot): slot is SlotOf<K> => slot.kind === kind);
}

function checkFilled(
  entries: readonly { readonly slotId: string }[],
  slots: readonly Slot[],
  path: string,
  found: Finder,
): void {
  entries.forEach((entry, i) => {
    if (!slots.some((slot) => slot.id === entry.slotId)) {
      found.error(`${path}[${i}].slot_id`, 'slot_unknown', 'An entry belongs to no slot of this lot.');
    }
  });
  for (const id of repeated(entries.map((entry) => entry.slotId))) {
    found.error(path, 'slot_repeated', `The slot ${JSON.stringify(labelOf(slots, id))} is filled more than once.`);
  }
  for (const slot of slots) {
    if (slot.required && !entries.some((entry) => entry.slotId === slot.id)) {
      found.error(path, 'slot_empty', `The slot ${JSON.stringify(slot.label)} is empty.`);
    }
  }
}

function checkDocuments(offer: Offer, all: readonly Slot[], files: readonly OfferFile[], found: Finder): void {
  const slots = ofKind(all, 'document');
  checkFilled(offer.documents, slots, 'documents', found);
  offer.documents.forEach((entry, i) => {
    const file = files.find((candidate) => candidate.path === entry.path);
    if (!file)
      return found.error(`documents[${i}].path`, 'file_missing', `The file ${JSON.stringify(entry.path)} is missing.`);
    const slot = slots.find((candidate) => candidate.id === entry.slotId);
    if (!slot) return;
    if (file.sizeBytes > slot.maxBytes) {
      found.error(`documents[${i}].path`, 'file_large', `The file ${JSON.stringify(entry.path)} is too large.`);
    }
    const endings = slot.mediaTypes.map((type) => FILE_ENDINGS[type]);
    const known = endings.every((list) => list !== undefined);
    if (known && !endings.flat().some((ending) => entry.path.toLowerCase().endsWith(ending!))) {
      found.warn(`documents[${i}].path`, 'file_type', `The file should be one of: ${slot.mediaTypes.join(', ')}.`);
    }
  });
  for (const path of repeated(offer.documents.map((entry) => entry.path))) {
    found.warn('documents', 'file_repeated', `The file ${JSON.stringify(path)} fills more than one slot.`);
  }
  for (const file of files) {
    if (!offer.documents.some((entry) => entry.path === file.path)) {
      found.warn(
        'documents',
        'file_unplaced',
        `The file ${JSON.stringify(file.path)} is in no slot; nobody will look for it.`,
      );
    }
  }
}

function checkAnswers(offer: Offer, all: readonly Slot[], found: Finder): void {
  const slots = ofKind(all, 'answer');
  checkFilled(offer.answers, slots, 'answers', found);
  offer.answers.forEach((entry, i) => {
    const slot = slots.find((candidate) => candidate.id === entry.slotId);
    const path = `answers[${i}].value`;
    if (slot?.answer === 'yes_no' && entry.value !== 'yes' && entry.value !== 'no') {
      found.error(path, 'answer_malformed', `${JSON.stringify(slot.label)} must be answered yes or no.`);
    }
    if (slot?.answer === 'number' && !isDecimal(entry.value)) {
      found.error(path, 'answer_malformed', `${JSON.stringify(slot.label)} must be answered by a number.`);
    }
    if (slot?.required && !entry.value.trim())
      found.error(path, 'slot_empty', `The slot ${JSON.stringify(slot.label)} is empty.`);
  });
}

function checkPrices(offer: Offer, terms: TenderTerms, all: readonly Slot[], found: Finder): void {
  const slots = ofKind(all, 'price');
  checkFilled(offer.prices, slots, 'prices', found);
  offer.prices.forEach((line, i) => {
    const slot = slots.find((candidate) => candidate.id === line.slotId);
    if (slot && slot.itemId !== line.itemId) {
      found.error(`prices[${i}].item_id`, 'item_differs', 'A price names another item than its slot.');
    }
    const item = terms.items.find((candidate) => candidate.id === line.itemId);
    if (!item || line.lumpSum) return;
    const product = decimal(line.unitPrice).times(decimal(item.quantity));
    if (!product.eq(decimal(line.lineTotal))) {
      const sentence = `Unit price times quantity is ${product.toFixed()}, not ${line.lineTotal}; the unit price governs.`;
      found.warn(`prices[${i}].line_total`, 'line_total_differs', sentence);
    }
  });
  const total = sum(offer.prices.map((line) => decimal(line.lineTotal)));
  if (!total.eq(decimal(offer.total))) {
    found.warn('total', 'total_differs', `The line totals add up to ${total.toFixed()}, not ${offer.total}.`);
  }
  if (offer.prices.some((line) => decimal(line.lineTotal).eq('0'))) {
    found.warn('prices', 'price_zero', 'A price is zero.');
  }
}

function labelOf(slots: readonly Slot[], id: string): string {
  return slots.find((slot) => slot.id === id)?.label ?? id;
}
