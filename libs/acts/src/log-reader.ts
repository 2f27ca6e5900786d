/** Reads a published log and believes nothing but its cosigned checkpoint: every entry handed out was hashed into its
 *  root first. */
import { ed25519Verify, equalBytes, type Sha256, type VerifyEd25519 } from '@segel/encoding';
import { examineCheckpoint, TILE_WIDTH, verifyCheckpoint, type ExaminedCheckpoint, type Policy } from '@segel/tlog';
import { CheckFailed } from './failure.js';
import type { LogSource } from './log-source.js';
import { VerifiedTree } from './verified-tree.js';

/** One leaf as it stands in the log. */
export type LogLeaf = { readonly index: number; readonly data: Uint8Array };

/** A log of the size of its checkpoint. */
export type LogReader = {
  /** The newest published checkpoint, with the policy's quorum. `note` is its exact text. */
  readonly checkpoint: ExaminedCheckpoint;
  readonly note: string;
  readonly size: number;
  readonly policy: Policy;
  /** How this program checks signatures. */
  readonly verify: VerifyEd25519;
  /** Leaves from `from` (0) up to, not including, `to` (size). Throws when the bundles are not those of the root. */
  readonly entries: (from?: number, to?: number) => AsyncIterable<LogLeaf>;
  /** The data of one leaf. Throws when there is none, or when the bundles are not those of the root. */
  readonly entry: (index: number) => Promise<Uint8Array>;
  /** Root of the tree of an earlier size, computed from the verified leaves. */
  readonly rootAt: (size: number) => Promise<Uint8Array>;
  /** The first published checkpoint of at least this size: signed by the log, and a prefix of this tree. Its quorum
   *  is for the caller to look at. Undefined when the source keeps none. Throws `log_rewritten` when it is signed and no
   *  prefix. */
  readonly firstCheckpoint: (size: number) => Promise<ExaminedCheckpoint | undefined>;
};

export type ReadLogOptions = {
  /** Read at this checkpoint (its note) instead of the newest one. */
  readonly checkpoint?: string | undefined;
  /** Faster ones than JavaScript's, where the program has them. */
  readonly verify?: VerifyEd25519;
  readonly sha256?: Sha256;
};

/** Bundles kept in memory after they were read. */
const CACHED_BUNDLES = 64;
const READ_AHEAD = 16;

/** Opens the log of a source. Throws when the checkpoint is not signed by a log of the policy or has no quorum; the
 *  tree is verified when the first entry is asked for. */
export async function readLog(source: LogSource, policy: Policy, options: ReadLogOptions = {}): Promise<LogReader> {
  const { verify = ed25519Verify } = options;
  const note = options.checkpoint ?? (await source.checkpoint());
  const checkpoint = verifyCheckpoint(policy, note, verify);
  const tree = (): Promise<VerifiedTree> => openTree(source, checkpoint, options.sha256);
  return readerOf(source, { policy, note, checkpoint, verify }, tree);
}

function readerOf(
  source: LogSource,
  seen: Pick<LogReader, 'policy' | 'note' | 'checkpoint' | 'verify'>,
  open: () => Promise<VerifiedTree>,
): LogReader {
  const { checkpoint, policy, verify } = seen;
  const { size } = checkpoint;
  let opened: Promise<Bundles> | undefined;
  const bundles = (): Promise<Bundles> => (opened ??= open().then((tree) => new Bundles(tree)));
  const rootAt = async (at: number): Promise<Uint8Array> => (await bundles()).tree.rootAt(at);

  async function* entries(from = 0, to = size): AsyncGenerator<LogLeaf> {
    if (from < 0 || to > size) throw new Error(`the log has the leaves 0 to ${size - 1}`);
    const all = await bundles();
    for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n++) {
      if (to - from > TILE_WIDTH) all.ahead(n, Math.ceil(to / TILE_WIDTH));
      for (const [i, data] of (await all.read(n)).entries()) {
        const index = n * TILE_WIDTH + i;
        if (index >= from && index < to) yield { index, data };
      }
    }
  }

  return {
    ...seen,
    size,
    entries,
    rootAt,
    async entry(index) {
      for await (const leaf of entries(index, index + 1)) return leaf.data;
      throw new Error(`the log has no leaf ${index}`);
    },
    async firstCheckpoint(minimum) {
      const earlier = await source.firstCheckpoint(minimum);
      if (earlier === undefined) return undefined;
      const examined = examineCheckpoint(policy, earlier, verify);
      if (examined.origin !== checkpoint.origin) throw new Error('an earlier checkpoint is of another log');
      if (examined.size < minimum) throw new Error(`a checkpoint of ${examined.size} leaves does not hold ${minimum}`);
      if (!equalBytes(await rootAt(examined.size), examined.root)) {
        const sentence = `the checkpoint of size ${examined.size} is not a prefix of the log: it was rewritten`;
        throw new CheckFailed('log_rewritten', sentence);
      }
      return examined;
    },
  };
}

/** The tree by the source's tiles, after its root was compared with the checkpoint's. */
async function openTree(
  source: LogSource,
  { size, root }: ExaminedCheckpoint,
  sha256: Sha256 | undefined,
): Promise<VerifiedTree> {
  const tree = await VerifiedTree.fromTiles(source, size, sha256);
  if (!equalBytes(tree.root(), root)) throw new Error('the entries of the log do not give the root of its checkpoint');
  return tree;
}

/** Entry bundles, each read once while the cache has room. */
class Bundles {
  readonly #cache = new Map<number, Promise<readonly Uint8Array[]>>();

  constructor(readonly tree: VerifiedTree) {}

  read(n: number): Promise<readonly Uint8Array[]> {
    const cached = this.#cache.get(n);
    if (cached !== undefined) return cached;
    const read = this.tree.bundle(n);
    this.#cache.set(n, read);
    if (this.#cache.size > CACHED_BUNDLES) this.#cache.delete(this.#cache.keys().next().value!);
    return read;
  }

  /** Begins to read the next bundles, so that a far log is not read one round trip at a time. */
  ahead(n: number, end: number): void {
    for (let next = n; next < Math.min(n + READ_AHEAD, end); next++) {
      // Whoever awaits it gets the error; here nobody waits for it yet.
      this.read(next).catch(() => undefined);
    }
  }
}
