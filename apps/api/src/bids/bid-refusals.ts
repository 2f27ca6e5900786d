/** Refusals around the deadline are evidence: the caller gets each signed, and it leaves an entry of its own. */
import { Refusal } from '@segel/procurement';
import type { Actor } from '../platform/auth/actor.js';
import type { CommitOptions, Tx } from '../platform/journal/act.js';
import type { Journal } from '../platform/journal/journal.js';
import type { Receipts } from '../platform/log/receipts.js';

/** Commits an act on a bid of the tender, or throws the rule's refusal with its signed form.
 *  @param bid.manifestSha256 base64 */
export async function commitOrProveRefusal<T>(
  journal: Journal,
  receipts: Receipts,
  actor: Actor,
  { tenderId, manifestSha256 }: { readonly tenderId: string; readonly manifestSha256: string },
  decide: (tx: Tx) => Promise<T>,
  prepare?: CommitOptions['prepare'],
): Promise<T> {
  let at: Date | undefined;
  try {
    return await journal.commit(
      actor,
      { on: 'tender', id: tenderId, mode: 'shared' },
      (tx) => {
        at = tx.now;
        return decide(tx);
      },
      {
        ...(prepare === undefined ? {} : { prepare }),
        onRefusal: ({ code }) => ({
          type: 'bid.refused',
          tenderId,
          subjectId: actor.id,
          body: { code, manifest_sha256: manifestSha256 },
        }),
      },
    );
  } catch (error) {
    if (!(error instanceof Refusal) || at === undefined) throw error;
    const refusal = receipts.signedRefusal(error.code, tenderId, manifestSha256, at);
    throw new Refusal(error.code, error.message, error.params, { refusal });
  }
}
