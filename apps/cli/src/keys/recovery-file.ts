/** The recovery file: the same keys in a second age file under a passphrase of its own, as text that can be printed.
 *  One format for both files means one program to open them in ten years: any `age` does. */
import { readFile } from 'node:fs/promises';
import { check, CheckFailed, decryptKeyRing, encryptKeyRing, sameKeys, type KeyRing } from '@segel/acts';
import { armor } from 'age-encryption';
import { writePrivately } from '../home.js';
import { random } from '../primitives.js';
import { exists } from './key-file.js';

/** Writes the file and opens it again. Never writes over one. Throws `key_file_exists` or `recovery_unproven`. */
export async function writeRecoveryFile(
  path: string,
  keys: KeyRing,
  passphrase: string,
  workFactor?: number,
): Promise<void> {
  check(!(await exists(path)), 'key_file_exists', `${path} is there already; it is not written over.`);
  await writePrivately(path, armor.encode(await encryptKeyRing(keys, passphrase, { random, workFactor })));
  const proven = sameKeys(await readRecoveryFile(path, passphrase), keys);
  check(proven, 'recovery_unproven', `${path} could not be read back. Nothing was registered.`);
}

/** The keys of a recovery file. Throws `no_key_file`, `wrong_passphrase` or `key_file_malformed`. */
export async function readRecoveryFile(path: string, passphrase: string): Promise<KeyRing> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CheckFailed('no_key_file', `There is no recovery file ${path}.`);
  }
  let file: Uint8Array;
  try {
    file = armor.decode(text);
  } catch {
    throw new CheckFailed('key_file_malformed', 'The file is not an age file in text form.');
  }
  return decryptKeyRing(file, passphrase);
}
