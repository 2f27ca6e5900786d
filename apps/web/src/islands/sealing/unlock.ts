/** The vendor's keys for the time of one act. */
import { check, decryptKeyRing, publicKeyOf, type KeyRing } from '@segel/acts';
import type { Unlock } from './messages.js';

/** Throws the codes of decryptKeyRing and `key_not_registered`. */
export async function unlock({ keyFile, passphrase, keys: registered }: Unlock): Promise<KeyRing> {
  const keys = await decryptKeyRing(new Uint8Array(await keyFile.arrayBuffer()), passphrase);
  const known = registered === undefined || registered.includes(publicKeyOf(keys));
  check(known, 'key_not_registered', 'The key of this file is not registered for you.');
  return keys;
}
