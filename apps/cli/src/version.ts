/** Which program this is: named in every manifest, so that bids made by a faulty release can be found. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SealingClient } from '@segel/sealing';

export const VERSION = '0.1.0';

let identity: SealingClient | undefined;

/** Name, version and the hash of this program's own code and of the libraries it was built with. */
export function clientIdentity(): SealingClient {
  identity ??= { name: 'segel-cli', version: VERSION, bundle_sha256: codeHash() };
  return identity;
}

/** SHA-256 over path and SHA-256 of every module below apps/cli and libs, in order of path; the same build gives the
 *  same hash on every computer. */
function codeHash(): string {
  const own = fileURLToPath(new URL('.', import.meta.url));
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const modules = [own, join(root, 'libs')].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && /\.(js|ts)$/.test(file.name) && !file.name.endsWith('.spec.ts'))
      .map((file) => join(file.parentPath, file.name)),
  );
  const hash = createHash('sha256');
  for (const path of modules.toSorted()) {
    const name = relative(root, path).split(sep).join('/');
    hash.update(`${name}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
  }
  return hash.digest('base64');
}
