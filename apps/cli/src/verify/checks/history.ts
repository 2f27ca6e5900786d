/** Every checkpoint that was published before is a prefix of the log: nothing was rewritten that witnesses had seen. */
import { type LogSource, statedSize } from '@segel/acts';
import { equalBytes } from '@segel/encoding';
import { examineCheckpoint, HASH_BYTES, type HashTile, type Policy, type TileBuilder } from '@segel/tlog';
import { verifyWithNode } from '../../primitives.js';
import type { Findings } from '../report.js';
import type { CheckedCheckpoint } from './checkpoint.js';

/** How many checkpoints are asked for, evenly spread, where they cannot be listed: one request each. */
const SAMPLES = 64;

/** Compares the kept checkpoints with the tree as it grows. A note is read when the tree has its size. */
export class HistoryCheck {
  #next = 0;

  private constructor(
    private readonly policy: Policy,
    private readonly origin: string,
    private readonly found: Findings,
    /** Sizes in order. */
    private readonly sizes: readonly number[],
    private readonly read: (size: number) => Promise<string | undefined>,
  ) {}

  /** Finds out which checkpoints the source keeps. */
  static async of(
    source: LogSource,
    policy: Policy,
    checkpoint: CheckedCheckpoint,
    found: Findings,
  ): Promise<HistoryCheck> {
    const { origin, size } = checkpoint;
    const listed = await source.checkpointSizes();
    if (listed !== undefined) {
      for (const ahead of listed.filter((one) => one > size))
        found.error('checkpoint_ahead', `A checkpoint of ${ahead} leaves was published: the log was rolled back.`);
      const kept = listed.filter((one) => one <= size);
      if (kept.length === 0) found.cannot('earlier checkpoints', 'the source keeps none');
      return new HistoryCheck(policy, origin, found, kept, (at) => source.firstCheckpoint(at));
    }
    const notes = await samples(source, size);
    found.cannot(
      'every earlier checkpoint',
      `a server cannot list them: ${notes.size}, spread over the log, were compared. A mirror holds all: verify its folder`,
    );
    const sizes = [...notes.keys()].toSorted((a, b) => a - b);
    return new HistoryCheck(policy, origin, found, sizes, async (at) => notes.get(at));
  }

  /** Appends leaf hashes to the tree, stopping where a checkpoint was published. Returns the tiles that became full. */
  async append(builder: TileBuilder, hashes: Uint8Array): Promise<readonly HashTile[]> {
    const full: HashTile[] = [];
    const start = builder.size;
    const end = start + hashes.length / HASH_BYTES;
    for (let size = this.sizes[this.#next]; size !== undefined && size <= end; size = this.sizes[++this.#next]) {
      const appended = builder.size;
      full.push(...builder.append(hashes.subarray((appended - start) * HASH_BYTES, (size - start) * HASH_BYTES)));
      await this.#compare(size, builder);
    }
    return [...full, ...builder.append(hashes.subarray((builder.size - start) * HASH_BYTES))];
  }

  async #compare(size: number, builder: TileBuilder): Promise<void> {
    const where = { field: `checkpoints/${size}` };
    try {
      const note = await this.read(size);
      const examined = examineCheckpoint(this.policy, note ?? '', verifyWithNode);
      if (examined.origin !== this.origin || examined.size !== size)
        this.found.error('checkpoint_misplaced', 'A checkpoint is of another log or size than its name.', where);
      else if (!equalBytes(examined.root, builder.root()))
        this.found.error('history_rewritten', 'A checkpoint published earlier is not a prefix of the log.', where);
      if (!examined.quorumMet)
        this.found.warn('checkpoint_unwitnessed', 'A checkpoint published earlier has no quorum.', where);
    } catch (error) {
      this.found.error('checkpoint_refused', `An earlier checkpoint is refused: ${(error as Error).message}.`, where);
    }
  }
}

async function samples(source: LogSource, size: number): Promise<ReadonlyMap<number, string>> {
  const notes = new Map<number, string>();
  let reached = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const from = Math.floor((i * size) / SAMPLES);
    if (from < reached) continue;
    const note = await source.firstCheckpoint(from);
    if (note === undefined) break;
    reached = statedSize(note);
    if (reached <= size) notes.set(reached, note);
  }
  return notes;
}
