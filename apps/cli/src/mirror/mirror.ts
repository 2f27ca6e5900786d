/** A mirror: a complete copy of a log in a folder, grown only by what a quorum cosigned and what hashes into it. */
import { check, type LogSource, readBundles } from '@segel/acts';
import { concatBytes, equalBytes, sha256 } from '@segel/encoding';
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
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logSource, readIfThere } from '../log-source.js';
import { sha256WithNode, verifyWithNode } from '../primitives.js';
import { Alarm } from '../problem.js';
import { demandNoAlarm, raiseAlarm, reportStale } from './alarm.js';
import { DurableFolder } from './durable.js';
import { judge } from './fork.js';

export type MirrorOptions = {
  /** URL or folder of the log. */
  readonly from: string;
  readonly folder: string;
  readonly policy: Policy;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  /** Earlier checkpoints fetched in one look at most. */
  readonly earlierAtOnce?: number;
  readonly onProgress?: (copied: number, total: number) => void;
};

/** The kept checkpoint. */
type Kept = { readonly note: string; readonly checkpoint: ExaminedCheckpoint };

/** What one look at the log came to. */
export type Followed = { readonly size: number; readonly grown: number; readonly quorumTime?: number | undefined };

/** An hour of ten-second intervals. */
const EARLIER_AT_ONCE = 360;
/** The file that says up to which size the source was asked for all of them. */
const FILLED = 'filled';

const UNRESOLVED = 'unresolved';
/** A log could offer any number of notes. */
const MAX_UNRESOLVED = 100;

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

  /** Looks at the log once and copies what is new. Throws Alarm when the log contradicts what is kept, Rollback when it
   *  shows an older state of it, CheckFailed `checkpoint_refused` and `entries_wrong` when what it serves is not what was
   *  cosigned, NetworkError. */
  async follow(): Promise<Followed> {
    const note = await this.#source.checkpoint();
    const offered = this.#examine(note);
    const { size, quorumTime } = offered;
    const [began, before] = [this.#kept !== undefined, this.size];
    try {
      if (this.#kept !== undefined) await this.#demandExtension(this.#kept, note, offered);
      if (!began || size > before) await this.#copy(note, offered);
    } catch (error) {
      if (!(error instanceof Alarm)) await this.#keepUnresolved(note, size);
      throw error;
    }
    await this.#files.remove(unresolvedName(note, size));
    if (!began || size > before) this.#kept = { note, checkpoint: offered };
    await this.#fill(this.#kept!);
    return { size, grown: size - before, quorumTime };
  }

  /** A quorum cosigned it, and it was not shown to go on from what is kept: half of a proof, should it be a fork. */
  async #keepUnresolved(note: string, size: number): Promise<void> {
    const names = await readdir(join(this.options.folder, UNRESOLVED)).catch(() => []);
    if (names.length >= MAX_UNRESOLVED) return;
    await this.#files.write(unresolvedName(note, size), note);
    await this.#files.settle();
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
    const notes = { seen: kept.note, offered: note, from };
    if (judgement.fork === 'none') return reportStale(folder, policy, notes, judgement, now());
    await raiseAlarm(folder, policy, notes, judgement, now());
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
    await this.#files.write(`checkpoints/${size}`, note);
    await this.#files.write('policy', this.options.policy.text);
    for (const path of full) await this.#files.remove(`${path}.p`);
    await this.#files.settle();
    await this.#files.write('checkpoint', note);
    await this.#files.settle();
  }

  /** Fetches the checkpoints that were public before the kept one, from the first on: they say when a box was first seen
   *  closed. A look fetches a part of many, the next one goes on. One that is no prefix raises the alarm. */
  async #fill({ note, checkpoint: { size } }: Kept): Promise<void> {
    const { policy, folder, from, now = () => new Date(), earlierAtOnce = EARLIER_AT_ONCE } = this.options;
    const before = Number((await readIfThere(join(folder, FILLED)))?.toString('utf8') ?? 0);
    let filled = before;
    try {
      for (let fetched = 0; filled < size && fetched < earlierAtOnce; fetched++) {
        const earlier = await this.#source.firstCheckpoint(filled + 1);
        const stated = earlier === undefined ? size : this.#examine(earlier).size;
        check(stated > filled, 'checkpoint_refused', `The log shows ${stated} leaves as the first after ${filled}.`);
        if (earlier === undefined || stated >= size) {
          filled = size;
          break;
        }
        const judgement = await judge(policy, [earlier, note], { readTile: readTileOf(this.#own) });
        if (judgement.fork !== 'none')
          await raiseAlarm(folder, policy, { seen: earlier, offered: note, from }, judgement, now());
        await this.#files.write(`checkpoints/${stated}`, earlier);
        filled = stated;
      }
    } finally {
      await this.#files.settle();
      if (filled !== before) await this.#files.write(FILLED, `${filled}\n`);
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

const unresolvedName = (note: string, size: number): string =>
  `${UNRESOLVED}/${size}-${Buffer.from(sha256(Buffer.from(note)))
    .toString('hex')
    .slice(0, 8)}`;

function readTileOf(source: LogSource): ReadTile {
  return (level, n, width) => source.tile({ level, n, width });
}
