// Compiles every project of nest-cli.json with SWC into dist/, without a type check (that is `npm run typecheck`).
// Only changed files are compiled. Files are replaced one by one with rename under a lock, so a server that runs from
// dist/ and a second build never see half a file.
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { nameCommandLine } from './build-clients.mjs';
import { buildWeb } from './build-web.mjs';
import { acquireLock } from './lock.mjs';
import { inRoot, isProgram, PlainError, root, runProgram } from './paths.mjs';

const out = inRoot('dist');
const manifestFile = path.join(out, '.build.json');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const isCompiled = (name) => /\.tsx?$/.test(name);
const isTaken = (name) =>
  isCompiled(name) ? !/\.(d|spec)\.tsx?$/.test(name) : /\.(sql|json|css|typ|worker\.mjs)$/.test(name);
const outputOf = (name) => (isCompiled(name) ? name.replace(/\.tsx?$/, '.js') : name);

async function listSources() {
  const { projects } = JSON.parse(await fs.readFile(inRoot('nest-cli.json'), 'utf8'));
  const names = [];
  for (const { sourceRoot } of Object.values(projects)) {
    const entries = await fs.readdir(inRoot(sourceRoot), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      // Islands run in the browser: build-web.mjs bundles them.
      if (entry.isFile() && isTaken(entry.name) && !entry.parentPath.includes(`${path.sep}islands`))
        names.push(path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
  }
  return names;
}

/** What changes the output besides the sources: the compiler, its settings and this file. */
async function settingsHash() {
  const files = ['.swcrc', 'nest-cli.json', 'node_modules/@swc/core/package.json', 'apps/launcher/src/build.mjs'];
  return sha256((await Promise.all(files.map((file) => fs.readFile(inRoot(file), 'utf8')))).join('\0'));
}

const readManifest = async (settings) => {
  const manifest = await fs
    .readFile(manifestFile, 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  return manifest.settings === settings ? manifest.files : {};
};

async function replaceFile(file, content) {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await fs.writeFile(draft, content);
  await fs.rename(draft, file);
}

async function compile(swc, options, name, source) {
  const target = path.join(out, outputOf(name));
  if (!isCompiled(name)) return replaceFile(target, source);
  const result = await swc
    .transform(source.toString('utf8'), {
      ...options,
      swcrc: false,
      cwd: root,
      filename: inRoot(name),
      sourceFileName: path.relative(path.dirname(target), inRoot(name)),
      jsc: { ...options.jsc, baseUrl: root, parser: { ...options.jsc.parser, tsx: name.endsWith('.tsx') } },
    })
    .catch((error) => {
      throw new PlainError(`${name} does not compile:\n${error.message}`);
    });
  await replaceFile(`${target}.map`, result.map);
  await replaceFile(target, `${result.code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
}

/** Takes away what no source stands behind any more: a deleted migration must not go on running. What the browser gets
 *  is kept in order by build-web.mjs. */
async function prune(names) {
  const expected = new Set(names.flatMap((name) => [outputOf(name), `${outputOf(name)}.map`]).concat('.build.json'));
  for (const entry of await fs.readdir(out, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const name = path.relative(out, file);
    if (entry.isFile() && !expected.has(name) && !name.startsWith('web-assets')) await fs.rm(file, { force: true });
  }
}

async function buildLocked() {
  const settings = await settingsHash();
  const before = await readManifest(settings);
  const files = {};
  const changed = [];
  for (const name of await listSources()) {
    const source = await fs.readFile(inRoot(name));
    files[name] = sha256(source);
    const exists = () =>
      fs.access(path.join(out, outputOf(name))).then(
        () => true,
        () => false,
      );
    if (before[name] !== files[name] || !(await exists())) changed.push([name, source]);
  }
  const gone = Object.keys(before).some((name) => files[name] === undefined);
  if (changed.length === 0 && !gone) return 0;
  // The compiler is installed by `npm ci`, this module is loaded before it.
  const { default: swc } = await import('@swc/core');
  const options = JSON.parse(await fs.readFile(inRoot('.swcrc'), 'utf8'));
  delete options.$schema;
  await fs.rm(manifestFile, { force: true }); // A build cut short must not be believed.
  await Promise.all(changed.map(([name, source]) => compile(swc, options, name, source)));
  await prune(Object.keys(files));
  await replaceFile(manifestFile, JSON.stringify({ settings, files }));
  return changed.length;
}

/** Brings dist/ up to date. Returns how many files were compiled; 0 when nothing changed. */
export async function build({ quiet = false } = {}) {
  const started = performance.now();
  const lock = await acquireLock(inRoot('.data/build.lock'), { waitMs: 120_000 });
  try {
    const count = await buildLocked();
    const web = await buildWeb();
    await nameCommandLine();
    const what = [count > 0 ? `${count} files` : '', web ? 'the web assets' : ''].filter(Boolean).join(' and ');
    if (!quiet && what !== '') console.log(`Built ${what} in ${Math.round(performance.now() - started)} ms.`);
    return count;
  } finally {
    lock.release();
  }
}

if (isProgram(import.meta.url)) await runProgram(async () => void (await build()));
