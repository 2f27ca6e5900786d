/** What a smaller tree was, told by the larger one: hashes that give both roots. Unlike a consistency proof, which only
 *  says yes, they show a tree that is **no** prefix to anybody: a fork (protocol section 9). */
import { emptyRoot, nodeHash, RightEdge, splitPoint } from './merkle.js';
import type { LeafRange } from './merkle-proofs.js';

/** The complete subtrees of the first `size1` leaves, then those that make the tree of `size2` of them, left to right.
 *  Throws when size1 exceeds size2. */
export function prefixRanges(size1: number, size2: number): readonly LeafRange[] {
  if (size1 > size2) throw new Error(`a tree of ${size2} leaves has no prefix of ${size1}`);
  const within = (start: number, end: number): readonly LeafRange[] => {
    if (start === end) return [];
    const cut = size1 > start && size1 < end;
    const open = end <= size1 && splitPoint(end - start + 1) !== end - start;
    if (!cut && !open) return [{ start, end }];
    const middle = start + splitPoint(end - start);
    return [...within(start, middle), ...within(middle, end)];
  };
  return within(0, size2);
}

/** The roots of both sizes that these hashes (of {@link prefixRanges}, in order) give: when `root2` is a cosigned one,
 *  `root1` is what that tree had at size1. Throws when their number is wrong. */
export function rootsOfPrefix(
  size1: number,
  size2: number,
  hashes: readonly Uint8Array[],
): { readonly root1: Uint8Array; readonly root2: Uint8Array } {
  const ranges = prefixRanges(size1, size2);
  if (ranges.length !== hashes.length) throw new Error(`${ranges.length} hashes show this, not ${hashes.length}`);
  const at = new Map(ranges.map(({ start, end }, i) => [`${start} ${end}`, hashes[i]!]));
  const fold = (start: number, end: number): Uint8Array => {
    const known = at.get(`${start} ${end}`);
    if (known !== undefined) return known;
    const middle = start + splitPoint(end - start);
    return nodeHash(fold(start, middle), fold(middle, end));
  };
  const before = hashes.slice(0, ranges.filter(({ end }) => end <= size1).length);
  return { root1: new RightEdge(size1, before).root(), root2: size2 === 0 ? emptyRoot() : fold(0, size2) };
}
