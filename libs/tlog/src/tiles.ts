/** The tree as tiles (C2SP tlog-tiles): which tiles exist, how they grow, and every hash and proof read from them. */
import { concatBytes, sha256, type Sha256 } from '@segel/encoding';
import { completeSubtrees, emptyRoot, HASH_BYTES, isTreeSize, RightEdge, splitPoint, treeRoot } from './merkle.js';
import { consistencyRanges, inclusionRanges, type LeafRange } from './merkle-proofs.js';
import { completeRoot } from './tile-builder.js';
import { TILE_WIDTH, type Tile } from './tile-path.js';

/** Reads the bytes of a hash tile, at least `width` hashes of it (a fuller tile may be given: its beginning is the same). */
export type ReadTile = (level: number, n: number, width: number) => Promise<Uint8Array> | Uint8Array;

/** A hash tile with its bytes: `width` hashes of 32. */
export type HashTile = {
  readonly level: number;
  readonly n: number;
  readonly width: number;
  readonly data: Uint8Array;
};

/** Hashes that the tiles of a level hold altogether, in a tree of this size: floor(size / 256^level). */
const hashesAtLevel = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level);

function newAtLevel(level: number | 'entries', before: number, after: number): readonly Tile[] {
  const tiles: Tile[] = [];
  if (after <= before) return tiles;
  for (let n = Math.floor(before / TILE_WIDTH); n * TILE_WIDTH < after; n++) {
    tiles.push({ level, n, width: Math.min(TILE_WIDTH, after - n * TILE_WIDTH) });
  }
  return tiles;
}

function checkGrowth(oldSize: number, newSize: number): void {
  if (!isTreeSize(oldSize) || !isTreeSize(newSize) || oldSize > newSize) {
    throw new Error(`a tree cannot grow from ${oldSize} to ${newSize}`);
  }
}

/** The hash tiles that a tree of `newSize` has and one of `oldSize` has not, partial ones included, lowest level
 *  first; from 0 these are all its tiles. Throws when the tree would shrink. */
export function newTiles(oldSize: number, newSize: number): readonly (Tile & { readonly level: number })[] {
  checkGrowth(oldSize, newSize);
  const tiles: Tile[] = [];
  for (let level = 0; hashesAtLevel(newSize, level) > 0; level++) {
    tiles.push(...newAtLevel(level, hashesAtLevel(oldSize, level), hashesAtLevel(newSize, level)));
  }
  return tiles as readonly (Tile & { readonly level: number })[];
}

/** The entry bundles that a tree of `newSize` has and one of `oldSize` has not. Throws when the tree would shrink. */
export function newBundles(oldSize: number, newSize: number): readonly Tile[] {
  checkGrowth(oldSize, newSize);
  return newAtLevel('entries', oldSize, newSize);
}

/** The hash tiles that change when `leafHashes` are appended to a tree of `oldSize`, with their bytes, lowest level
 *  first; `readTile` is asked only for partial tiles of the old tree. Throws when a tile read is too short. */
export async function growTiles(
  oldSize: number,
  leafHashes: readonly Uint8Array[],
  readTile: ReadTile,
): Promise<readonly HashTile[]> {
  if (!isTreeSize(oldSize + leafHashes.length)) throw new Error('the tree is full');
  const tiles: HashTile[] = [];
  let added = leafHashes;
  for (let level = 0; added.length > 0; level++) {
    const before = hashesAtLevel(oldSize, level);
    const grown = await growLevel(level, before, added, readTile);
    tiles.push(...grown);
    added = grown.filter((tile) => tile.width === TILE_WIDTH).map((tile) => treeRoot(hashesOf(tile.data)));
  }
  return tiles;
}

async function growLevel(
  level: number,
  before: number,
  added: readonly Uint8Array[],
  readTile: ReadTile,
): Promise<readonly HashTile[]> {
  const n = Math.floor(before / TILE_WIDTH);
  const kept = before % TILE_WIDTH;
  const start = kept === 0 ? new Uint8Array() : await readWidth(readTile, level, n, kept);
  const hashes = [...hashesOf(start), ...added];
  return newAtLevel(level, before, before + added.length).map((tile) => {
    const from = (tile.n - n) * TILE_WIDTH;
    return { level, n: tile.n, width: tile.width, data: concatBytes(...hashes.slice(from, from + tile.width)) };
  });
}

