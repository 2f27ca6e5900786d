// Bundles what runs in the visitor's browser into dist/web-assets with Vite, when a source of it changed.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { offlineKit } from './build-offline.mjs';
import { inRoot, root } from './paths.mjs';

const config = 'apps/web/vite.config.ts';
const assets = inRoot('dist/web-assets');
const stamp = path.join(assets, '.sources');

/** Sources of the libraries and of the islands, and what bundles them. */
async function sourcesHash() {
  const folders = ['libs', ...['islands', 'words', 'bidding', 'look'].map((name) => `apps/web/src/${name}`)];
  const own = ['build-web', 'build-offline'].map((name) => `apps/launcher/src/${name}.mjs`);
  const names = [config, 'package-lock.json', ...own];
  for (const folder of folders)
    for (const entry of await fs.readdir(inRoot(folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && /(?<!\.spec)\.(tsx?|css|json)$/.test(entry.name) && !entry.parentPath.endsWith('vectors'))
        names.push(path.relative(inRoot('.'), path.join(entry.parentPath, entry.name)));
  const hash = createHash('sha256');
  for (const name of names.toSorted()) hash.update(`${name}\0`).update(await fs.readFile(inRoot(name)));
  return hash.digest('hex');
}

/** Compressed once, as hard as it goes: the web server sends these as they are. */
async function compress(folder) {
  for (const name of await fs.readdir(folder)) {
    if (!/\.(js|html)$/.test(name)) continue;
    const bytes = await fs.readFile(path.join(folder, name));
    await fs.writeFile(path.join(folder, `${name}.br`), await promisify(brotliCompress)(bytes));
    await fs.writeFile(path.join(folder, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
  }
}

/** The programs that vendors seal with, and their hashes: `segel-web` and `segel-offline` are the workers that manifests
 *  name, `segel-offline.html` is the file that people download. The API's worker puts each into the log. */
async function writeClients(folder) {
  const { html, worker, version } = await offlineKit(root);
  await fs.writeFile(path.join(folder, 'segel-luring.html'), html);
  const name = (await fs.readdir(folder)).find((one) => /^sealing-worker-.*\.js$/.test(one));
  const programs = { 'segel-web': await fs.readFile(path.join(folder, name)), 'segel-offline': worker };
  const clients = Object.entries({ ...programs, 'segel-offline.html': html }).map(([name, bytes]) => ({
    name,
    version,
    sha256: createHash('sha256').update(bytes).digest('base64'),
  }));
  await fs.writeFile(path.join(folder, 'clients.json'), `${JSON.stringify(clients, undefined, 2)}\n`);
}

/** Brings dist/web-assets up to date; true when it was built anew. The old files stay until the new ones are whole. */
export async function buildWeb() {
  const sources = await sourcesHash();
  if ((await fs.readFile(stamp, 'utf8').catch(() => '')) === sources) return false;
  const { build } = await import('vite');
  const draft = `${assets}.${process.pid}.tmp`;
  // Vite says `production` to its whole process; what is started after it must not inherit that.
  const { NODE_ENV } = process.env;
  try {
    await build({ configFile: inRoot(config), build: { outDir: draft } });
    await writeClients(draft);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  await compress(draft);
  await fs.writeFile(path.join(draft, '.sources'), sources);
  await fs.rm(assets, { recursive: true, force: true });
  await fs.rename(draft, assets);
  return true;
}
