/** Bids of the OCDS bid extension: `bids.details`. */
import type { ImportedLot } from './import.js';
import type { Place } from './reader.js';
import { identifier, list, malformed, member, optionalMoney, optionalText, present } from './reader.js';

export type ImportedBid = {
  readonly tenderers: readonly { readonly id: string; readonly name: string }[];
  /** The new id of the lot. */
  readonly lotId: string;
  readonly amount: string;
  readonly currency: string;
};

/** The file's bids that name an amount and a lot, in its order. What is left out is noted. */
export function importBids(
  release: Place,
  lots: readonly ImportedLot[],
  currency: string,
  notes: string[],
): readonly ImportedBid[] {
  const bids = member(release, 'bids');
  if (!present(bids)) return [];
  return list(member(bids, 'details'), 10_000).flatMap((bid) => importBid(bid, lots, currency, notes));
}

function importBid(
  bid: Place,
  lots: readonly ImportedLot[],
  currency: string,
  notes: string[],
): readonly ImportedBid[] {
  const status = optionalText(member(bid, 'status')) ?? 'valid';
  if (status !== 'valid' && status !== 'pending') {
    notes.push(`A bid of the file is ${status} and left out.`);
    return [];
  }
  const value = optionalMoney(member(bid, 'value'));
  const tenderers = list(member(bid, 'tenderers'), 100).map(tenderer);
  const related = list(member(bid, 'relatedLots'), 200);
  const targets = related.length > 0 ? related.flatMap((place) => lotOf(place, lots)) : lots.map(({ lot }) => lot.id);
  if (!value || tenderers.length === 0 || targets.length !== 1) {
    notes.push('A bid of the file without one amount, one lot and a tenderer is left out.');
    return [];
  }
  if (value.currency !== currency) return malformed(member(member(bid, 'value'), 'currency'), `is not ${currency}`);
  return [{ tenderers, lotId: targets[0]!, amount: value.amount, currency }];
}

function tenderer(place: Place): ImportedBid['tenderers'][number] {
  const id = identifier(member(place, 'id'));
  return { id, name: optionalText(member(place, 'name'))?.trim() || id };
}

// None for a lot that was left out: its bids are left out with it.
function lotOf(place: Place, lots: readonly ImportedLot[]): readonly string[] {
  const found = lots.find(({ originalId }) => originalId === identifier(place));
  return found ? [found.lot.id] : [];
}
