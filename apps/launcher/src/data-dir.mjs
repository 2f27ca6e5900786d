// The data folder of one machine: everything that must survive a restart, and nothing else.
//   postgres/ the database    objects/ the object store    mail/ mail that would have been sent
//   witness/  the development witness' key and memory      secrets.json  keys of this installation (mode 0600)
//   policy    the log policy of the development witness    signer.json   what the log's signer signed last
//   lock      who is using this folder
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { acquireLock } from './lock.mjs';
import { inRoot, PlainError } from './paths.mjs';
import { isReachableByAll, systemFolder } from './postgres-binaries.mjs';

/** The data folder: SEGEL_DATA, else `.data` of the checkout. */
export const defaultDataDir = () => path.resolve(process.env.SEGEL_DATA || inRoot('.data'));

/**
 * Where the database goes: into the data folder when PostgreSQL's own user can reach it (root only lends it an account),
 * else below /var/lib/segel, under a name that belongs to this data folder alone.
 */
function postgresFolder(dataDir) {
  if (process.getuid?.() !== 0 || isReachableByAll(dataDir)) return path.join(dataDir, 'postgres');
  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 8);
  return path.join(systemFolder, `postgres-${id}`);
}

async function makeFolder(folder, mode) {
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.chmod(folder, mode);
  } catch (error) {
    if (error.code === 'EPERM' || error.code === 'EACCES')
      throw new PlainError(
        `the data folder ${folder} belongs to somebody else (was it made as root?). Start as that user, or set SEGEL_DATA to another folder.`,
      );
    throw error;
  }
}

/** Makes the folders and takes the lock; a second start on the same data gets a plain refusal. Returns the paths. */
export async function openDataDir(dataDir = defaultDataDir()) {
  await fs.mkdir(path.dirname(dataDir), { recursive: true });
  await makeFolder(dataDir, 0o711); // PostgreSQL's user passes through; nobody lists it.
  const lock = await acquireLock(path.join(dataDir, 'lock'), {
    refusal: (pid) =>
      `${dataDir} is in use by process ${pid}: Segel is already running there. Stop it first, or set SEGEL_DATA to another folder.`,
  });
  const folders = Object.fromEntries(['objects', 'mail', 'witness'].map((name) => [name, path.join(dataDir, name)]));
  for (const folder of Object.values(folders)) await makeFolder(folder, 0o700);
  return {
    dataDir,
    ...folders,
    postgres: postgresFolder(dataDir),
    secretsFile: path.join(dataDir, 'secrets.json'),
    policyFile: path.join(dataDir, 'policy'),
    lock,
  };
}

/** Removes a temporary data folder, and its database where that had to live elsewhere. */
export async function removeDataDir(dataDir) {
  await fs.rm(postgresFolder(dataDir), { recursive: true, force: true });
  await fs.rm(dataDir, { recursive: true, force: true });
}
