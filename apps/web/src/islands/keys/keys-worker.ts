/** The worker that makes keys and signs with them: they are in its memory for one act and leave only under a passphrase. */
import { check, decryptKeyRing, encryptKeyRing, keyRegistration, publicKeyOf, type KeyRing } from '@segel/acts';
import { signDocument } from '@segel/encoding';
import { encodeIdentity } from '@segel/sealing';
import type { RequestOf } from '../worker-client.js';
import { serve } from '../worker-side.js';
import type { Acts, Unlocked } from './messages.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

async function unlock({ keyFile, passphrase }: Unlocked): Promise<KeyRing> {
  return decryptKeyRing(new Uint8Array(await keyFile.arrayBuffer()), passphrase);
}

async function answer(request: RequestOf<Acts>): Promise<Acts[keyof Acts]['result']> {
  switch (request.act) {
    case 'make': {
      const { passphrase, escrow } = request.given;
      const escrowed = escrow ? { escrowIdentity: encodeIdentity('pq1', random(32)) } : {};
      const keys: KeyRing = { signingSecret: random(32), openerIdentities: [], ...escrowed };
      const file = await encryptKeyRing(keys, passphrase, { random });
      return { keyFile: new Blob([Uint8Array.from(file)]), key: publicKeyOf(keys) };
    }
    case 'register':
      return keyRegistration(await unlock(request.given), request.given);
    case 'sign': {
      const keys = await unlock(request.given);
      const { key, sig } = signDocument(request.given.type, request.given.body, keys.signingSecret);
      check(request.given.keys.includes(key), 'key_not_registered', 'The key of this file is not registered for you.');
      return { key, sig };
    }
  }
}

serve<Acts, never>(answer);
