/** A document under a passphrase: an ordinary age file of age-encryption, which draws its randomness itself. */
import { Decrypter, Encrypter } from 'age-encryption';
import { SealError } from './errors.js';

/** log2 of scrypt's N: a guess of the passphrase costs about a second. */
const WORK_FACTOR = 18;

/** The age file (binary, scrypt) of a document under a passphrase. */
export async function encryptWithPassphrase(
  document: Uint8Array,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(document);
}

/** The document of a passphrase file. Throws `undecryptable`. */
export async function decryptWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decrypt(file);
  } catch {
    throw new SealError('undecryptable', 'the passphrase does not open this file');
  }
}
