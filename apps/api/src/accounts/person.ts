import { Refusal } from '@segel/procurement';
import type { Actor } from '../platform/auth/actor.js';

/** Strangers who have just shown who they are (password, link) act as this account. */
export function asAccount(actor: Actor, accountId: string): Actor {
  return { kind: 'person', id: accountId, roles: [], request: actor.request };
}

/** Requests with a password or a token are never remembered for replays: what is remembered holds a plain hash of
 *  the request, from which a password could be guessed fast. */
export function unremembered(actor: Actor): Actor {
  return actor.request === undefined
    ? actor
    : { ...actor, request: { ...actor.request, idempotencyKey: undefined, digest: new Uint8Array() } };
}

/** The one form in which addresses are stored and compared. */
export function plainEmail(email: string): string {
  // Beyond ASCII, lower case is not one thing: two addresses could meet or part in the database.
  if (!/^[\x21-\x7e]+$/.test(email))
    throw new Refusal('request_malformed', 'The e-mail address has to be plain ASCII.');
  return email.toLowerCase();
}
