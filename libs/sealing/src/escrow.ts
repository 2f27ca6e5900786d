/** The auditors' escrow of S after the opening (protocol section 6): an ordinary age file of age-encryption, which draws
 *  its randomness itself. */
import { Decrypter, Encrypter } from 'age-encryption';
import { SealError } from './errors.js';
import { encodeSeed, parseSeed, type KeptSeed } from './seed.js';

/** The age file (binary) of a seed to the auditors' recipients. */
export async function escrowSeed(kept: KeptSeed, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(encodeSeed(kept));
}

/** The seed of an escrow file with one auditor's age identity. Throws `undecryptable`. */
export async function openEscrow(file: Uint8Array, identity: string): Promise<KeptSeed> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let plaintext: Uint8Array;
  try {
    plaintext = await decrypter.decrypt(file);
  } catch {
    throw new SealError('undecryptable', 'the key does not open this file');
  }
  return parseSeed(plaintext);
}
