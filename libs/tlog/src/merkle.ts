/** The Merkle tree of RFC 6962 section 2.1: hashes, roots, and the right edge that lets a log grow without its leaves. */
import { concatBytes, sha256, u8 } from '@segel/encoding';

/** Bytes of one tree hash (SHA-256). */
export const HASH_BYTES = 32;

const LEAF_PREFIX = u8(0);
const NODE_PREFIX = u8(1);

/** Leaf hash of an entry's bytes: SHA-256(0x00 ‖ entry). RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF_PREFIX, entry));
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), both 32 bytes. RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE_PREFIX, left, right));
}

/** Root of the tree without leaves: SHA-256 of nothing. RFC 6962 section 2.1. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array());
}

/** True for 0…2^53−1: the sizes and indexes this library accepts. */
export function isTreeSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The greatest power of two below n; n is at least 2. RFC 6962 calls it k. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Root (32 bytes) over leaf hashes in order: MTH of RFC 6962 section 2.1. */
export function treeRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
  const edge = new RightEdge();
  for (const hash of leafHashes) edge.append(hash);
  return edge.root();
}

/** Roots of the complete subtrees a tree of this size falls into, largest first: each `{start, width}` in leaves. */
export function completeSubtrees(size: number): readonly { readonly start: number; readonly width: number }[] {
  if (!isTreeSize(size)) throw new Error(`${size} is not a tree size`);
  const subtrees: { start: number; width: number }[] = [];
  for (let start = 0, rest = size; rest > 0;) {
    const width = splitPoint(rest + 1);
    subtrees.push({ start, width });
    start += width;
    rest -= width;
  }
  return subtrees;
}

/** The right edge of a growing tree: one hash per complete subtree, largest first. It is all a sequencer must hold
 *  to append, and can be kept or rebuilt from tiles ({@link completeSubtrees} says which hashes). */
export class RightEdge {
  #size: number;
  readonly #hashes: Uint8Array[];

  /** Restores an edge: `hashes` are those that {@link RightEdge.hashes} gave at `size`. Throws when their count is wrong. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    if (completeSubtrees(size).length !== hashes.length) {
      throw new Error(`a tree of ${size} leaves has another number of complete subtrees than ${hashes.length}`);
    }
    if (hashes.some((hash) => hash.length !== HASH_BYTES)) throw new Error('a hash of the right edge is not 32 bytes');
    this.#size = size;
    this.#hashes = [...hashes];
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** The hashes to restore this edge from. */
  get hashes(): readonly Uint8Array[] {
    return [...this.#hashes];
  }

  /** Appends one leaf hash (32 bytes). */
  append(hash: Uint8Array): void {
    if (hash.length !== HASH_BYTES) throw new Error('a leaf hash has 32 bytes');
    if (!isTreeSize(this.#size + 1)) throw new Error('the tree is full');
    let carried = hash;
    // Each trailing one bit of the old size is a complete subtree as large as the one carried: they merge.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) carried = nodeHash(this.#hashes.pop()!, carried);
    this.#hashes.push(carried);
    this.#size++;
  }

  /** Root (32 bytes) of the tree so far. */
  root(): Uint8Array {
    let root = this.#hashes.at(-1);
    if (root === undefined) return emptyRoot();
    for (let i = this.#hashes.length - 2; i >= 0; i--) root = nodeHash(this.#hashes[i]!, root);
    return root;
  }
}
