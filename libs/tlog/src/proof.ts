/** Offline proofs of logging (C2SP tlog-proof@v1). */
import { ed25519Verify, fromBase64, toBase64, type VerifyEd25519 } from '@segel/encoding';
import { parseDecimal, parseHash } from './checkpoint.js';
import { verifyCheckpoint, type ExaminedCheckpoint } from './checkpoint-policy.js';
import { leafHash } from './merkle.js';
import { verifyInclusion } from './merkle-proofs.js';
import { MAX_NOTE_BYTES, parseNote } from './note.js';
import type { Policy } from './policy.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 63;
const MAX_EXTRA_BYTES = 128 * 1024;
const MAX_PROOF_CHARS = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES + 8 * 1024;

/** A proof taken apart: leaf index, inclusion proof from the leaf's sibling up, the checkpoint note verbatim, and
 *  bytes for the application, which nothing authenticates. */
export type TlogProof = {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
  readonly extra?: Uint8Array;
};

/** A proof that held: the checkpoint as the policy sees it, and where the leaf is. */
export type VerifiedProof = {
  readonly index: number;
  readonly checkpoint: ExaminedCheckpoint;
  readonly extra?: Uint8Array;
};

/** Text of a proof. Throws when its checkpoint is not a note or a number or hash is out of range. */
export function formatProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  const text = `${lines.join('\n')}\n\n${checkpoint}`;
  parseProof(text);
  return text;
}

/** Takes a proof apart; nothing is verified. Throws on any line that the format has no place for, on more than 63
 *  hashes, on an empty `extra`, and on a checkpoint that is not a note. */
export function parseProof(text: string): TlogProof {
  if (text.length > MAX_PROOF_CHARS) throw new Error('proof is too large');
  const end = text.indexOf('\n\n');
  if (end < 0) throw new Error('proof has no checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw new Error(`proof does not begin with ${HEADER}`);
  const extraText = lines[0]?.startsWith('extra ') ? lines.shift()!.slice('extra '.length) : undefined;
  const indexText = lines.shift();
  if (indexText === undefined || !indexText.startsWith('index ')) throw new Error('proof has no index line');
  if (lines.length > MAX_HASHES) throw new Error('proof has too many hashes');
  if (extraText === '') throw new Error('proof has an empty extra line');
  const checkpoint = text.slice(end + 2);
  parseNote(checkpoint);
  return {
    index: parseDecimal(indexText.slice('index '.length)),
    hashes: lines.map(parseHash),
    checkpoint,
    ...(extraText === undefined ? {} : { extra: fromBase64(extraText) }),
  };
}

/** Checks that the leaf data (the entry's bytes) is in a log of the policy and that its quorum saw it. Throws with
 *  the first reason against it: malformed, no log of the policy, no quorum, not included. */
export function verifyProof(
  text: string,
  policy: Policy,
  leafData: Uint8Array,
  verify: VerifyEd25519 = ed25519Verify,
): VerifiedProof {
  const { index, hashes, checkpoint: note, extra } = parseProof(text);
  const checkpoint = verifyCheckpoint(policy, note, verify);
  if (!verifyInclusion(index, checkpoint.size, leafHash(leafData), hashes, checkpoint.root)) {
    throw new Error(`the entry is not at index ${index} of the checkpoint's tree`);
  }
  return { index, checkpoint, ...(extra === undefined ? {} : { extra }) };
}
