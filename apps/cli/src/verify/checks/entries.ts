/** Every entry of the log: the root they give, and what each clear one says. One pass in constant memory. */
import { type Bundle, type LogSource, readAhead, readBundle, VerifiedTree } from '@segel/acts';
import { concatBytes, equalBytes, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, ENTRY_TYPES, verifyBodySignatures, type Entry } from '@segel/evidence';
import { leafHashes, parseLeaf, TileBuilder, TILE_WIDTH } from '@segel/tlog';
import { sha256WithNode, verifyWithNode } from '../../primitives.js';
import type { Counts, Findings, ReportWriter } from '../report.js';
import type { CheckedCheckpoint } from './checkpoint.js';
import type { HistoryCheck } from './history.js';
import { StorageCheck } from './storage.js';
import type { TilesCheck } from './tiles.js';

/** A readable entry at its place in the log. Hashes are base64; `commitment` is that of a blinded leaf. */
export type LogEntry = {
  readonly index: number;
  readonly entry: Entry;
  readonly entrySha256: string;
  readonly commitment?: string;
};

/** What an `opening.erased` says was erased, and whether two different people had it done. */
export type Erasure = {
  readonly index: number;
  readonly at: Date;
  readonly type: string;
  readonly reason: string;
  readonly byTwo: boolean;
};

/** What is kept of the log for the checks of one tender. */
export type ReadLog = {
  readonly tree: VerifiedTree;
  /** Clear entries of the tender and all keys, in order: everything its checks look up. */
  readonly clear: readonly LogEntry[];
  /** Commitments of the blinded leaves that were asked for, by index. */
  readonly kept: ReadonlyMap<number, Uint8Array>;
  /** What was erased, by commitment (base64): the first word on each, a later one could tone it down. */
  readonly erased: ReadonlyMap<string, Erasure>;
  /** Where the log first names a released program, by its hash (base64). */
  readonly programs: ReadonlyMap<string, number>;
  /** Blinded leaves from the tender's publication to its last close, or to the end of the log before that. */
  readonly blindedInPeriod: number;
};

/** What is looked for: a tender, and which of its leaves are kept. Nothing is kept without it. */
export type Wanted = { readonly tenderId: string; readonly keep: ReadonlySet<number> };

type Options = {
  readonly wanted?: Wanted | undefined;
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
  /** Told of what comes up on the way. */
  readonly tiles: TilesCheck;
  readonly history: HistoryCheck;
};

/** Recomputes the root from the entry bundles and reads every leaf. An entry that was altered is named by index: its
 *  hash is not the one in the tile of level 0. Undefined when the bundles could not be read to the end. */
export async function entriesCheck(
  writer: ReportWriter,
  source: LogSource,
  checkpoint: CheckedCheckpoint,
  { wanted, onProgress, tiles, history }: Options,
): Promise<ReadLog | undefined> {
  const { size } = checkpoint;
  const found = writer.begin('entries');
  const storage = new StorageCheck(writer.begin('storage'));
  const reading = new Reading(found, wanted, storage);
  const builder = new TileBuilder(sha256WithNode);
  const tops: Uint8Array[] = [];
  let read = 0;
  await writer.guard(found, async () => {
    for await (const { n, entries, tile } of bundlesAndTiles(source, size, tiles)) {
      const hashes = leafHashes(entries, sha256WithNode);
      tiles.compareLeaves(n, hashes, tile, found);
      const full = await history.append(builder, hashes);
      tiles.add(full);
      tops.push(...full.filter(({ level }) => level === 1).map(({ data }) => data));
      entries.forEach((data, i) => reading.leaf(n * TILE_WIDTH + i, data));
      read += entries.length;
      onProgress?.(read, size);
    }
    if (!equalBytes(builder.root(), checkpoint.root))
      found.error('root_mismatch', 'The entries do not give the root that the witnesses cosigned.');
  });
  storage.end();
  writer.counts = reading.counts;
  if (read < size) return undefined;
  const partial = builder.partial();
  await tiles.finish(partial);
  const [rest, top] = [0, 1].map((at) => partial.find(({ level }) => level === at)?.data ?? new Uint8Array());
  const { clear, kept, erased, programs, blindedInPeriod } = reading;
  const tree = new VerifiedTree(size, source, concatBytes(...tops, top!), rest!, sha256WithNode);
  return { tree, clear, kept, erased, programs, blindedInPeriod };
}

