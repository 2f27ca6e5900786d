/** Names of tiles and entry bundles, exactly as C2SP tlog-tiles has them. */
import { isTreeSize } from './merkle.js';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** A tile of hashes at a level 0…63, or a bundle of entries; `n` is its index within the level and `width` how many
 *  hashes or entries it holds, 1…256 (less than 256: partial). */
export type Tile = { readonly level: number | 'entries'; readonly n: number; readonly width: number };

/** `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`; N in groups of three digits: 1234067 is `x001/x234/067`.
 *  Throws on numbers outside the format. C2SP tlog-tiles. */
export function tilePath({ level, n, width }: Tile): string {
  if (level !== 'entries' && (!Number.isInteger(level) || level < 0 || level > 63))
    throw new Error(`no level ${level}`);
  if (!isTreeSize(n)) throw new Error(`${n} is not a tile index`);
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) throw new Error(`${width} is not a tile width`);
  const groups = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile of a path (no leading slash). Throws on every path that {@link tilePath} would not write: leading
 *  zeroes and groups, level above 63, width 0 or 256 and beyond, indexes past 2^53. */
export function parseTilePath(path: string): Tile {
  const [, level, groups, width] = PATH.exec(path) ?? [];
  if (level === undefined || groups === undefined) throw new Error(`${JSON.stringify(path)} is not a tile path`);
  const tile: Tile = {
    level: level === 'entries' ? 'entries' : Number(level),
    n: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (!isTreeSize(tile.n) || tilePath(tile) !== path) throw new Error(`${JSON.stringify(path)} is not a tile path`);
  return tile;
}

/** How many leaves a tree must have for the tile to exist: (n × 256 + width) × 256^level. */
export function coveredLeaves({ level, n, width }: Tile): number {
  return (n * TILE_WIDTH + width) * (level === 'entries' ? 1 : TILE_WIDTH ** level);
}
