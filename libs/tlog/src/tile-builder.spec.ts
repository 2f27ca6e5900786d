import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { equalBytes, sha256, u32be } from '@segel/encoding';
import { encodeBundle } from './bundle.js';
import { leafHash, treeRoot } from './merkle.js';
import { prefixRanges, rootsOfPrefix } from './prefix-proof.js';
import { bundleEntries, completeRoot, leafHashes, TileBuilder } from './tile-builder.js';
import { TILE_WIDTH } from './tile-path.js';
import { growTiles, TiledTree, type HashTile } from './tiles.js';

const entries = Array.from({ length: 70_000 }, (_, i) => u32be(i));
const hashes = leafHashes(entries, (data) => new Uint8Array(createHash('sha256').update(data).digest()));
const first = (size: number): Uint8Array => hashes.subarray(0, size * 32);
const listed = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => hashes.slice(i * 32, (i + 1) * 32));
const key = ({ level, n }: { readonly level: number; readonly n: number }): string => `${level}/${n}`;

/** Every tile of a tree of this size. */
function tilesOf(builder: TileBuilder, size: number): Map<string, HashTile> {
  const tiles = new Map<string, HashTile>();
  for (const tile of builder.append(first(size))) tiles.set(key(tile), tile);
  for (const tile of builder.partial()) tiles.set(key(tile), tile);
  return tiles;
}

describe('a tree grown tile by tile', () => {
  it('hashes leaves and complete subtrees as RFC 6962 does', () => {
    expect(first(300)).toEqual(leafHashes(entries.slice(0, 300)));
    expect(listed(5)).toEqual(entries.slice(0, 5).map(leafHash));
    for (const size of [1, 2, 8, 256]) expect(completeRoot(first(size))).toEqual(treeRoot(listed(size)));
    expect(() => completeRoot(first(6))).toThrow('power of two');
  });

  it.each([0, 1, 7, 255, 256, 257, 1000, 65_535, 65_536, 65_793])('has root and tiles of %i leaves', async (size) => {
    const builder = new TileBuilder();
    const tiles = tilesOf(builder, size);
    expect(builder.size).toBe(size);
    expect(builder.root()).toEqual(treeRoot(listed(size)));
    const expected = await growTiles(0, listed(size), () => new Uint8Array());
    expect([...tiles.values()].map(key).sort()).toEqual(expected.map(key).sort());
    // Compared here: the test library would take seconds over so many bytes.
    const differing = expected.filter((tile) => !equalBytes(tiles.get(key(tile))!.data, tile.data));
    expect(differing.map(key)).toEqual([]);
  });

  it('gives the same however it is cut into pieces, and after it was restored from partial tiles', async () => {
    const whole = new TileBuilder();
    whole.append(hashes);
    let builder = new TileBuilder();
    const kept = new Map<string, HashTile>();
    let at = 0;
    for (const step of [1, 8, 247, 300, 65_000, 4444]) {
      for (const tile of builder.append(hashes.subarray(at * 32, (at + step) * 32))) kept.set(key(tile), tile);
      for (const tile of builder.partial()) kept.set(key(tile), tile);
      at += step;
      builder = await TileBuilder.restore(at, (level, n) => kept.get(key({ level, n }))!.data);
      expect(builder.root()).toEqual(treeRoot(listed(at)));
    }
    expect(builder.root()).toEqual(whole.root());
    await expect(TileBuilder.restore(at, () => new Uint8Array(31))).rejects.toThrow('fewer');
  });

  it('refuses what are no leaf hashes', () => {
    expect(() => new TileBuilder().append(new Uint8Array(33))).toThrow('32 bytes');
  });

  it('reads the beginning of a fuller bundle, and refuses one with less', () => {
    const bundle = encodeBundle(entries.slice(0, 10));
    expect(bundleEntries(bundle, 8)).toEqual(entries.slice(0, 8));
    expect(() => bundleEntries(bundle, 11)).toThrow('holds 10 entries, not 11');
    expect(() => bundleEntries(bundle.subarray(0, 9), 1)).toThrow('ends within');
  });
});

describe('a prefix told by the larger tree', () => {
  it.each([
    [0, 5],
    [1, 5],
    [4, 5],
    [5, 5],
    [6, 7],
    [255, 300],
    [256, 70_000],
    [69_999, 70_000],
  ])('shows both roots of %i and %i', async (size1, size2) => {
    const tiles = tilesOf(new TileBuilder(), size2);
    const tree = new TiledTree(size2, (level, n) => tiles.get(key({ level, n }))!.data);
    const given = await Promise.all(prefixRanges(size1, size2).map((range) => tree.rangeRoot(range)));
    expect(given.length).toBeLessThan(2 * Math.log2(TILE_WIDTH ** 3));
    const roots = rootsOfPrefix(size1, size2, given);
    expect([roots.root1, roots.root2]).toEqual([treeRoot(listed(size1)), treeRoot(listed(size2))]);
    if (given.length === 0) return;
    const changed = rootsOfPrefix(size1, size2, given.with(0, sha256(given[0]!)));
    expect(changed.root2).not.toEqual(roots.root2);
    expect(() => rootsOfPrefix(size1, size2, given.slice(1))).toThrow('hashes show this');
  });

  it('refuses sizes that cannot be', () => {
    expect(() => prefixRanges(6, 5)).toThrow('no prefix');
  });
});
