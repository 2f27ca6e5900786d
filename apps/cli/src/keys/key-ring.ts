/** One person's secrets: the signing key, and one age identity per tender that the person helps to open. */
import {
  canonicalBytes,
  ed25519PublicKey,
  fromBase64,
  parseCanonicalObject,
  toBase64,
  type CanonicalObject,
} from '@segel/encoding';
import { encodeIdentity, recipientOf, suiteOfIdentity, decodeIdentity, type Suite } from '@segel/sealing';
import { Decrypter, Encrypter } from 'age-encryption';
import { random } from '../primitives.js';
import { CheckFailed } from '../problem.js';

/** The age identity for one tender; the suite follows from it. */
export type OpenerIdentity = { readonly tenderId: string; readonly identity: string };

export type KeyRing = {
  /** Ed25519 seed, 32 bytes. */
  readonly signingSecret: Uint8Array;
  readonly openerIdentities: readonly OpenerIdentity[];
  /** An auditor's age identity for escrowed seeds. */
  readonly escrowIdentity?: string;
};

/** log2 of scrypt's N: a guess of the passphrase costs about a second. */
const WORK_FACTOR = 18;

/** Fresh keys. */
export function newKeyRing(): KeyRing {
  return { signingSecret: random(32), openerIdentities: [] };
}

/** The signing key's public half, base64. */
export function publicKeyOf(keys: KeyRing): string {
  return toBase64(ed25519PublicKey(keys.signingSecret));
}

/** A fresh age identity of a suite. */
export function newIdentity(suite: Suite): string {
  return encodeIdentity(suite, random(32));
}

/** The recipient of an age identity. */
export function recipientOfIdentity(identity: string): string {
  const suite = suiteOfIdentity(identity);
  return recipientOf(suite, decodeIdentity(suite, identity));
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

/** The age file (binary, scrypt) of the keys under a passphrase. */
export async function encryptKeyRing(keys: KeyRing, passphrase: string, workFactor = WORK_FACTOR): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(
    canonicalBytes({
      v: 1,
      signing_secret: toBase64(keys.signingSecret),
      openers: keys.openerIdentities.map(({ tenderId, identity }) => ({ tender_id: tenderId, identity })),
      ...(keys.escrowIdentity === undefined ? {} : { escrow_identity: keys.escrowIdentity }),
    }),
  );
}

/** The keys of an age file. Throws `wrong_passphrase` or `key_file_malformed`. */
export async function decryptKeyRing(file: Uint8Array, passphrase: string): Promise<KeyRing> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let plaintext: Uint8Array;
  try {
    plaintext = await decrypter.decrypt(file);
  } catch {
    throw new CheckFailed('wrong_passphrase', 'The passphrase does not open the key file.');
  }
  try {
    return parseKeyRing(parseCanonicalObject(plaintext));
  } catch {
    // Whatever was wrong: no error may quote a secret.
    throw new CheckFailed('key_file_malformed', 'The key file does not hold keys of this program.');
  }
}

function parseKeyRing(document: CanonicalObject): KeyRing {
  const signingSecret = fromBase64(document['signing_secret'] as string);
  if (document['v'] !== 1 || signingSecret.length !== 32) throw new Error('malformed');
  const openers = document['openers'] as readonly { readonly tender_id: string; readonly identity: string }[];
  const escrowIdentity = document['escrow_identity'] as string | undefined;
  return {
    signingSecret,
    openerIdentities: openers.map(({ tender_id: tenderId, identity }) => {
      suiteOfIdentity(identity);
      return { tenderId, identity };
    }),
    ...(escrowIdentity === undefined ? {} : { escrowIdentity }),
  };
}
