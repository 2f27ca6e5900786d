// Names the command line among the programs that vendors seal with, as it names itself in the manifests it makes.
import fs from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.mjs';

const list = inRoot('dist/web-assets/clients.json');
const identity = inRoot('dist/apps/cli/src/version.js');

/** Puts the hash of the command line that was just built into the list, in place of an older build's. */
export async function nameCommandLine() {
  // By a name of its own each time: the module remembers the hash of the build that it was loaded for.
  const { clientIdentity } = await import(`${pathToFileURL(identity).href}?${performance.now()}`);
  const { name, version, bundle_sha256: sha256 } = clientIdentity();
  const before = await fs.readFile(list, 'utf8');
  const others = JSON.parse(before).filter((one) => one.name !== name);
  const after = `${JSON.stringify([...others, { name, version, sha256 }], undefined, 2)}\n`;
  if (after === before) return;
  const draft = `${list}.${process.pid}.tmp`;
  await fs.writeFile(draft, after);
  await fs.rename(draft, list);
}
