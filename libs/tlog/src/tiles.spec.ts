import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatBytes, toHex, utf8 } from '@segel/encoding';
import { encodeBundle, parseBundle } from './bundle.js';
import { leafHash, RightEdge } from './merkle.js';
import { verifyConsistency, verifyInclusion } from './merkle-proofs.js';
import { parseTilePath, TILE_WIDTH, tilePath } from './tile-path.js';
import {
  consistencyProof,
  growTiles,
  inclusionProof,
  leafHashFromTiles,
  newBundles,
  newTiles,
  rightEdgeFromTiles,
  rootFromTiles,
  type ReadTile,
} from './tiles.js';

const known: Uint8Array[] = [];
const hash = (i: number): Uint8Array => (known[i] ??= leafHash(utf8(`entry ${i}`)));
const hashes = (from: number, to: number): readonly Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => hash(from + i));

/** A log kept the way a publisher keeps it: one immutable object per tile path, partial ones included. */
class TileFolder {
  readonly files = new Map<string, Uint8Array>();
  size = 0;

  readonly read: ReadTile = (level, n, width) => {
    const file = this.files.get(tilePath({ level, n, width }));
    if (file === undefined) throw new Error(`no tile ${tilePath({ level, n, width })}`);
    return file;
  };

  async growTo(size: number): Promise<void> {
    for (const { data, ...tile } of await growTiles(this.size, hashes(this.size, size), this.read)) {
      this.files.set(tilePath(tile), data);
    }
    this.size = size;
  }
}

