/** A mirror: a complete copy of a log in a folder, grown only by what a quorum cosigned and what hashes into it. */
import { concatBytes, equalBytes } from '@segel/encoding';
import {
  encodeBundle,
  HASH_BYTES,
  leafHashes,
  TILE_WIDTH,
  TileBuilder,
  tilePath,
  verifyCheckpoint,
  type ExaminedCheckpoint,
  type Policy,
  type ReadTile,
} from '@segel/tlog';
import { join } from 'node:path';
import { readBundles } from '../bundle-reader.js';
import { logSource, readIfThere, type LogSource } from '../log-source.js';
import { sha256WithNode, verifyWithNode } from '../primitives.js';
import { check } from '../problem.js';
import { demandNoAlarm, raiseAlarm } from './alarm.js';
import { DurableFolder } from './durable.js';
import { judge } from './fork.js';

export type MirrorOptions = {
  /** URL or folder of the log. */
  readonly from: string;
  readonly folder: string;
  readonly policy: Policy;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly onProgress?: (copied: number, total: number) => void;
};

/** The kept checkpoint. */
type Kept = { readonly note: string; readonly checkpoint: ExaminedCheckpoint };

/** What one look at the log came to. */
export type Followed = { readonly size: number; readonly grown: number; readonly quorumTime?: number | undefined };

/** Checkpoints between two looks that are fetched at most: an hour of ten-second intervals. */
const MAX_BETWEEN = 360;

export class Mirror {
  #kept: Kept | undefined;
  readonly #files: DurableFolder;
  readonly #source: LogSource;
  readonly #own: LogSource;

  private constructor(
    private readonly options: MirrorOptions,
    kept: Kept | undefined,
  ) {
    this.#kept = kept;
    this.#files = new DurableFolder(options.folder);
    this.#source = logSource(options.from, options.fetch);
    this.#own = logSource(options.folder);
  }

  /** Opens a mirror folder, or begins one. The right edge is restored from the kept tiles and must give the kept root.
   *  Throws `alarm_pending`, `mirror_damaged`. */
  static async open(options: MirrorOptions): Promise<Mirror> {
    const { folder, policy } = options;
    await demandNoAlarm(folder);
    const note = (await readIfThere(join(folder, 'checkpoint')))?.toString('utf8');
    if (note === undefined) return new Mirror(options, undefined);
    const checkpoint = verifyCheckpoint(policy, note, verifyWithNode);
    const builder = await TileBuilder.restore(checkpoint.size, readTileOf(logSource(folder)), sha256WithNode);
    const whole = equalBytes(builder.root(), checkpoint.root);
    check(whole, 'mirror_damaged', `The tiles in ${folder} do not give the root of its checkpoint.`);
    return new Mirror(options, { note, checkpoint });
  }

  get size(): number {
    return this.#kept?.checkpoint.size ?? 0;
  }

  /** Looks at the log once and copies what is new. Throws Alarm when the log contradicts what is kept, CheckFailed
   *  `checkpoint_refused` and `entries_wrong` when what it serves is not what was cosigned, NetworkError. */
  async follow(): Promise<Followed> {
    const note = await this.#source.checkpoint();
    const offered = this.#examine(note);
    const kept = this.#kept;
    const { size } = offered;
    if (kept !== undefined) await this.#demandExtension(kept, note, offered);
    if (size === this.size && kept !== undefined) return { size, grown: 0, quorumTime: offered.quorumTime };
    const grown = size - this.size;
    await this.#copy(note, offered);
    this.#kept = { note, checkpoint: offered };
    return { size, grown, quorumTime: offered.quorumTime };
  }

