import { compareBytes, fromBase64, taggedHash, toBase64 } from '@segel/encoding';
import type { Decimal } from './decimal.js';
import { fixed } from './decimal.js';
import type { Reason } from './evaluation-types.js';
import type { RulePack } from './rule-pack.js';

type Candidate = { readonly total: Decimal; readonly commitment: string; readonly index: number };

export type Ranked<T extends Candidate> = {
  readonly candidate: T;
  readonly position: number;
  readonly reasons: readonly Reason[];
  readonly tieKey?: string;
};

/** Orders valid bids by price, lowest first, equal prices by the pack's tie rule.
 *  @param setRoot base64 root of the frozen box, for the draw */
export function rank<T extends Candidate>(
  candidates: readonly T[],
  pack: Pick<RulePack, 'tieRule' | 'scale'>,
  setRoot: string,
): readonly Ranked<T>[] {
  const keyed = candidates.map((candidate) => ({ candidate, key: tieKey(setRoot, candidate.commitment) }));
  keyed.sort((a, b) => {
    const byPrice = a.candidate.total.cmp(b.candidate.total);
    if (byPrice !== 0) return byPrice;
    return pack.tieRule === 'earliest' ? a.candidate.index - b.candidate.index : compareBytes(a.key, b.key);
  });
  const lowest = keyed[0]?.candidate.total;
  return keyed.map(({ candidate, key }, i) => {
    const tied = keyed.some((other) => other.candidate !== candidate && other.candidate.total.eq(candidate.total));
    const reasons = [priceReason(candidate.total, lowest!, pack.scale), ...(tied ? [TIE_REASONS[pack.tieRule]] : [])];
    return {
      candidate,
      position: i + 1,
      reasons,
      ...(tied && pack.tieRule === 'draw' ? { tieKey: toBase64(key) } : {}),
    };
  });
}

/** The draw: `TH("segel/evaluation/tie/v1", set_root, commitment)`, lower first. The box is frozen before any price is
 *  known and its root depends on every bid in it, so no bidder and no official can choose the order. */
export function tieKey(setRoot: string, commitment: string): Uint8Array {
  const [root, leaf] = [fromBase64(setRoot), fromBase64(commitment)];
  if (root.length !== 32 || leaf.length !== 32) throw new Error('set root and commitment are of 32 bytes');
  return taggedHash('segel/evaluation/tie/v1', root, leaf);
}

const TIE_REASONS: Readonly<Record<RulePack['tieRule'], Reason>> = {
  earliest: { code: 'tie', text: 'Another bid has the same price; the earlier place in the log decides.' },
  draw: { code: 'tie', text: 'Another bid has the same price; the draw by hash of the frozen box decides.' },
};

function priceReason(total: Decimal, lowest: Decimal, scale: number): Reason {
  if (total.eq(lowest))
    return { code: 'lowest_price', text: `The price ${fixed(total, scale)} is the lowest of the valid bids.` };
  const above = fixed(total.minus(lowest), scale);
  return { code: 'higher_price', text: `The price ${fixed(total, scale)} is ${above} above the lowest.` };
}
