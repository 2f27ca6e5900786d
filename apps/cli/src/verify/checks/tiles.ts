/** Every published tile, of every level, is the one the entries give. */
import type { LogSource } from '@segel/acts';
import { equalBytes } from '@segel/encoding';
import { HASH_BYTES, TILE_WIDTH, tilePath, type HashTile, type Tile } from '@segel/tlog';
import type { Findings } from '../report.js';

/** Compares tiles as the entries give them. Those above level 0, one in 256, wait for the end. */
export class TilesCheck {
  readonly #full: HashTile[] = [];

  constructor(
    private readonly source: LogSource,
    private readonly found: Findings,
  ) {}

  /** The source's bytes of a tile, or why there are none. */
  read(tile: Tile): Promise<Uint8Array | string> {
    return this.source.tile(tile).catch((error: unknown) => (error as Error).message);
  }

  /** The tile of level 0 over these leaves. Where it differs, the entry is named in the findings of the entries. */
  compareLeaves(n: number, hashes: Uint8Array, given: Uint8Array | string, entries: Findings): void {
    const tile = { level: 0, n, width: hashes.length / HASH_BYTES, data: hashes };
    if (this.#isSame(tile, given) || typeof given === 'string' || given.length < hashes.length) return;
    for (let at = 0; at < hashes.length; at += HASH_BYTES) {
      if (equalBytes(given.subarray(at, at + HASH_BYTES), hashes.subarray(at, at + HASH_BYTES))) continue;
      const entry = n * TILE_WIDTH + at / HASH_BYTES;
      entries.error('entry_altered', `Entry ${entry} is not the one whose hash is in the tree.`, { entry });
    }
  }

  /** Tiles above level 0 that became full on the way. */
  add(tiles: readonly HashTile[]): void {
    this.#full.push(...tiles.filter(({ level }) => level > 0));
  }

  /** Compares what was added, and the partial tiles of the end. */
  async finish(partial: readonly HashTile[]): Promise<void> {
    const upper = [...this.#full, ...partial.filter(({ level }) => level > 0)];
    for (const tile of upper) this.#isSame(tile, await this.read(tile));
  }

  /** A fuller tile than asked for begins with the same hashes. */
  #isSame(tile: HashTile, given: Uint8Array | string): boolean {
    const path = tilePath(tile);
    const same = typeof given !== 'string' && equalBytes(given.subarray(0, tile.data.length), tile.data);
    if (typeof given === 'string')
      this.found.error('tile_missing', `The tile ${path} cannot be read: ${given}.`, { field: path });
    else if (!same) this.found.error('tile_wrong', `The tile ${path} is not that of the entries.`, { field: path });
    return same;
  }
}
