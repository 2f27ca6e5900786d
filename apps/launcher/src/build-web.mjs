// Bundles what runs in the visitor's browser into dist/web-assets with Vite, when a source of it changed.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { inRoot } from './paths.mjs';

const config = 'apps/web/vite.config.ts';
const assets = inRoot('dist/web-assets');
const stamp = path.join(assets, '.sources');

/** Sources of the libraries and of the islands, and what bundles them. */
async function sourcesHash() {
  const folders = ['libs', 'apps/web/src/islands', 'apps/web/src/words'];
  const names = [config, 'package-lock.json', 'apps/launcher/src/build-web.mjs'];
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
    if (!name.endsWith('.js')) continue;
    const bytes = await fs.readFile(path.join(folder, name));
    await fs.writeFile(path.join(folder, `${name}.br`), await promisify(brotliCompress)(bytes));
    await fs.writeFile(path.join(folder, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
  }
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
