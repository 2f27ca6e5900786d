/** Reads a published log and believes nothing but its cosigned checkpoint: every entry handed out was hashed into its
 *  root first. */
import { equalBytes } from '@segel/encoding';
import {
  examineCheckpoint,
  leafHash,
  parseBundle,
  RightEdge,
  TILE_WIDTH,
  verifyCheckpoint,
  type ExaminedCheckpoint,
  type Policy,
} from '@segel/tlog';
import { logSource, type LogSource } from './log-source.js';
import { verifyWithNode } from './primitives.js';

/** One leaf as it stands in the log. */
export type LogLeaf = { readonly index: number; readonly data: Uint8Array };

/** A log of the size of its checkpoint. */
export type LogReader = {
  /** The newest published checkpoint, with the policy's quorum. `note` is its exact text. */
  readonly checkpoint: ExaminedCheckpoint;
  readonly note: string;
  readonly size: number;
  readonly policy: Policy;
  /** Leaves from `from` (0) up to, not including, `to` (size). Throws when the bundles are not those of the root. */
  readonly entries: (from?: number, to?: number) => AsyncIterable<LogLeaf>;
  /** The data of one leaf. Throws when there is none, or when the bundles are not those of the root. */
  readonly entry: (index: number) => Promise<Uint8Array>;
  /** Root of the tree of an earlier size, computed from the verified leaves. */
  readonly rootAt: (size: number) => Promise<Uint8Array>;
  /** The first published checkpoint of at least this size: signed by the log, and a prefix of this tree. Its quorum
   *  is for the caller to look at. Undefined when the source keeps none. */
  readonly firstCheckpoint: (size: number) => Promise<ExaminedCheckpoint | undefined>;
};

export type OpenLogOptions = {
  /** Replaces fetch, e.g. in tests. */
  readonly fetch?: typeof fetch;
  /** Read at this checkpoint (its note) instead of the newest one. */
  readonly checkpoint?: string;
};

/** Bundles kept in memory after they were read: about a quarter of a million entries. */
const CACHED_BUNDLES = 1024;
const CONCURRENT_READS = 8;

/** Opens the log at a URL (`https://host/log`) or in a folder. Throws when the checkpoint is not signed by a log of the
 *  policy or has no quorum; entries are verified when the first one is asked for. */
export async function openLog(base: string, policy: Policy, options: OpenLogOptions = {}): Promise<LogReader> {
  const source = logSource(base, options.fetch);
  const note = options.checkpoint ?? (await source.checkpoint());
  const checkpoint = verifyCheckpoint(policy, note, verifyWithNode);
  return readerOf(source, policy, note, checkpoint);
}

function readerOf(source: LogSource, policy: Policy, note: string, checkpoint: ExaminedCheckpoint): LogReader {
  const { size } = checkpoint;
  const bundles = new Bundles(source, size);
  let verified: Promise<readonly Uint8Array[]> | undefined;
  const leafHashes = (): Promise<readonly Uint8Array[]> => (verified ??= verifyLeaves(bundles, checkpoint));

  async function* entries(from = 0, to = size): AsyncGenerator<LogLeaf> {
    if (from < 0 || to > size) throw new Error(`the log has the leaves 0 to ${size - 1}`);
    const hashes = await leafHashes();
    for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n++) {
      const leaves = await bundles.read(n);
      for (const [i, data] of leaves.entries()) {
        const index = n * TILE_WIDTH + i;
        if (index < from || index >= to) continue;
        // Read again after the cache let it go: a source that changes its mind must be caught.
        if (!equalBytes(leafHash(data), hashes[index]!)) throw new Error(`leaf ${index} changed while it was read`);
        yield { index, data };
      }
    }
  }

  async function rootAt(at: number): Promise<Uint8Array> {
    if (at > size) throw new Error(`the log has ${size} leaves, not ${at}`);
    const edge = new RightEdge();
    for (const hash of (await leafHashes()).slice(0, at)) edge.append(hash);
    return edge.root();
  }

  return {
    checkpoint,
    note,
    size,
    policy,
    entries,
    rootAt,
    async entry(index) {
      for await (const leaf of entries(index, index + 1)) return leaf.data;
      throw new Error(`the log has no leaf ${index}`);
    },
    async firstCheckpoint(minimum) {
      const earlier = await source.firstCheckpoint(minimum);
      if (earlier === undefined) return undefined;
      const examined = examineCheckpoint(policy, earlier, verifyWithNode);
      if (examined.origin !== checkpoint.origin) throw new Error('an earlier checkpoint is of another log');
      if (examined.size < minimum) throw new Error(`a checkpoint of ${examined.size} leaves does not hold ${minimum}`);
      if (!equalBytes(await rootAt(examined.size), examined.root)) {
        throw new Error(`the checkpoint of size ${examined.size} is not a prefix of the log: it was rewritten`);
      }
      return examined;
    },
  };
}

/** Leaf hashes of the whole log, after their root was compared with the checkpoint's. */
async function verifyLeaves(bundles: Bundles, { size, root }: ExaminedCheckpoint): Promise<readonly Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  const edge = new RightEdge();
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    bundles.ahead(n);
    for (const data of await bundles.read(n)) {
      const hash = leafHash(data);
      hashes.push(hash);
      edge.append(hash);
    }
  }
  if (!equalBytes(edge.root(), root)) throw new Error('the entries of the log do not give the root of its checkpoint');
  return hashes;
}

/** Entry bundles, each read once while the cache has room. */
class Bundles {
  readonly #cache = new Map<number, Promise<readonly Uint8Array[]>>();

  constructor(
    private readonly source: LogSource,
    private readonly size: number,
  ) {}

  read(n: number): Promise<readonly Uint8Array[]> {
    const cached = this.#cache.get(n);
    if (cached !== undefined) return cached;
    const read = this.#read(n);
    this.#cache.set(n, read);
    if (this.#cache.size > CACHED_BUNDLES) this.#cache.delete(this.#cache.keys().next().value!);
    return read;
  }

  /** Begins to read the next bundles, so that a far log is not read one round trip at a time. */
  ahead(n: number): void {
    for (let next = n; next < n + CONCURRENT_READS && next * TILE_WIDTH < this.size; next++) {
      // Whoever awaits it gets the error; here it must not end the process.
      this.read(next).catch(() => undefined);
    }
  }

  async #read(n: number): Promise<readonly Uint8Array[]> {
    const width = Math.min(TILE_WIDTH, this.size - n * TILE_WIDTH);
    const bytes = await this.source.tile({ level: 'entries', n, width });
    return firstEntries(bytes, width);
  }
}

/** The first entries of a bundle that may hold more of them than this tree has. */
function firstEntries(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  let held = 0;
  for (let at = 0; at + 2 <= bytes.length; held++) at += 2 + bytes[at]! * 256 + bytes[at + 1]!;
  return parseBundle(bytes, held).slice(0, count);
}
