/** Arithmetic correction of a price form (procurement.md section 6). */
import type { Decimal } from './decimal.js';
import { decimal, fixed, roundTo, sum } from './decimal.js';
import type { PriceCorrection } from './evaluation-types.js';
import type { RulePack } from './rule-pack.js';
import type { Item, Offer } from './tender.js';

export type CorrectedOffer = { readonly total: Decimal; readonly corrections: readonly PriceCorrection[] };

/** Corrects an offer: unit price × quantity governs over the line total, a lump sum's line total stands, the total is
 *  the sum of the corrected lines. Every line is rounded to the pack's scale, by its rounding, before it is added.
 *  @param items the lot's items; every price line must name one of them
 *  @returns the exact corrected total, and each figure that differs from the original, in the order of `items` */
export function correctOffer(
  offer: Offer,
  items: readonly Item[],
  pack: Pick<RulePack, 'scale' | 'rounding'>,
): CorrectedOffer {
  const corrections: PriceCorrection[] = [];
  const note = (original: string, corrected: Decimal, itemId?: string): void => {
    if (decimal(original).eq(corrected)) return;
    corrections.push({
      ...(itemId === undefined ? {} : { itemId }),
      original,
      corrected: fixed(corrected, pack.scale),
    });
  };
  const lines = items.flatMap((item) =>
    offer.prices
      .filter((line) => line.itemId === item.id)
      .map((line) => {
        const exact = line.lumpSum ? decimal(line.lineTotal) : decimal(line.unitPrice).times(decimal(item.quantity));
        const corrected = roundTo(exact, pack.scale, pack.rounding);
        note(line.lineTotal, corrected, item.id);
        return corrected;
      }),
  );
  const total = sum(lines);
  note(offer.total, total);
  return { total, corrections };
}
