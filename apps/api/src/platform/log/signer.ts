/** The signer of checkpoints: behind a port, with a memory of its own, so that whoever controls the database cannot
 *  make it sign two histories. */
import { equalBytes, fromBase64, toBase64, type Ed25519Key } from '@segel/encoding';
import { emptyRoot, signCheckpoint, verifyConsistency } from '@segel/tlog';
import { readFile, rename, open } from 'node:fs/promises';
import { failpoint } from '../failpoint.js';
import { signingKey } from './ed25519.js';

export type SignRequest = {
  readonly size: number;
  readonly root: Uint8Array;
  /** Proof from the size signed last to this one. */
  readonly proof: readonly Uint8Array[];
};

export abstract class Signer {
  /** Size and root signed last; 0 and the empty root before the first. */
  abstract last(): Promise<{ readonly size: number; readonly root: Uint8Array }>;

  /** The signed checkpoint. Throws when it does not extend what was signed before. */
  abstract sign(request: SignRequest): Promise<string>;
}

type State = { readonly size: number; readonly root: Uint8Array };

/** A signer with its key in memory and its last size and root in a file, written before a signature leaves. */
export class FileSigner extends Signer {
  private state: State | undefined;
  private readonly key: Ed25519Key;

  constructor(
    private readonly origin: string,
    seed: Uint8Array,
    private readonly file: string,
  ) {
    super();
    this.key = signingKey(seed);
  }

  override async last(): Promise<State> {
    this.state ??= await this.load();
    return this.state;
  }

  override async sign({ size, root, proof }: SignRequest): Promise<string> {
    const last = await this.last();
    if (size < last.size) {
      throw new Error(
        `The signer signed ${last.size} entries before and is asked for ${size}: the database is older than the log. ` +
          'Restore the missing entries from a mirror, or close this log and begin a successor.',
      );
    }
    const extends_ = last.size === 0 ? true : verifyConsistency(last.size, size, last.root, root, proof);
    if (!extends_ || (size === last.size && !equalBytes(root, last.root))) {
      throw new Error(
        `The tree of ${size} entries does not extend the ${last.size} signed before: the log was rewritten.`,
      );
    }
    await this.save({ size, root });
    failpoint('signer.remembered');
    return signCheckpoint({ origin: this.origin, size, root }, { name: this.origin, seed: this.key });
  }

  private async load(): Promise<State> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { size: 0, root: emptyRoot() };
      throw error;
    }
    const state = JSON.parse(text) as { origin: string; size: number; root: string };
    if (state.origin !== this.origin) throw new Error(`The signer's file belongs to the log ${state.origin}.`);
    return { size: state.size, root: fromBase64(state.root) };
  }

  private async save(state: State): Promise<void> {
    if (this.state?.size === state.size) return;
    const temporary = `${this.file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify({ origin: this.origin, size: state.size, root: toBase64(state.root) }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.file);
    this.state = state;
  }
}
