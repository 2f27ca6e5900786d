import type { Finder } from './finding.js';
import { repeated } from './finding.js';
import type { RulePack } from './rule-pack.js';
import type { EnvelopeKind, Slot, TenderTerms } from './tender.js';

const ENVELOPES: Readonly<Record<RulePack['submission'], readonly EnvelopeKind[]>> = {
  one_envelope: ['single'],
  two_envelope: ['technical', 'price'],
  two_stage: ['technical', 'price'],
};

/** The envelopes a bid under the pack consists of. */
export function envelopesOf(pack: Pick<RulePack, 'submission'>): readonly EnvelopeKind[] {
  return ENVELOPES[pack.submission];
}

/** Checks the typed slots of a bid: ids unique, references known, envelopes of the pack, one price slot per item. */
export function checkSlots(terms: TenderTerms, pack: RulePack, found: Finder): void {
  if (terms.slots.length > 4_000) found.error('slots', 'too_many', 'The tender has too many slots.');
  for (const id of repeated(terms.slots.map((slot) => slot.id))) {
    found.error('slots', 'id_repeated', `The id ${id} occurs more than once.`);
  }
  terms.slots.forEach((slot, i) => checkSlot(slot, `slots[${i}]`, terms, pack, found));
  const priced = terms.slots.flatMap((slot) => (slot.kind === 'price' ? [slot.itemId] : []));
  terms.items.forEach((item, i) => {
    const count = priced.filter((itemId) => itemId === item.id).length;
    if (count !== 1) found.error(`items[${i}]`, 'price_slot_count', `An item has ${count} price slots instead of one.`);
  });
}

function checkSlot(slot: Slot, path: string, terms: TenderTerms, pack: RulePack, found: Finder): void {
  if (!slot.label.trim()) found.error(`${path}.label`, 'text_missing', 'A slot has no label.');
  if (slot.lotId !== undefined && !terms.lots.some((lot) => lot.id === slot.lotId)) {
    found.error(`${path}.lotId`, 'lot_unknown', 'A slot belongs to no lot of the tender.');
  }
  if (!envelopesOf(pack).includes(slot.envelope)) {
    found.error(`${path}.envelope`, 'envelope_unknown', `The rule pack has no envelope ${slot.envelope}.`);
  }
  if (slot.kind === 'document') {
    if (slot.mediaTypes.length === 0)
      found.error(`${path}.mediaTypes`, 'media_types_missing', 'A document slot accepts no media type.');
    if (!Number.isSafeInteger(slot.maxBytes) || slot.maxBytes < 1) {
      found.error(`${path}.maxBytes`, 'number_outside', 'A document slot has no size.');
    } else if (slot.maxBytes > terms.maxBidBytes) {
      found.warn(`${path}.maxBytes`, 'number_outside', 'A document slot is larger than the largest bid.');
    }
  }
  if (slot.kind === 'price') checkPriceSlot(slot, path, terms, found);
}

function checkPriceSlot(
  slot: Slot & { readonly kind: 'price' },
  path: string,
  terms: TenderTerms,
  found: Finder,
): void {
  const item = terms.items.find((candidate) => candidate.id === slot.itemId);
  if (!item) found.error(`${path}.itemId`, 'item_unknown', 'A price slot belongs to no item.');
  else if (slot.lotId !== undefined && slot.lotId !== item.lotId) {
    found.error(`${path}.lotId`, 'lot_differs', 'A price slot and its item are of different lots.');
  }
  if (!slot.required) found.error(`${path}.required`, 'price_optional', 'A price cannot be optional.');
}
