/** What the witness remembers: for every log the last checkpoint it cosigned, as the cosigned note itself. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, toHex, utf8, type VerifyEd25519 } from '@segel/encoding';
import { cosignatureTime, parseCheckpoint, parseNote, type Checkpoint, type VerifierKey } from '@segel/tlog';
import { lockFolder, writeDurably } from './folder.js';

/** A checkpoint this witness cosigned, at a time in POSIX seconds. */
export type Cosigned = Checkpoint & { readonly time: number };

const MAX_EVIDENCE = 1000;

/** Name of a log's file: origins may hold any character. */
const fileOf = (origin: string): string => `${toHex(sha256(utf8(origin)))}.note`;

/** The state folder. Each file is a note with the witness's own cosignature, so a damaged or foreign file shows. */
export class WitnessState {
  readonly #last = new Map<string, Cosigned>();
  readonly #logs: string;
  readonly #evidence: string;
  readonly #unlock: () => void;

  /** Locks and reads the folder. Throws when another witness uses it or a file is not this witness's own. */
  constructor(
    folder: string,
    private readonly key: VerifierKey,
    private readonly verify: VerifyEd25519,
  ) {
    this.#logs = join(folder, 'logs');
    this.#evidence = join(folder, 'evidence');
    mkdirSync(this.#logs, { recursive: true, mode: 0o700 });
    mkdirSync(this.#evidence, { recursive: true, mode: 0o700 });
    this.#unlock = lockFolder(folder);
    try {
      const files = readdirSync(this.#logs).filter((name) => name.endsWith('.note'));
      for (const name of files) this.#remember(readFileSync(join(this.#logs, name), 'utf8'), name);
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  #remember(note: string, file: string): void {
    const { text, signatures } = parseNote(note);
    const checkpoint = parseCheckpoint(text);
    const times = signatures.map((signature) => cosignatureTime(text, signature, this.key, this.verify));
    const time = times.find((seconds) => seconds !== undefined);
    if (time === undefined || file !== fileOf(checkpoint.origin)) {
      throw new Error(`${join(this.#logs, file)} is not a checkpoint cosigned by ${this.key.name}; see the README`);
    }
    this.#last.set(checkpoint.origin, { ...checkpoint, time });
  }

  /** The last checkpoint cosigned for this origin, if any. */
  last(origin: string): Cosigned | undefined {
    return this.#last.get(origin);
  }

  /** Keeps a cosigned note as the log's last one. Resolves once it is on the disk. */
  async keep(origin: string, note: string): Promise<void> {
    const file = fileOf(origin);
    await writeDurably(join(this.#logs, file), note);
    this.#remember(note, file);
  }

  /** Keeps a note that contradicts a cosigned one, for people to look at, beside a copy of the cosigned one. */
  async keepEvidence(checkpoint: Checkpoint, note: string): Promise<void> {
    if (readdirSync(this.#evidence).length >= MAX_EVIDENCE) return;
    const name = `${fileOf(checkpoint.origin).slice(0, 16)}-${checkpoint.size}`;
    const cosigned = readFileSync(join(this.#logs, fileOf(checkpoint.origin)), 'utf8');
    await writeDurably(join(this.#evidence, `${name}-cosigned.note`), cosigned);
    await writeDurably(join(this.#evidence, `${name}-${toHex(checkpoint.root).slice(0, 16)}.note`), note);
  }

  /** Gives the folder back. */
  close(): void {
    this.#unlock();
  }
}
