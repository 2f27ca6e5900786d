/** One person's secrets: the signing key, and one age identity per tender that the person helps to open. The file they
 *  are kept in is an age file under a passphrase: any `age` opens it in ten years. */
import {
  canonicalBytes,
  ed25519PublicKey,
  fromBase64,
  parseCanonicalObject,
  toBase64,
  type CanonicalObject,
} from '@segel/encoding';
import {
  decodeIdentity,
  decryptWithPassphrase,
  encryptWithPassphrase,
  recipientOf,
  suiteOfIdentity,
  type PassphraseOptions,
} from '@segel/sealing';
import { CheckFailed } from './failure.js';

/** The age identity for one tender; the suite follows from it. */
export type OpenerIdentity = { readonly tenderId: string; readonly identity: string };

export type KeyRing = {
  /** Ed25519 seed, 32 bytes. */
  readonly signingSecret: Uint8Array;
  readonly openerIdentities: readonly OpenerIdentity[];
  /** An auditor's age identity for escrowed seeds. */
  readonly escrowIdentity?: string;
};

/** The signing key's public half, base64. */
export function publicKeyOf(keys: Pick<KeyRing, 'signingSecret'>): string {
  return toBase64(ed25519PublicKey(keys.signingSecret));
}

/** The recipient of an age identity. */
export function recipientOfIdentity(identity: string): string {
  const suite = suiteOfIdentity(identity);
  return recipientOf(suite, decodeIdentity(suite, identity));
}

/** The age file (binary, scrypt) of the keys under a passphrase. */
export async function encryptKeyRing(
  keys: KeyRing,
  passphrase: string,
  options: PassphraseOptions,
): Promise<Uint8Array> {
  const document = canonicalBytes({
    v: 1,
    signing_secret: toBase64(keys.signingSecret),
    openers: keys.openerIdentities.map(({ tenderId, identity }) => ({ tender_id: tenderId, identity })),
    ...(keys.escrowIdentity === undefined ? {} : { escrow_identity: keys.escrowIdentity }),
  });
  return encryptWithPassphrase(document, passphrase, options);
}

/** The keys of an age file. Throws `wrong_passphrase` or `key_file_malformed`. */
export async function decryptKeyRing(file: Uint8Array, passphrase: string): Promise<KeyRing> {
  let plaintext: Uint8Array;
  try {
    plaintext = await decryptWithPassphrase(file, passphrase);
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