function bundlesAndTiles(
  source: LogSource,
  size: number,
  tiles: TilesCheck,
): AsyncGenerator<Bundle & { readonly tile: Uint8Array | string }> {
  return readAhead(0, Math.ceil(size / TILE_WIDTH), async (n) => {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const [entries, tile] = await Promise.all([readBundle(source, n, size), tiles.read({ level: 0, n, width })]);
    return { n, entries, tile };
  });
}

class Reading {
  readonly clear: LogEntry[] = [];
  readonly kept = new Map<number, Uint8Array>();
  readonly erased = new Map<string, Erasure>();
  readonly programs = new Map<string, number>();
  #clear = 0;
  #blinded = 0;
  #signatures = 0;
  #blindedBefore: number | undefined;
  #blindedUntil: number | undefined;

  constructor(
    private readonly found: Findings,
    private readonly wanted: Wanted | undefined,
    private readonly storage: StorageCheck,
  ) {}

  get counts(): Counts {
    const [clear, blinded, signatures] = [this.#clear, this.#blinded, this.#signatures];
    return { entries: clear + blinded, clear, blinded, signatures };
  }

  get blindedInPeriod(): number {
    return this.#blindedBefore === undefined ? 0 : (this.#blindedUntil ?? this.#blinded) - this.#blindedBefore;
  }

  leaf(index: number, data: Uint8Array): void {
    try {
      const leaf = parseLeaf(data);
      if (!leaf.blinded) return this.clearEntry(index, leaf.entryBytes);
      this.#blinded++;
      if (this.wanted?.keep.has(index)) this.kept.set(index, leaf.commitment);
    } catch (error) {
      this.found.error('entry_malformed', `Entry ${index} is malformed: ${(error as Error).message}.`, {
        entry: index,
      });
    }
  }

  private clearEntry(index: number, bytes: Uint8Array): void {
    const entry = decodeEntry(bytes);
    this.#clear++;
    this.#signatures += entry.bodySig?.length ?? 0;
    if (ENTRY_TYPES[entry.type].form !== 'clear') {
      this.found.error('entry_not_clear', `${entry.type} stands in the clear and must not.`, { entry: index });
    }
    if (!verifyBodySignatures(entry, verifyWithNode)) {
      this.found.error('signature_invalid', `A signature of ${entry.type} does not hold.`, { entry: index });
    }
    this.storage.take(index, entry);
    if (this.wanted !== undefined) this.keepEntry(this.wanted.tenderId, index, entry, bytes);
  }

  private keepEntry(tenderId: string, index: number, entry: Entry, bytes: Uint8Array): void {
    const { type, body } = entry;
    if (type === 'opening.erased') {
      const { commitment, reason } = body as { readonly commitment: string; readonly reason: string };
      const byTwo = body['requested_by'] !== entry.actor.id;
      if (!this.erased.has(commitment))
        this.erased.set(commitment, { index, at: entry.at, type: body['type'] as string, reason, byTwo });
    }
    if (type === 'client.released') {
      const { bundle_sha256: hash } = body as { readonly bundle_sha256: string };
      if (!this.programs.has(hash)) this.programs.set(hash, index);
    }
    if (entry.tenderId !== tenderId && !type.startsWith('key.')) return;
    this.clear.push({ index, entry, entrySha256: toBase64(sha256(bytes)) });
    if (entry.tenderId !== tenderId) return;
    if (type === 'tender.published') this.#blindedBefore ??= this.#blinded;
    if (type === 'box.closed') this.#blindedUntil = this.#blinded;
  }
}
