/** Checkpoints: a log's signed tree head as a note (C2SP tlog-checkpoint). */
import { ed25519Verify, fromBase64, toBase64, type VerifyEd25519 } from '@segel/encoding';
import { HASH_BYTES, isTreeSize } from './merkle.js';
import { openNote, signNote, type SigningKey, type VerifierKey } from './note.js';

/** A tree head: whose log, how many leaves, and the 32-byte root; `extensions` are further lines, kept as they are. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
};

/** A size in ASCII decimal without leading zeroes. Throws on any other form and beyond 2^53−1. */
export function parseDecimal(text: string): number {
  if (!/^(?:0|[1-9]\d*)$/.test(text) || !isTreeSize(Number(text))) {
    throw new Error(`${JSON.stringify(text.slice(0, 40))} is not a decimal number within 2^53`);
  }
  return Number(text);
}

/** A 32-byte hash in base64. Throws on any other length. */
export function parseHash(text: string): Uint8Array {
  const hash = fromBase64(text);
  if (hash.length !== HASH_BYTES) throw new Error('a hash has 32 bytes');
  return hash;
}

/** Text of a checkpoint, final newline included. Throws when a line would be empty or hold a newline. */
export function formatCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'> & Partial<Checkpoint>): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  const text = `${[origin, String(size), toBase64(root), ...extensions].join('\n')}\n`;
  const parsed = parseCheckpoint(text);
  if (parsed.origin !== origin || parsed.extensions.length !== extensions.length) {
    throw new Error('a checkpoint line is empty or holds a newline');
  }
  return text;
}

/** Parses the text of a checkpoint (of a note, without signatures). Throws on fewer than three lines, an empty line,
 *  a missing final newline, a malformed size or root. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new Error('checkpoint does not end in a newline');
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || size === undefined || root === undefined) throw new Error('checkpoint is too short');
  if (origin === '' || extensions.includes('')) throw new Error('checkpoint has an empty line');
  return { origin, size: parseDecimal(size), root: parseHash(root), extensions };
}

/** The note of a checkpoint signed by its log; the key's name must be the origin. */
export function signCheckpoint(
  checkpoint: Omit<Checkpoint, 'extensions'> & Partial<Checkpoint>,
  key: SigningKey,
): string {
  if (key.name !== checkpoint.origin) throw new Error('the key name of a log is its origin');
  return signNote(formatCheckpoint(checkpoint), key);
}

/** The checkpoint of a note signed by this log key (type 0x01). Throws when it is malformed, of another origin, or
 *  not signed by the key. Cosignatures are not looked at: see `verifyCheckpoint` for a policy's quorum. */
export function openCheckpoint(
  note: string,
  log: VerifierKey,
  verify: VerifyEd25519 = ed25519Verify,
): Checkpoint & { readonly text: string } {
  const { text } = openNote(note, [log], verify);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== log.name) throw new Error(`checkpoint is of ${checkpoint.origin}, not of ${log.name}`);
  return { ...checkpoint, text };
}
