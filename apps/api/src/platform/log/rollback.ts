/** Whether the database is still the one that was signed, published and stored: asked before anything new is signed.
 *  Who restores an older copy, or another history, is told what to do instead of forking the log. */
import { equalBytes } from '@segel/encoding';
import { examineCheckpoint, rightEdgeFromTiles } from '@segel/tlog';
import type { ObjectStore } from '../object-store/object-store.js';
import { verifyEd25519 } from './ed25519.js';
import { CHECKPOINT_KEY } from './log-files.js';
import type { LogDatabase } from './log-database.js';
import type { LogPolicy } from './policy-file.js';
import type { Signer } from './signer.js';

const WHAT_TO_DO =
  'Nothing is signed until this is settled. Restore the newest copy of the database, or run `npm run refill`, which ' +
  'brings the log back to what was signed from the copies in the object store; if neither is possible, close this log ' +
  'and begin a successor with another LOG_ORIGIN. Never delete the signer’s state file to get past this: two histories ' +
  'under one key are proof of fraud.';

/** The log is older than, or another than, what others hold of it. */
export class Rollback extends Error {
  override readonly name = 'Rollback';

  constructor(finding: string) {
    super(`${finding} ${WHAT_TO_DO}`);
  }
}

export type Memory = {
  readonly database: LogDatabase;
  readonly signer: Signer;
  readonly store: ObjectStore;
  readonly policy: LogPolicy;
};

/** Compares the tree with every memory of it that we can reach: the signer’s, the published checkpoints, the served
 *  one. Throws {@link Rollback}. Returns what is wrong and no reason to stop: a served file that nobody signed proves
 *  nothing, and is replaced. */
export async function refuseRollback({ database, signer, store, policy }: Memory): Promise<readonly string[]> {
  const [tree] = await database.query<{ size: number }>('SELECT size FROM tlog.tree');
  const size = tree?.size ?? 0;
  const signed = await signer.last();
  const [known] = await database.query<{ size: number | null }>('SELECT max(size) AS size FROM tlog.checkpoint');
  if (signed.size === 0 && known?.size) {
    throw new Rollback('The signer has lost its memory of a log that is not empty: its state file must be restored.');
  }
  await compare(database, size, 'the signer signed', signed);
  const [newest] = await database.query<{ note: string }>('SELECT note FROM tlog.published ORDER BY size DESC LIMIT 1');
  const published = newest === undefined ? undefined : examine(policy, newest.note);
  if (typeof published === 'string') {
    throw new Rollback(`The newest published checkpoint does not hold (${published}): it was altered.`);
  }
  if (published !== undefined) await compare(database, size, 'there was published', published);
  const note = await store.bytesIfThere(CHECKPOINT_KEY);
  const served = note === undefined ? undefined : examine(policy, new TextDecoder().decode(note));
  if (typeof served === 'string')
    return [`the checkpoint in the object store does not hold (${served}); it is replaced`];
  if (served !== undefined) await compare(database, size, 'the object store serves', served);
  return [];
}

type Remembered = { readonly size: number; readonly root: Uint8Array };

async function compare(database: LogDatabase, size: number, who: string, remembered: Remembered): Promise<void> {
  if (remembered.size > size) {
    throw new Rollback(
      `The database holds ${size} entries, but ${who} a checkpoint of ${remembered.size}: the database was restored from an older copy.`,
    );
  }
  const edge = await rightEdgeFromTiles(remembered.size, database.readTile);
  if (!equalBytes(edge.root(), remembered.root)) {
    throw new Rollback(
      `The first ${remembered.size} entries of the database are not those of which ${who} a checkpoint: the log was rewritten.`,
    );
  }
}

/** The checkpoint, or why it does not hold. */
function examine(policy: LogPolicy, note: string): Remembered | string {
  try {
    return examineCheckpoint(policy.policy, note, verifyEd25519);
  } catch (error) {
    return (error as Error).message;
  }
}
