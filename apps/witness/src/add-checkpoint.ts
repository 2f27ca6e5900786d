/** What a witness decides about one submitted checkpoint (C2SP tlog-witness, add-checkpoint). Pure: no files, no clock. */
import { equalBytes, type VerifyEd25519 } from '@segel/encoding';
import {
  claimsKey,
  emptyRoot,
  openNote,
  parseCheckpoint,
  parseDecimal,
  parseHash,
  parseNote,
  verifyConsistency,
  type Checkpoint,
  type VerifierKey,
} from '@segel/tlog';

const MAX_PROOF_LINES = 63;

/** A request that the witness does not cosign, as the status and body of its answer. */
export class Refused extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 409 | 413 | 422 | 503,
    readonly body: string,
    readonly contentType = 'text/plain; charset=utf-8',
  ) {
    super(body.trim());
  }
}

/** A well-formed request; nothing in it is verified. `text` is the checkpoint without signatures. */
export type AddCheckpoint = {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
  readonly text: string;
  readonly checkpoint: Checkpoint;
};

/** The tree head a witness last cosigned for a log. */
export type TreeHead = { readonly size: number; readonly root: Uint8Array };

/** Takes a request body apart: `old <size>`, proof lines, an empty line, the checkpoint. Throws Refused 400. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  try {
    const end = body.indexOf('\n\n');
    if (end < 0) throw new Error('there is no empty line before the checkpoint');
    const [old, ...proof] = body.slice(0, end).split('\n');
    if (!old?.startsWith('old ')) throw new Error('the first line is not "old <size>"');
    if (proof.length > MAX_PROOF_LINES) throw new Error(`there are more than ${MAX_PROOF_LINES} proof lines`);
    const note = body.slice(end + 2);
    const { text } = parseNote(note);
    const oldSize = parseDecimal(old.slice('old '.length));
    return { oldSize, proof: proof.map(parseHash), note, text, checkpoint: parseCheckpoint(text) };
  } catch (error) {
    throw new Refused(400, `malformed request: ${(error as Error).message}\n`);
  }
}

/** The signature lines by which trusted keys of the origin signed the checkpoint. Throws Refused: 404 for an origin
 *  that is not watched, 403 when no trusted key signed or a signature under a trusted key fails. */
export function trustedSignatures(
  request: AddCheckpoint,
  logs: readonly VerifierKey[],
  verify: VerifyEd25519,
): readonly string[] {
  const keys = logs.filter((key) => key.name === request.checkpoint.origin);
  if (keys.length === 0) throw new Refused(404, 'this log is not watched here\n');
  try {
    openNote(request.note, keys, verify);
  } catch (error) {
    throw new Refused(403, `${(error as Error).message}\n`);
  }
  const { signatures } = parseNote(request.note);
  return signatures.filter((line) => keys.some((key) => claimsKey(line, key))).map(({ line }) => line);
}

/** Checks that the checkpoint extends what was last cosigned (nothing: the empty tree). Throws Refused: 400 when the
 *  old size exceeds the checkpoint's; 409 with the size last cosigned when the old size is another; 409 when the same
 *  size comes with another root; 422 when the consistency proof does not hold. */
export function checkGrowth({ oldSize, proof, checkpoint }: AddCheckpoint, last: TreeHead | undefined): void {
  const { size, root } = last ?? { size: 0, root: emptyRoot() };
  if (oldSize > checkpoint.size) throw new Refused(400, 'the old size is larger than the checkpoint\n');
  if (oldSize !== size) throw new Refused(409, `${size}\n`, 'text/x.tlog.size');
  if (isFork(checkpoint, last)) throw new Refused(409, `another root was cosigned at size ${size}\n`);
  if (!verifyConsistency(size, checkpoint.size, root, checkpoint.root, proof)) {
    throw new Refused(422, 'the consistency proof does not hold\n');
  }
}

/** True when a log signed two different trees of one size: with both notes, proof of its misbehaviour. */
export function isFork(checkpoint: TreeHead, last: TreeHead | undefined): boolean {
  return last !== undefined && checkpoint.size === last.size && !equalBytes(checkpoint.root, last.root);
}
