/** A tree grown tile by tile in memory that does not grow with it: one open tile per level (C2SP tlog-tiles). For who
 *  reads, follows or makes logs of millions of entries; {@link growTiles} is the same for a few. */
import { sha256, type Sha256 } from '@segel/encoding';
import { parseBundle } from './bundle.js';
import { emptyRoot, HASH_BYTES, isTreeSize } from './merkle.js';
import { TILE_WIDTH } from './tile-path.js';
import type { HashTile, ReadTile } from './tiles.js';

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Leaf hashes (32 bytes each, joined: the bytes of a level-0 tile) of entries in order. RFC 6962 section 2.1. */
export function leafHashes(entries: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array {
  const out = new Uint8Array(entries.length * HASH_BYTES);
  const scratch = new Uint8Array(1 + entries.reduce((longest, { length }) => Math.max(longest, length), 0));
  scratch[0] = LEAF_PREFIX;
  entries.forEach((entry, i) => {
    scratch.set(entry, 1);
    out.set(hash(scratch.subarray(0, 1 + entry.length)), i * HASH_BYTES);
  });
  return out;
}

/** Root of a complete subtree: `hashes` are 1, 2, 4, 8 … hashes of 32 bytes, joined. RFC 6962 section 2.1. */
export function completeRoot(hashes: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const level = hashes.slice();
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = NODE_PREFIX;
  for (let count = hashes.length / HASH_BYTES; count > 1; count /= 2) {
    if (count % 2 !== 0) throw new Error('a complete subtree has a power of two of leaves');
    for (let i = 0; i < count / 2; i++) {
      node.set(level.subarray(2 * i * HASH_BYTES, (2 * i + 2) * HASH_BYTES), 1);
      level.set(hash(node), i * HASH_BYTES);
    }
  }
  return level.slice(0, HASH_BYTES);
}

/** The first `width` entries of a bundle that may hold more, as a partial bundle may be gone once the full one is there;
 *  without a width all of them. Throws when it is malformed or holds fewer. */
export function bundleEntries(bytes: Uint8Array, width?: number): readonly Uint8Array[] {
  let held = 0;
  for (let at = 0; at + 2 <= bytes.length; held++) at += 2 + bytes[at]! * 256 + bytes[at + 1]!;
  const entries = parseBundle(bytes, held);
  if (width !== undefined && entries.length < width)
    throw new Error(`bundle holds ${entries.length} entries, not ${width}`);
  return entries.slice(0, width);
}

/** The open tile of a level: `width` hashes so far, 0…255. */
type OpenTile = { n: number; width: number; readonly data: Uint8Array };

export class TileBuilder {
  #size = 0;
  readonly #open: OpenTile[] = [];

  constructor(private readonly hash: Sha256 = sha256) {}

  /** The builder as it was at a size, from the partial tiles of that tree. Throws when a tile is too short; compare
   *  {@link TileBuilder.root} with a cosigned one. */
  static async restore(size: number, readTile: ReadTile, hash: Sha256 = sha256): Promise<TileBuilder> {
    if (!isTreeSize(size)) throw new Error(`${size} is not a tree size`);
    const builder = new TileBuilder(hash);
    builder.#size = size;
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      const width = count % TILE_WIDTH;
      const tile = builder.#at(level, Math.floor(count / TILE_WIDTH));
      if (width === 0) continue;
      const data = await readTile(level, tile.n, width);
      if (data.length < width * HASH_BYTES) throw new Error(`tile ${level}/${tile.n} has fewer than ${width} hashes`);
      tile.data.set(data.subarray(0, width * HASH_BYTES));
      tile.width = width;
    }
    return builder;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends leaf hashes (32 bytes each, joined) and returns the tiles that became full, lowest level first. */
  append(hashes: Uint8Array): readonly HashTile[] {
    if (hashes.length % HASH_BYTES !== 0) throw new Error('leaf hashes have 32 bytes each');
    if (!isTreeSize(this.#size + hashes.length / HASH_BYTES)) throw new Error('the tree is full');
    this.#size += hashes.length / HASH_BYTES;
    const full: HashTile[] = [];
    this.#append(0, hashes, full);
    return full;
  }

  #append(level: number, hashes: Uint8Array, full: HashTile[]): void {
    const tile = this.#at(level, 0);
    for (let at = 0; at < hashes.length;) {
      const taken = Math.min(hashes.length - at, (TILE_WIDTH - tile.width) * HASH_BYTES);
      tile.data.set(hashes.subarray(at, at + taken), tile.width * HASH_BYTES);
      tile.width += taken / HASH_BYTES;
      at += taken;
      if (tile.width < TILE_WIDTH) continue;
      full.push({ level, n: tile.n, width: TILE_WIDTH, data: tile.data.slice() });
      tile.n++;
      tile.width = 0;
      this.#append(level + 1, completeRoot(tile.data, this.hash), full);
    }
  }

  #at(level: number, n: number): OpenTile {
    return (this.#open[level] ??= { n, width: 0, data: new Uint8Array(TILE_WIDTH * HASH_BYTES) });
  }

  /** The partial tiles of the tree as it is, lowest level first. */
  partial(): readonly HashTile[] {
    return this.#open.flatMap(({ n, width, data }, level) =>
      width === 0 ? [] : [{ level, n, width, data: data.slice(0, width * HASH_BYTES) }],
    );
  }

  /** Root (32 bytes) of the tree as it is. */
  root(): Uint8Array {
    const edge = this.#open.toReversed().flatMap(({ width, data }) => this.#subtrees(width, data));
    let root = edge.pop();
    if (root === undefined) return emptyRoot();
    const node = new Uint8Array(1 + 2 * HASH_BYTES);
    node[0] = NODE_PREFIX;
    for (const left of edge.toReversed()) {
      node.set(left, 1);
      node.set(root, 1 + HASH_BYTES);
      root = this.hash(node);
    }
    return root;
  }

  /** Roots of the complete subtrees within an open tile, largest first. */
  #subtrees(width: number, data: Uint8Array): readonly Uint8Array[] {
    const roots: Uint8Array[] = [];
    for (let at = 0, size = TILE_WIDTH / 2; size >= 1; size /= 2) {
      if (width - at < size) continue;
      roots.push(completeRoot(data.subarray(at * HASH_BYTES, (at + size) * HASH_BYTES), this.hash));
      at += size;
    }
    return roots;
  }
}
