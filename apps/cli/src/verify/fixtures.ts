/** A whole tender in a folder, made with real keys, real seals and a real log: it verifies clean, and each spec changes
 *  one thing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  canonicalBytes,
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
import { encodeEntry, ENTRY_TYPES, type EntryTypeName } from '@segel/evidence';
import {
  addSignatures,
  blindedCommitment,
  blindedLeaf,
  clearLeaf,
  cosign,
  encodeBundle,
  formatCheckpoint,
  growTiles,
  leafHash,
  logKeyOf,
  newBundles,
  signNote,
  tilePath,
  treeRoot,
  witnessKeyOf,
} from '@segel/tlog';

export const DEADLINE = new Date('2026-03-01T12:00:00.000Z');
const ORIGIN = 'log.example/verify';

/** So many bytes that depend on the name only. */
export function bytesOf(name: string, length = 32): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(concatBytes(utf8(name), u32be(i))));
  return concatBytes(...blocks).slice(0, length);
}

/** A UUIDv7 that depends on the name only. */
export const idOf = (name: string): string => uuidV7(Date.UTC(2026, 0, 1), bytesOf(`id of ${name}`, 10));
export const secretOf = (name: string): Uint8Array => bytesOf(`secret of ${name}`);
export const keyOf = (name: string): string => toBase64(ed25519PublicKey(secretOf(name)));

/** An entry before it is signed; `signers` are names of people. */
export type Draft = {
  readonly type: EntryTypeName;
  readonly at: Date;
  readonly body: CanonicalObject;
  readonly signers?: readonly string[];
  readonly tenderId?: string | undefined;
  readonly lotId?: string;
};

export type Appended = {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly commitment: string;
  readonly data: Uint8Array;
  readonly salt: Uint8Array;
};

/** Changes one entry by its name, or leaves it out. */
export type Alter = (name: string, draft: Draft) => Draft | undefined;

/** A log of one witness, in memory until it is written. */
export class FixtureLog {
  readonly origin = ORIGIN;
  readonly leaves: Uint8Array[] = [];
  readonly policy: string;
  readonly #log = { name: ORIGIN, seed: secretOf('log') };
  readonly #witness = { name: 'witness.example/w', seed: secretOf('witness') };

  constructor(private readonly alter: Alter) {
    this.policy = `log ${logKeyOf(this.#log).vkey}\nwitness w ${witnessKeyOf(this.#witness).vkey}\nquorum w\n`;
  }

  get policySha256(): string {
    return toBase64(sha256(utf8(this.policy)));
  }

  /** Signs and appends an entry. One that is left out gets a place outside the log. */
  append(name: string, given: Draft): Appended {
    const draft = this.alter(name, given) ?? given;
    const left = this.alter(name, given) === undefined;
    const { type, at, body, signers = [], tenderId, lotId } = draft;
    const bodySig = signers.map((signer) => signDocument(type, body, secretOf(signer)));
    const bytes = encodeEntry({
      type,
      id: idOf(`entry ${name}`),
      at,
      actor: { kind: 'person', id: idOf(signers[0] ?? 'system') },
      tenderId,
      lotId,
      body,
      ...(bodySig.length === 0 ? {} : { bodySig }),
    });
    const salt = bytesOf(`salt of ${name}`);
    const commitment = blindedCommitment(salt, bytes);
    const data = ENTRY_TYPES[type].form === 'clear' ? clearLeaf(bytes) : blindedLeaf(commitment);
    const index = this.leaves.length;
    if (!left) this.leaves.push(data);
    return { index, bytes, data, salt, sha256: toBase64(sha256(bytes)), commitment: toBase64(commitment) };
  }

  /** A checkpoint of the first leaves, cosigned at a time. */
  checkpoint(size: number, at: Date): string {
    const root = treeRoot(this.leaves.slice(0, size).map(leafHash));
    const text = formatCheckpoint({ origin: ORIGIN, size, root });
    return addSignatures(signNote(text, this.#log), [cosign(text, Math.floor(at.getTime() / 1000), this.#witness)]);
  }

  /** Writes tiles, bundles, the newest checkpoint and earlier ones. */
  async write(
    folder: string,
    at: Date,
    earlier: readonly { readonly size: number; readonly at: Date }[],
  ): Promise<void> {
    const size = this.leaves.length;
    for (const tile of await growTiles(0, this.leaves.map(leafHash), () => new Uint8Array())) {
      await put(join(folder, tilePath(tile)), tile.data);
    }
    for (const bundle of newBundles(0, size)) {
      const entries = this.leaves.slice(bundle.n * 256, bundle.n * 256 + bundle.width);
      await put(join(folder, tilePath(bundle)), encodeBundle(entries));
    }
    await put(join(folder, 'checkpoint'), this.checkpoint(size, at));
    for (const one of earlier)
      await put(join(folder, 'checkpoints', String(one.size)), this.checkpoint(one.size, one.at));
  }
}

export async function put(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** The canonical bytes of a document and their hash, base64. */
export function frozen(document: CanonicalObject): { readonly bytes: string; readonly sha256: string } {
  const bytes = canonicalBytes(document);
  return { bytes: toBase64(bytes), sha256: toBase64(sha256(bytes)) };
}
