import type { Actor } from '../auth/actor.js';
import type { Journal } from './journal.js';

/** Puts into the log that somebody reads what is not public, before the answer leaves. `subject` is an id or a word: never
 *  what was looked for when that is personal data, as a log forgets nothing.
 *
 *  Not an entry of a tender: readings in the queue must not hold up the close of its box. And each reading is an act of its
 *  own, also when a client repeats the request under one key. */
export async function recordReading(
  journal: Journal,
  actor: Actor,
  { what, subject }: { readonly what: string; readonly subject: string },
): Promise<void> {
  const reader = { ...actor, request: undefined };
  await journal.commit(reader, { on: 'none' }, async (tx) => {
    await tx.record({ type: 'secret.read', subjectId: actor.id, body: { what, subject } });
  });
}