async function readWidth(readTile: ReadTile, level: number, n: number, width: number): Promise<Uint8Array> {
  const data = await readTile(level, n, width);
  if (data.length < width * HASH_BYTES || data.length % HASH_BYTES !== 0 || data.length > TILE_WIDTH * HASH_BYTES) {
    throw new Error(`tile ${level}/${n} has ${data.length} bytes, not the ${width} hashes asked for`);
  }
  return data.subarray(0, width * HASH_BYTES);
}

/** The hashes (32 bytes each) of a tile's bytes. Throws when they do not divide evenly. */
export function hashesOf(data: Uint8Array): readonly Uint8Array[] {
  if (data.length % HASH_BYTES !== 0) throw new Error('a tile is not a whole number of hashes');
  return Array.from({ length: data.length / HASH_BYTES }, (_, i) =>
    data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** Hashes of the tree of one size, read from its tiles; each tile is asked for once. What it returns is as true as
 *  the tiles: check a proof or {@link rootFromTiles} against a cosigned checkpoint. */
export class TiledTree {
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  constructor(
    readonly size: number,
    private readonly readTile: ReadTile,
    private readonly hash: Sha256 = sha256,
  ) {
    if (!isTreeSize(size)) throw new Error(`${size} is not a tree size`);
  }

  /** Root over the leaves of a range that a proof names. */
  async rangeRoot({ start, end }: LeafRange): Promise<Uint8Array> {
    const leaves = end - start;
    if (leaves === 0) return emptyRoot();
    const whole = splitPoint(leaves + 1);
    if (whole === leaves && start % leaves === 0) return this.#completeRoot(start, leaves);
    const middle = start + splitPoint(leaves);
    const parts = [this.rangeRoot({ start, end: middle }), this.rangeRoot({ start: middle, end })] as const;
    const [left, right] = await Promise.all(parts);
    return completeRoot(concatBytes(left, right), this.hash);
  }

  /** A complete subtree is a run of hashes within one tile: `leaves` is a power of two that divides `start`. */
  async #completeRoot(start: number, leaves: number): Promise<Uint8Array> {
    let level = 0;
    while (TILE_WIDTH ** (level + 1) <= leaves) level++;
    const first = start / TILE_WIDTH ** level;
    const n = Math.floor(first / TILE_WIDTH);
    const from = (first % TILE_WIDTH) * HASH_BYTES;
    const data = await this.#tile(level, n);
    return completeRoot(data.subarray(from, from + (leaves / TILE_WIDTH ** level) * HASH_BYTES), this.hash);
  }

  #tile(level: number, n: number): Promise<Uint8Array> {
    const name = `${level}/${n}`;
    const width = Math.min(TILE_WIDTH, hashesAtLevel(this.size, level) - n * TILE_WIDTH);
    const tile = this.#tiles.get(name) ?? readWidth(this.readTile, level, n, width);
    this.#tiles.set(name, tile);
    return tile;
  }
}

/** Root (32 bytes) of the tree of this size, computed from its tiles. */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Uint8Array> {
  return new TiledTree(size, readTile).rangeRoot({ start: 0, end: size });
}

/** The right edge of the tree of this size, so that a sequencer can go on after a restart. */
export async function rightEdgeFromTiles(size: number, readTile: ReadTile): Promise<RightEdge> {
  const tree = new TiledTree(size, readTile);
  const roots = completeSubtrees(size).map(({ start, width }) => tree.rangeRoot({ start, end: start + width }));
  return new RightEdge(size, await Promise.all(roots));
}

/** Inclusion proof of the leaf at `index` in the tree of `size`. Throws when there is no such leaf. RFC 6962 section 2.1.1. */
export async function inclusionProof(
  index: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): Promise<readonly Uint8Array[]> {
  const tree = new TiledTree(size, readTile, hash);
  return Promise.all(inclusionRanges(index, size).map((range) => tree.rangeRoot(range)));
}

/** Consistency proof from `size1` to `size2`, read from the tiles of size2. Throws when size1 exceeds size2. RFC 6962 section 2.1.2. */
export async function consistencyProof(
  size1: number,
  size2: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): Promise<readonly Uint8Array[]> {
  const tree = new TiledTree(size2, readTile, hash);
  return Promise.all(consistencyRanges(size1, size2).map((range) => tree.rangeRoot(range)));
}

/** The leaf hash at `index` as the tiles of a tree of `size` have it. Throws when there is no such leaf. */
export async function leafHashFromTiles(index: number, size: number, readTile: ReadTile): Promise<Uint8Array> {
  if (!isTreeSize(index) || index >= size) throw new Error(`no leaf ${index} in a tree of ${size}`);
  return new TiledTree(size, readTile).rangeRoot({ start: index, end: index + 1 });
}
