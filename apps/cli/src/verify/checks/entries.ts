/** Every entry of the log: the root they give, and what each clear one says. */
import { equalBytes, sha256, toBase64 } from '@segel/encoding';
import { decodeEntry, ENTRY_TYPES, verifyBodySignatures, type Entry } from '@segel/evidence';
import { leafHash, parseBundle, parseLeaf, RightEdge, TILE_WIDTH } from '@segel/tlog';
import type { LogSource } from '../../log-source.js';
import { verifyWithNode } from '../../primitives.js';
import type { Findings, ReportWriter } from '../report.js';
import type { CheckedCheckpoint } from './checkpoint.js';

/** A readable entry at its place in the log. Hashes are base64; `commitment` is that of a blinded leaf. */
export type LogEntry = {
  readonly index: number;
  readonly entry: Entry;
  readonly entrySha256: string;
  readonly commitment?: string;
};

export type ReadLog = {
  readonly leafHashes: readonly Uint8Array[];
  /** Clear entries of tenders and keys, in order: everything a tender's checks look up. */
  readonly clear: readonly LogEntry[];
  /** Data of the blinded leaves that were asked for. */
  readonly kept: ReadonlyMap<number, Uint8Array>;
  /** Indexes of all blinded leaves. */
  readonly blinded: ReadonlySet<number>;
};

type Options = {
  readonly keep: ReadonlySet<number>;
  readonly onProgress?: ((read: number, size: number) => void) | undefined;
};

/** Recomputes the root from the entry bundles and reads every leaf. An entry that was altered is named by index: its
 *  hash is not the one in the tile of level 0. */
export async function entriesCheck(
  writer: ReportWriter,
  source: LogSource,
  checkpoint: CheckedCheckpoint,
  { keep, onProgress }: Options,
): Promise<ReadLog> {
  const reading = new Reading(keep);
  await writer.run('entries', async (found) => {
    for (let n = 0; n * TILE_WIDTH < checkpoint.size; n++) {
      const width = Math.min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH);
      const bundle = parseBundle(await source.tile({ level: 'entries', n, width }), width);
      const tile = await source.tile({ level: 0, n, width }).catch(() => undefined);
      bundle.forEach((data, i) => reading.leaf(n * TILE_WIDTH + i, data, tile?.subarray(i * 32, (i + 1) * 32), found));
      onProgress?.(n * TILE_WIDTH + width, checkpoint.size);
    }
    if (!equalBytes(reading.edge.root(), checkpoint.root)) {
      found.error('root_mismatch', 'The entries do not give the root that the witnesses cosigned.');
    }
  });
  return reading;
}

class Reading implements ReadLog {
  readonly edge = new RightEdge();
  readonly leafHashes: Uint8Array[] = [];
  readonly clear: LogEntry[] = [];
  readonly kept = new Map<number, Uint8Array>();
  readonly blinded = new Set<number>();

  constructor(private readonly keep: ReadonlySet<number>) {}

  leaf(index: number, data: Uint8Array, inTile: Uint8Array | undefined, found: Findings): void {
    const hash = leafHash(data);
    this.leafHashes.push(hash);
    this.edge.append(hash);
    if (inTile !== undefined && inTile.length === 32 && !equalBytes(hash, inTile)) {
      found.error('entry_altered', `Entry ${index} is not the one whose hash is in the tree.`, { entry: index });
    }
    try {
      const leaf = parseLeaf(data);
      if (leaf.blinded) {
        this.blinded.add(index);
        if (this.keep.has(index)) this.kept.set(index, leaf.commitment);
      } else {
        this.clearEntry(index, leaf.entryBytes, found);
      }
    } catch (error) {
      found.error('entry_malformed', `Entry ${index} is malformed: ${(error as Error).message}.`, { entry: index });
    }
  }

  private clearEntry(index: number, bytes: Uint8Array, found: Findings): void {
    const entry = decodeEntry(bytes);
    if (ENTRY_TYPES[entry.type].form !== 'clear') {
      found.error('entry_not_clear', `${entry.type} stands in the clear and must not.`, { entry: index });
    }
    if (!verifyBodySignatures(entry, verifyWithNode)) {
      found.error('signature_invalid', `A signature of ${entry.type} does not hold.`, { entry: index });
    }
    if (entry.tenderId !== undefined || entry.type.startsWith('key.')) {
      this.clear.push({ index, entry, entrySha256: toBase64(sha256(bytes)) });
    }
  }
}
