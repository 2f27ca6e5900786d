/** The key file on disk: one age file under a passphrase, replaced whole. */
import { CheckFailed, decryptKeyRing, encryptKeyRing, type KeyRing } from '@segel/acts';
import { access, readFile } from 'node:fs/promises';
import { inHome, writePrivately } from '../home.js';
import { random } from '../primitives.js';

export const defaultKeyFile = (env: NodeJS.ProcessEnv = process.env): string => inHome('keys.age', env);

/** The keys in a file. Throws `no_key_file`, `wrong_passphrase` or `key_file_malformed`. */
export async function readKeyFile(path: string, passphrase: string): Promise<KeyRing> {
  let file: Uint8Array;
  try {
    file = new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CheckFailed('no_key_file', `There is no key file ${path}. Make one with: segel keygen`);
  }
  return decryptKeyRing(file, passphrase);
}

/** Stores the keys. `replace: false` refuses to write over a file: lost keys do not come back. */
export async function writeKeyFile(
  path: string,
  keys: KeyRing,
  passphrase: string,
  options: { readonly replace: boolean; readonly workFactor?: number },
): Promise<void> {
  if (!options.replace && (await exists(path)))
    throw new CheckFailed('key_file_exists', `${path} is there already; it is not written over.`);
  await writePrivately(path, await encryptKeyRing(keys, passphrase, { random, workFactor: options.workFactor }));
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
