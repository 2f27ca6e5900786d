/** A made-up log for the specs: one operator, one witness whose clock the test sets, everything else as in the real one.
 *  Its signatures verify. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  concatBytes,
  ed25519PublicKey,
  sha256,
  signDocument,
  toBase64,
  u32be,
  utf8,
  uuidV7,
  type CanonicalObject,
} from '@segel/encoding';
import { encodeEntry, type EntryTypeName } from '@segel/evidence';
import {
  addSignatures,
  blindedCommitment,
  blindedLeaf,
  clearLeaf,
  cosign,
  encodeBundle,
  formatReceipt,
  inclusionProof,
  growTiles,
  leafHash,
  logKeyOf,
  newBundles,
  parseNote,
  parsePolicy,
  signCheckpoint,
  TILE_WIDTH,
  tilePath,
  treeRoot,
  witnessKeyOf,
  type Policy,
  type SigningKey,
} from '@segel/tlog';

export const DEADLINE = new Date('2026-03-01T12:00:00.000Z');
const ORIGIN = 'log.example/spec';

/** So many bytes that depend on the name only. */
export function bytesOf(name: string, length = 32): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(concatBytes(utf8(name), u32be(i))));
  return concatBytes(...blocks).slice(0, length);
}

export const idOf = (name: string): string => uuidV7(Date.UTC(2026, 0, 1), bytesOf(`id of ${name}`, 10));
export const keyOf = (name: string): string => toBase64(ed25519PublicKey(bytesOf(name)));

/** An entry before it is signed. */
export type Draft = {
  readonly type: EntryTypeName;
  readonly body: CanonicalObject;
  /** Names of the people who sign; their secrets follow from the names. */
  readonly signers?: readonly string[];
  readonly tenderId?: string | undefined;
  readonly lotId?: string;
  readonly at?: Date;
};

/** An appended entry. `salt` is there when it is blinded. */
export type Appended = {
  readonly index: number;
  readonly entryBytes: Uint8Array;
  readonly sha256: string;
  readonly data: Uint8Array;
  readonly salt?: Uint8Array;
  readonly commitment?: Uint8Array;
};

/** What makes the bytes of an entry depend on more than its place. */
type Naming = { readonly name?: string; readonly blinded?: boolean };

export class SyntheticLog {
  readonly entries: Appended[] = [];
  readonly policy: Policy;
  readonly #log: SigningKey;
  readonly #witnesses: readonly SigningKey[];
  readonly #checkpoints = new Map<number, string>();

  /** With more than one witness, all of them make the quorum. */
  constructor(
    readonly origin = ORIGIN,
    witnesses: readonly string[] = ['w'],
  ) {
    this.#log = { name: origin, seed: bytesOf('log') };
    this.#witnesses = witnesses.map((name) => ({
      name: `witness.example/${name}`,
      seed: bytesOf(name === 'w' ? 'witness' : `witness ${name}`),
    }));
    const lines = this.#witnesses.map((witness, i) => `witness ${witnesses[i]} ${witnessKeyOf(witness).vkey}\n`);
    const quorum = witnesses.length === 1 ? witnesses[0] : 'all';
    const group = witnesses.length === 1 ? '' : `group all all ${witnesses.join(' ')}\n`;
    this.policy = parsePolicy(`log ${logKeyOf(this.#log).vkey}\n${lines.join('')}${group}quorum ${quorum}\n`);
  }

  get leafHashes(): readonly Uint8Array[] {
    return this.entries.map(({ data }) => leafHash(data));
  }

  append(draft: Draft, blinded = false): Appended {
    const appended = this.make(draft, { blinded });
    this.entries.push(appended);
    return appended;
  }

  /** An entry as it would stand next in the log. */
  protected make(draft: Draft, { name, blinded = false }: Naming): Appended {
    const { type, body, signers = [], tenderId, lotId, at = new Date(DEADLINE.getTime() - 3_600_000) } = draft;
    const bodySig = signers.map((signer) => signDocument(type, body, bytesOf(signer)));
    const index = this.entries.length;
    const entryBytes = encodeEntry({
      type,
      id: idOf(`entry ${name ?? index}`),
      at,
      actor: { kind: 'system', id: idOf('system') },
      tenderId,
      lotId,
      body,
      ...(bodySig.length === 0 ? {} : { bodySig }),
    });
    const common = { index, entryBytes, sha256: toBase64(sha256(entryBytes)) };
    if (!blinded) return { ...common, data: clearLeaf(entryBytes) };
    const salt = bytesOf(`salt ${name ?? index}`);
    const commitment = blindedCommitment(salt, entryBytes);
    return { ...common, salt, commitment, data: blindedLeaf(commitment) };
  }

  /** A checkpoint of the first leaves, cosigned at a time; it is not published. `ahead` are the seconds by which the
   *  clock of each witness is ahead. */
  checkpointOf(size: number, at: Date, ahead: readonly number[] = []): string {
    const root = treeRoot(this.leafHashes.slice(0, size));
    const note = signCheckpoint({ origin: this.origin, size, root }, this.#log);
    const { text } = parseNote(note);
    const seconds = Math.floor(at.getTime() / 1000);
    return addSignatures(
      note,
      this.#witnesses.map((witness, i) => cosign(text, seconds + (ahead[i] ?? 0), witness)),
    );
  }

  /** Publishes what there is, or the first leaves; the witness looks at this time. */
  publish(at: Date, size = this.entries.length, ahead: readonly number[] = []): string {
    const note = this.checkpointOf(size, at, ahead);
    this.#checkpoints.set(size, note);
    return note;
  }

  /** The receipt of an entry in the newest published tree. */
  async receipt({ index, entryBytes, salt }: Appended): Promise<string> {
    const [size, checkpoint] = [...this.#checkpoints].at(-1)!;
    const tiles = await growTiles(0, this.leafHashes.slice(0, size), () => new Uint8Array());
    const hashes = await inclusionProof(index, size, (level, n) => {
      return tiles.find((tile) => tile.level === level && tile.n === n)!.data;
    });
    return formatReceipt({ index, entryBytes, hashes, checkpoint, ...(salt === undefined ? {} : { salt }) });
  }

  /** Writes the log as a folder: what was published last is the newest checkpoint. */
  async write(folder: string): Promise<string> {
    const [size, checkpoint] = [...this.#checkpoints].at(-1)!;
    const leaves = this.entries.slice(0, size).map(({ data }) => data);
    for (const [at, note] of this.#checkpoints) await put(join(folder, 'checkpoints', String(at)), note);
    for (const tile of await growTiles(0, leaves.map(leafHash), () => new Uint8Array()))
      await put(join(folder, tilePath(tile)), tile.data);
    for (const bundle of newBundles(0, size)) {
      const from = bundle.n * TILE_WIDTH;
      await put(join(folder, tilePath(bundle)), encodeBundle(leaves.slice(from, from + bundle.width)));
    }
    await put(join(folder, 'policy'), this.policy.text);
    await put(join(folder, 'checkpoint'), checkpoint);
    return folder;
  }
}

export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
