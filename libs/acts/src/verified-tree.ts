/** What stays in memory of a tree that was verified: one hash for every 256 leaves. Each bundle that is read later is
 *  measured by it, so a source that changes its mind is caught. */
import { concatBytes, equalBytes, type Sha256 } from '@segel/encoding';
import { completeRoot, HASH_BYTES, leafHashes, RightEdge, TILE_WIDTH } from '@segel/tlog';
import { readBundle } from './bundle-reader.js';
import type { LogSource } from './log-source.js';

export class VerifiedTree {
  /** Copies of the arguments are not made. `tops` holds the hashes of all full bundles, joined; `rest` the leaf hashes
   *  of the last, partial one. */
  constructor(
    readonly size: number,
    private readonly source: LogSource,
    private readonly tops: Uint8Array,
    private readonly rest: Uint8Array,
    private readonly sha256?: Sha256,
  ) {}

  /** The tree as the source's tiles of level 1 have it, which are one in 256 of its hashes. What it says is as true as
   *  the source until its root was compared with a cosigned one. */
  static async fromTiles(source: LogSource, size: number, sha256?: Sha256): Promise<VerifiedTree> {
    const full = Math.floor(size / TILE_WIDTH);
    const tiles: Uint8Array[] = [];
    for (let n = 0; n * TILE_WIDTH < full; n++) {
      const width = Math.min(TILE_WIDTH, full - n * TILE_WIDTH);
      const data = await source.tile({ level: 1, n, width });
      if (data.length < width * HASH_BYTES) throw new Error(`a tile of level 1 has fewer than ${width} hashes`);
      tiles.push(data.subarray(0, width * HASH_BYTES));
    }
    const rest = size % TILE_WIDTH === 0 ? [] : await readBundle(source, full, size);
    return new VerifiedTree(size, source, concatBytes(...tiles), leafHashes(rest, sha256), sha256);
  }

  /** Leaves of bundle `n`. Throws when they are not those of the tree. */
  async bundle(n: number): Promise<readonly Uint8Array[]> {
    return (await this.#checked(n)).entries;
  }

  /** Root of the tree of this size, 0 to the own one. */
  async rootAt(size: number): Promise<Uint8Array> {
    if (size > this.size) throw new Error(`the log has ${this.size} leaves, not ${size}`);
    const full = Math.floor(size / TILE_WIDTH);
    const upper = edgeOf(this.tops.subarray(0, full * HASH_BYTES));
    const hashes = size % TILE_WIDTH === 0 ? new Uint8Array() : (await this.#checked(full)).hashes;
    const lower = edgeOf(hashes.subarray(0, (size % TILE_WIDTH) * HASH_BYTES));
    return new RightEdge(size, [...upper, ...lower]).root();
  }

  root(): Uint8Array {
    return new RightEdge(this.size, [...edgeOf(this.tops), ...edgeOf(this.rest)]).root();
  }

  async #checked(n: number): Promise<{ readonly entries: readonly Uint8Array[]; readonly hashes: Uint8Array }> {
    const entries = await readBundle(this.source, n, this.size);
    const hashes = leafHashes(entries, this.sha256);
    const same =
      entries.length === TILE_WIDTH
        ? equalBytes(completeRoot(hashes, this.sha256), this.tops.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES))
        : equalBytes(hashes, this.rest);
    if (!same) throw new Error(`the entries from ${n * TILE_WIDTH} on are not those of the log's tree`);
    return { entries, hashes };
  }
}

function edgeOf(hashes: Uint8Array): readonly Uint8Array[] {
  const edge = new RightEdge();
  for (let at = 0; at < hashes.length; at += HASH_BYTES) edge.append(hashes.subarray(at, at + HASH_BYTES));
  return edge.hashes;
}
