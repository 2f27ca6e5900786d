import { TERMS_LIMITS } from '@segel/procurement';
import type { Item, Lot, Money } from '@segel/procurement';
import type { ImportedItem, ImportedLot } from './import.js';
import type { Place } from './reader.js';
import {
  identifier,
  list,
  malformed,
  member,
  optionalDecimal,
  optionalMoney,
  optionalText,
  present,
  text,
} from './reader.js';
import { trimmed } from './trimmed.js';

/** The lots of a tender; one lot with the tender's title when the file has none. */
export function importLots(
  tender: Place,
  whole: { readonly title: string; readonly estimate: Money | undefined },
  newId: () => string,
  notes: string[],
): readonly ImportedLot[] {
  const places = list(member(tender, 'lots'), TERMS_LIMITS.lots).filter((lot) => isLive(lot, notes));
  if (places.length === 0) {
    notes.push('The file has no lots; the tender is one lot.');
    const lot = { id: newId(), title: whole.title, ...(whole.estimate ? { estimate: whole.estimate } : {}) };
    return [{ lot, originalId: '' }];
  }
  const lots = places.map((place) => importLot(place, newId, notes));
  const ids = lots.map(({ originalId }) => originalId);
  const twice = ids.findIndex((id, i) => ids.indexOf(id) < i);
  if (twice >= 0) return malformed(member(places[twice]!, 'id'), 'occurs more than once');
  return agreeing(numbered(lots, notes), whole.estimate, notes);
}

function isLive(lot: Place, notes: string[]): boolean {
  const status = optionalText(member(lot, 'status')) ?? 'active';
  if (status !== 'cancelled' && status !== 'unsuccessful' && status !== 'withdrawn') return true;
  notes.push(`A lot that is ${status} in the file is left out.`);
  return false;
}

function importLot(place: Place, newId: () => string, notes: string[]): ImportedLot {
  const originalId = identifier(member(place, 'id'));
  const title = trimmed(
    optionalText(member(place, 'title'))?.trim() || originalId,
    TERMS_LIMITS.title - 8,
    'The title of a lot',
    notes,
  );
  const description = optionalText(member(place, 'description'))?.trim();
  const estimate = optionalMoney(member(place, 'value'));
  const shortened = description && trimmed(description, TERMS_LIMITS.description, 'The description of a lot', notes);
  const lot: Lot = {
    id: newId(),
    title,
    ...(shortened ? { description: shortened } : {}),
    ...(estimate ? { estimate } : {}),
  };
  return { lot, originalId };
}

function numbered(lots: readonly ImportedLot[], notes: string[]): readonly ImportedLot[] {
  const titles = lots.map(({ lot }) => lot.title);
  if (new Set(titles).size === titles.length) return lots;
  notes.push('Several lots have the same title; they are numbered.');
  return lots.map((entry, i) => {
    const same = titles.filter((title) => title === entry.lot.title).length > 1;
    return same ? { ...entry, lot: { ...entry.lot, title: `${entry.lot.title} (${i + 1})` } } : entry;
  });
}

// A single lot is the whole tender, so its estimate is the tender's, whatever a masked file says.
function agreeing(lots: readonly ImportedLot[], estimate: Money | undefined, notes: string[]): readonly ImportedLot[] {
  const [only, second] = lots;
  if (!only || second || !estimate || only.lot.estimate?.amount === estimate.amount) return lots;
  if (only.lot.estimate) {
    notes.push(
      `The only lot is worth ${only.lot.estimate.amount} in the file but the tender ${estimate.amount}; the tender's value holds.`,
    );
  }
  return [{ ...only, lot: { ...only.lot, estimate } }];
}

/** The items of a tender, each with its lot. Items without a lot belong to the only one. */
export function importItems(
  tender: Place,
  lots: readonly ImportedLot[],
  newId: () => string,
  notes: string[],
): readonly ImportedItem[] {
  const live = list(member(tender, 'items'), TERMS_LIMITS.items).flatMap((place) =>
    importItem(place, lots, tender, newId, notes),
  );
  const missing = lots.filter(({ lot }) => !live.some(({ item }) => item.lotId === lot.id));
  const whole = missing.map(({ lot }) => {
    notes.push(`The lot ${JSON.stringify(lot.title)} has no item in the file; it is priced as a whole.`);
    return { item: { id: newId(), lotId: lot.id, description: lot.title, quantity: '1', unit: 'lot' }, originalId: '' };
  });
  return [...live, ...whole];
}

function importItem(
  place: Place,
  lots: readonly ImportedLot[],
  tender: Place,
  newId: () => string,
  notes: string[],
): readonly ImportedItem[] {
  const originalId = identifier(member(place, 'id'));
  const lotId = lotOf(place, lots, tender);
  if (lotId === undefined) return [];
  const unit = member(place, 'unit');
  const item: Item = {
    id: newId(),
    lotId,
    description: trimmed(
      optionalText(member(place, 'description'))?.trim() || originalId,
      TERMS_LIMITS.description,
      'The description of an item',
      notes,
    ),
    quantity: quantity(place, notes),
    unit:
      (present(unit) && (optionalText(member(unit, 'name'))?.trim() || optionalText(member(unit, 'id'))?.trim())) ||
      'unit',
    ...classification(member(place, 'classification')),
  };
  return [{ item, originalId }];
}

function lotOf(place: Place, lots: readonly ImportedLot[], tender: Place): string | undefined {
  const related = member(place, 'relatedLot');
  const [only] = lots;
  if (!present(related) || only?.originalId === '') {
    return lots.length === 1 ? only!.lot.id : malformed(related, 'is missing while the tender has several lots');
  }
  const found = lots.find(({ originalId }) => originalId === identifier(related));
  if (found) return found.lot.id;
  const left = list(member(tender, 'lots'), TERMS_LIMITS.lots).some(
    (lot) => identifier(member(lot, 'id')) === identifier(related),
  );
  return left ? undefined : malformed(related, 'names no lot of the tender');
}

function quantity(place: Place, notes: string[]): string {
  const value = optionalDecimal(member(place, 'quantity'));
  if (value !== undefined && value !== '0') return value;
  notes.push('An item has no quantity in the file; 1 is assumed.');
  return '1';
}

function classification(place: Place): Pick<Item, 'classification'> {
  if (!present(place) || !present(member(place, 'id'))) return {};
  const scheme = optionalText(member(place, 'scheme')) ?? 'other';
  return { classification: { scheme, id: text(member(place, 'id')) } };
}
