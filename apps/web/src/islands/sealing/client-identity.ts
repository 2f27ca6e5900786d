/** Which program this is: named in every manifest, so that bids made by a faulty release can be found. */
import { toBase64, type Sha256 } from '@segel/encoding';
import type { SealingClient } from '@segel/sealing';

const VERSION = '0.1.0';

/** Name, version and the SHA-256 of this very worker as the server gave it. */
export async function ownIdentity(sha256: Sha256): Promise<SealingClient> {
  const code = await (await fetch(self.location.href, { cache: 'force-cache' })).arrayBuffer();
  return { name: 'segel-web', version: VERSION, bundle_sha256: toBase64(sha256(new Uint8Array(code))) };
}
