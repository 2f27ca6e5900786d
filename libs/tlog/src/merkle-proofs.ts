/** Inclusion and consistency proofs: which subtrees they name (RFC 6962 sections 2.1.1, 2.1.2) and how they are
 *  checked (RFC 9162 sections 2.1.3.2, 2.1.4.2). Sizes are divided, never shifted: they go up to 2^53. */
import { equalBytes } from '@segel/encoding';
import { emptyRoot, HASH_BYTES, isTreeSize, nodeHash, splitPoint, treeRoot } from './merkle.js';

/** A run of leaves, `start` to before `end`, whose root is one element of a proof. */
export type LeafRange = { readonly start: number; readonly end: number };

/** The subtrees whose roots prove the leaf at `index` in a tree of `size`, leaf's sibling first.
 *  Throws when index is not below size. RFC 6962 section 2.1.1. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size)
    throw new Error(`no leaf ${index} in a tree of ${size}`);
  const ranges: LeafRange[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/** The subtrees whose roots prove that the tree of `size1` is a prefix of that of `size2`; none when either the
 *  sizes are equal or the first is empty. Throws when size1 exceeds size2. RFC 6962 section 2.1.2. */
export function consistencyRanges(size1: number, size2: number): readonly LeafRange[] {
  if (!isTreeSize(size1) || !isTreeSize(size2) || size1 > size2) throw new Error(`no proof from ${size1} to ${size2}`);
  if (size1 === 0) return [];
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size2;
  while (end !== size1) {
    const middle = start + splitPoint(end - start);
    if (size1 <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  // The old tree's own root is known to the verifier; any other right end of it has to be told.
  return start === 0 ? ranges : [{ start, end }, ...ranges];
}

/** Inclusion proof of one leaf from all leaf hashes, for small trees held in memory (a box's set, a part list). */
export function inclusionProofOf(leafHashes: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  return inclusionRanges(index, leafHashes.length).map(({ start, end }) => treeRoot(leafHashes.slice(start, end)));
}

/** Consistency proof from the first `size1` leaves to all of them, for small trees held in memory. */
export function consistencyProofOf(leafHashes: readonly Uint8Array[], size1: number): readonly Uint8Array[] {
  return consistencyRanges(size1, leafHashes.length).map(({ start, end }) => treeRoot(leafHashes.slice(start, end)));
}

const areHashes = (...hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === HASH_BYTES);
const half = (n: number): number => Math.floor(n / 2);

/** True when `proof` shows the leaf hash at `index` of the tree of `size` leaves with this root (all hashes
 *  32 bytes). False for anything else, malformed numbers included; never throws. RFC 9162 section 2.1.3.2. */
export function verifyInclusion(
  index: number,
  size: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size) return false;
  if (!areHashes(leafHash, root, ...proof)) return false;
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      for (; node % 2 === 0 && node !== 0; node /= 2) last = half(last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, root);
}

/** True when `proof` shows that the tree (size1, root1) is a prefix of (size2, root2). Equal sizes need equal roots
 *  and no proof; from the empty tree there is nothing to prove, so the proof must be empty (C2SP tlog-witness).
 *  False for anything else, malformed numbers included; never throws. RFC 9162 section 2.1.4.2. */
export function verifyConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isTreeSize(size1) || !isTreeSize(size2) || size1 > size2) return false;
  if (!areHashes(root1, root2, ...proof)) return false;
  if (size1 === size2 && size1 === 0 && !equalBytes(root2, emptyRoot())) return false;
  if (size1 === size2) return proof.length === 0 && equalBytes(root1, root2);
  if (size1 === 0) return proof.length === 0 && equalBytes(root1, emptyRoot());
  let node = size1 - 1;
  let last = size2 - 1;
  for (; node % 2 === 1; node = half(node)) last = half(last);
  // A complete old tree is itself the first element and is left out of the proof.
  const [first, ...rest] = node === 0 ? [root1, ...proof] : proof;
  if (first === undefined) return false;
  return foldConsistency(node, last, first, rest, root1, root2);
}

function foldConsistency(
  firstNode: number,
  firstLast: number,
  first: Uint8Array,
  rest: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): boolean {
  let node = firstNode;
  let last = firstLast;
  let hash1 = first;
  let hash2 = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      for (; node % 2 === 0 && node !== 0; node /= 2) last = half(last);
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(hash1, root1) && equalBytes(hash2, root2);
}
