/** Fresh keys from the system's generator. */
import { type KeyRing } from '@segel/acts';
import { encodeIdentity, suiteOfIdentity, type Suite } from '@segel/sealing';
import { random } from '../primitives.js';

export function newKeyRing(): KeyRing {
  return { signingSecret: random(32), openerIdentities: [] };
}

/** A fresh age identity of a suite. */
export function newIdentity(suite: Suite): string {
  return encodeIdentity(suite, random(32));
}

/** The keys with an identity for a tender, made when there is none of this suite. One identity per tender: shares of
 *  one tender then say nothing about another. */
export function withOpenerIdentity(
  keys: KeyRing,
  tenderId: string,
  suite: Suite,
): { readonly keys: KeyRing; readonly identity: string } {
  const known = keys.openerIdentities.findLast(
    (opener) => opener.tenderId === tenderId && suiteOfIdentity(opener.identity) === suite,
  );
  if (known !== undefined) return { keys, identity: known.identity };
  const identity = newIdentity(suite);
  return { keys: { ...keys, openerIdentities: [...keys.openerIdentities, { tenderId, identity }] }, identity };
}