describe('tile paths', () => {
  it.each([
    [{ level: 0, n: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, n: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 63, n: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 'entries', n: 1000, width: 255 }, 'tile/entries/x001/000.p/255'],
  ] as const)('write %j as %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('round-trip for every tile', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const));
    const n = fc.maxSafeNat();
    const width = fc.integer({ min: 1, max: TILE_WIDTH });
    fc.assert(
      fc.property(level, n, width, (l, index, w) => {
        const tile = { level: l, n: index, width: w };
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    ['/tile/0/000'],
    ['tile/00/000'],
    ['tile/64/000'],
    ['tile/-1/000'],
    ['tile/0/0'],
    ['tile/0/x000/000'],
    ['tile/0/000/000'],
    ['tile/0/x001/x002'],
    ['tile/0/X001/002'],
    ['tile/0/000.p/0'],
    ['tile/0/000.p/01'],
    ['tile/0/000.p/256'],
    ['tile/0/000.p/'],
    ['tile/0/000/'],
    ['tile/0/000\n'],
    ['tile/entries/../000'],
    ['tile/data/000'],
    [`tile/0/${'x999/'.repeat(6)}999`],
    [''],
  ])('refuse %j', (path) => {
    expect(() => parseTilePath(path)).toThrow();
  });

  it('refuse to be written for numbers outside the format', () => {
    expect(() => tilePath({ level: 64, n: 0, width: 1 })).toThrow();
    expect(() => tilePath({ level: 0, n: -1, width: 1 })).toThrow();
    expect(() => tilePath({ level: 0, n: 0, width: 257 })).toThrow();
  });
});

describe('the tiles of a tree', () => {
  it('are those of the example of 70,000 entries', () => {
    const tiles = newTiles(0, 70_000);
    const at = (level: number) => tiles.filter((tile) => tile.level === level).map((tile) => tile.width);
    expect(at(0)).toEqual([...Array<number>(273).fill(256), 112]);
    expect(at(1)).toEqual([256, 17]);
    expect(at(2)).toEqual([1]);
    expect(at(3)).toEqual([]);
    expect(newTiles(0, 256).map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect(newBundles(255, 258).map(tilePath)).toEqual(['tile/entries/000', 'tile/entries/001.p/2']);
  });

  it('are new only where the tree grew', () => {
    expect(newTiles(256, 256)).toEqual([]);
    expect(newTiles(256, 257).map(tilePath)).toEqual(['tile/0/001.p/1']);
    expect(newTiles(511, 512).map(tilePath)).toEqual(['tile/0/001', 'tile/1/000.p/2']);
    expect(() => newTiles(2, 1)).toThrow();
  });

  it('grow by the same tiles that the names promise, whatever the steps', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, async (steps) => {
        const folder = new TileFolder();
        for (const step of steps) {
          const names = newTiles(folder.size, folder.size + step).map(tilePath);
          const grown = await growTiles(folder.size, hashes(folder.size, folder.size + step), folder.read);
          expect(grown.map(tilePath)).toEqual(names);
          expect(grown.every((tile) => tile.data.length === tile.width * 32)).toBe(true);
          await folder.growTo(folder.size + step);
        }
        const edge = new RightEdge();
        for (const leaf of hashes(0, folder.size)) edge.append(leaf);
        expect(await rootFromTiles(folder.size, folder.read)).toEqual(edge.root());
        expect((await rightEdgeFromTiles(folder.size, folder.read)).hashes).toEqual(edge.hashes);
      }),
      { numRuns: 15 },
    );
  });

  it('give proofs that verify at every size up to 600, across the borders of tiles', async () => {
    const folder = new TileFolder();
    const edge = new RightEdge();
    const roots = [edge.root()];
    for (let size = 1; size <= 600; size++) {
      edge.append(hash(size - 1));
      roots.push(edge.root());
      await folder.growTo(size);
      expect(toHex(await rootFromTiles(size, folder.read))).toBe(toHex(edge.root()));
      // Sizes near a border of subtrees are looked at more closely: all proofs of all sizes would take a minute.
      const nearBorder = (size + 1) % 64 < 3;
      for (const index of nearBorder ? [0, Math.min(255, size - 1), size - 1] : [size >> 1]) {
        const proof = await inclusionProof(index, size, folder.read);
        expect(verifyInclusion(index, size, hash(index), proof, edge.root())).toBe(true);
      }
      for (const old of nearBorder ? [1, Math.min(256, size), size - 1] : [size - 1]) {
        const proof = await consistencyProof(old, size, folder.read);
        expect(verifyConsistency(old, size, roots[old]!, edge.root(), proof)).toBe(true);
      }
    }
    expect(await leafHashFromTiles(300, 600, folder.read)).toEqual(hash(300));
  }, 60_000);

  it('of three levels hold a tree of 65,793 entries', async () => {
    const folder = new TileFolder();
    await folder.growTo(65_793);
    const root = await rootFromTiles(65_793, folder.read);
    for (const index of [0, 255, 65_535, 65_536, 65_792]) {
      const proof = await inclusionProof(index, 65_793, folder.read);
      expect(verifyInclusion(index, 65_793, hash(index), proof, root)).toBe(true);
    }
    expect(folder.files.has('tile/2/000.p/1')).toBe(true);
  }, 60_000);

  it('that are cut short or missing are refused, not read as something else', async () => {
    const folder = new TileFolder();
    await folder.growTo(300);
    const short: ReadTile = async (level, n, width) => (await folder.read(level, n, width)).subarray(0, 32 * width - 1);
    await expect(rootFromTiles(300, short)).rejects.toThrow('tile');
    await expect(inclusionProof(5, 300, () => new Uint8Array())).rejects.toThrow('tile');
    await expect(inclusionProof(300, 300, folder.read)).rejects.toThrow('no leaf');
    await expect(consistencyProof(301, 300, folder.read)).rejects.toThrow('no proof');
  });
});

describe('entry bundles', () => {
  it('round-trip', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (list) => {
        expect(parseBundle(encodeBundle(list), list.length)).toEqual(list.map((entry) => Uint8Array.from(entry)));
      }),
      { numRuns: 30 },
    );
    expect(encodeBundle([utf8('ab'), new Uint8Array()])).toEqual(Uint8Array.of(0, 2, 97, 98, 0, 0));
  });

  it('hold entries of 65,535 bytes and none longer', () => {
    const longest = new Uint8Array(65_535);
    expect(parseBundle(encodeBundle([longest]), 1)[0]).toEqual(longest);
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow('over 65535');
    expect(() => encodeBundle([])).toThrow();
    expect(() => encodeBundle(Array<Uint8Array>(257).fill(utf8('x')))).toThrow();
  });

  it('are refused when truncated, overlong or of another count', () => {
    const bundle = encodeBundle([utf8('one'), utf8('two')]);
    for (let end = 0; end < bundle.length; end++) expect(() => parseBundle(bundle.subarray(0, end), 2)).toThrow();
    expect(() => parseBundle(concatBytes(bundle, Uint8Array.of(0)), 2)).toThrow();
    expect(() => parseBundle(bundle, 1)).toThrow();
    expect(() => parseBundle(bundle, 257)).toThrow();
  });
});