  #examine(note: string): ExaminedCheckpoint {
    try {
      return verifyCheckpoint(this.options.policy, note, verifyWithNode);
    } catch (error) {
      check(false, 'checkpoint_refused', `The checkpoint offered is refused: ${(error as Error).message}.`);
    }
  }

  /** The offered tree begins with the kept one, or the alarm is raised. */
  async #demandExtension(kept: Kept, note: string, offered: ExaminedCheckpoint): Promise<void> {
    const { policy, folder, from, now = () => new Date() } = this.options;
    check(offered.origin === kept.checkpoint.origin, 'checkpoint_refused', 'The checkpoint is of another log.');
    const ahead = offered.size > kept.checkpoint.size;
    const readTile = readTileOf(ahead ? this.#source : this.#own);
    const judgement = await judge(policy, [kept.note, note], { readTile });
    if (judgement.fork === 'none' && offered.size >= kept.checkpoint.size) return;
    check(
      judgement.fork !== 'open',
      'entries_wrong',
      `The log does not serve what was cosigned. ${judgement.sentence}`,
    );
    await raiseAlarm(folder, policy, { seen: kept.note, offered: note, from }, judgement, now());
  }

  /** Tiles and bundles first, the new checkpoint last: a folder that was left at any moment is a whole log. */
  async #copy(note: string, { size, root }: ExaminedCheckpoint): Promise<void> {
    const before = this.size;
    const builder = await TileBuilder.restore(before, readTileOf(this.#own), sha256WithNode);
    const full: string[] = [];
    for await (const { n, entries } of readBundles(this.#source, before, size)) {
      const bundle = { level: 'entries', n, width: entries.length } as const;
      const hashes = this.#newHashes(builder, n, leafHashes(entries, sha256WithNode));
      await this.#files.write(tilePath(bundle), encodeBundle(entries));
      const tiles = builder.append(hashes);
      for (const tile of tiles) await this.#files.write(tilePath(tile), tile.data);
      full.push(...[...tiles, bundle].filter(({ width }) => width === TILE_WIDTH).map(tilePath));
      this.options.onProgress?.(builder.size - before, size - before);
    }
    check(equalBytes(builder.root(), root), 'entries_wrong', 'The entries do not give the root that was cosigned.');
    for (const tile of builder.partial()) await this.#files.write(tilePath(tile), tile.data);
    await this.#files.settle();
    if (before > 0) await this.#keepBetween(before, note, size);
    await this.#files.write(`checkpoints/${size}`, note);
    await this.#files.write('policy', this.options.policy.text);
    for (const path of full) await this.#files.remove(`${path}.p`);
    await this.#files.settle();
    await this.#files.write('checkpoint', note);
    await this.#files.settle();
  }

  /** The checkpoints that were public since the last look: they say when a box was first seen closed. One that is no
   *  prefix of the new tree raises the alarm. */
  async #keepBetween(before: number, note: string, size: number): Promise<void> {
    const { policy, folder, from, now = () => new Date() } = this.options;
    for (let next = before + 1, kept = 0; next < size && kept < MAX_BETWEEN; kept++) {
      const between = await this.#source.firstCheckpoint(next);
      if (between === undefined) return;
      const checkpoint = this.#examine(between);
      if (checkpoint.size < next || checkpoint.size >= size) return;
      const judgement = await judge(policy, [between, note], { readTile: readTileOf(this.#own) });
      if (judgement.fork !== 'none')
        await raiseAlarm(folder, policy, { seen: between, offered: note, from }, judgement, now());
      await this.#files.write(`checkpoints/${checkpoint.size}`, between);
      next = checkpoint.size + 1;
    }
  }

  /** The hashes of a bundle that are new; what it repeats must be what is kept. */
  #newHashes(builder: TileBuilder, n: number, hashes: Uint8Array): Uint8Array {
    const known = (builder.size - n * TILE_WIDTH) * HASH_BYTES;
    const open = builder.partial().find(({ level }) => level === 0)?.data ?? new Uint8Array();
    const same = known === open.length && equalBytes(hashes.subarray(0, known), concatBytes(open));
    check(same, 'entries_wrong', `Entries before ${builder.size} are not those that this mirror keeps.`);
    return hashes.subarray(known);
  }
}

function readTileOf(source: LogSource): ReadTile {
  return (level, n, width) => source.tile({ level, n, width });
}
