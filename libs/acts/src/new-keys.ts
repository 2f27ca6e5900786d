/** Fresh keys, and what registers them. */
import { signDocument } from '@segel/encoding';
import { encodeIdentity, suiteOfIdentity, type Suite } from '@segel/sealing';
import { publicKeyOf, recipientOfIdentity, type KeyRing } from './key-ring.js';

/** Bytes of the system's generator. */
export type Random = (length: number) => Uint8Array;

export function newKeyRing(random: Random): KeyRing {
  return { signingSecret: random(32), openerIdentities: [] };
}

/** A fresh age identity of a suite. */
export function newIdentity(random: Random, suite: Suite): string {
  return encodeIdentity(suite, random(32));
}

/** The keys with an identity for a tender, made when there is none of this suite. One identity per tender: shares of
 *  one tender then say nothing about another. */
export function withOpenerIdentity(
  random: Random,
  keys: KeyRing,
  tenderId: string,
  suite: Suite,
): { readonly keys: KeyRing; readonly identity: string } {
  const known = keys.openerIdentities.findLast(
    (opener) => opener.tenderId === tenderId && suiteOfIdentity(opener.identity) === suite,
  );
  if (known !== undefined) return { keys, identity: known.identity };
  const identity = newIdentity(random, suite);
  return { keys: { ...keys, openerIdentities: [...keys.openerIdentities, { tenderId, identity }] }, identity };
}

/** Whose key it is: of a person for a vendor, or of an official; an auditor's with the recipient for escrowed seeds. */
export type KeyHolder = { readonly accountId: string; readonly vendorId?: string | null | undefined };

/** POST /api/keys. */
export type KeyRegistration = { readonly key: string; readonly sig: string; readonly escrowRecipient?: string };

/** The registration of a signing key, signed by the key itself. */
export function keyRegistration(keys: KeyRing, { accountId, vendorId }: KeyHolder): KeyRegistration {
  const key = publicKeyOf(keys);
  const account = { account_id: accountId, key };
  if (typeof vendorId === 'string') {
    const body = { ...account, vendor_id: vendorId };
    return { key, sig: signDocument('key.vendor.registered', body, keys.signingSecret).sig };
  }
  const escrowRecipient = keys.escrowIdentity === undefined ? undefined : recipientOfIdentity(keys.escrowIdentity);
  const body = { ...account, ...(escrowRecipient === undefined ? {} : { escrow_recipient: escrowRecipient }) };
  const { sig } = signDocument('key.authority.registered', body, keys.signingSecret);
  return { key, sig, ...(escrowRecipient === undefined ? {} : { escrowRecipient }) };
}
