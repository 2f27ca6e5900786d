// The keys of one installation, made once and kept in a file that only its owner reads.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PlainError } from './paths.mjs';

const seed = () => randomBytes(32).toString('base64');

const makers = {
  // Names the log for ever: two logs must never share an origin, so it is random as well.
  logOrigin: () => `localhost/segel-${randomBytes(4).toString('hex')}`,
  logSignerSeed: seed,
  promiseSeed: seed,
  tokenSecret: seed,
  webSecret: seed,
  postgresPassword: () => randomBytes(24).toString('base64url'),
};

async function write(file, secrets) {
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await fs.open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(draft, file);
}

async function read(file) {
  const { uid, mode } = await fs.stat(file);
  if ((mode & 0o077) !== 0)
    throw new PlainError(
      `${file} can be read by others (mode ${(mode & 0o777).toString(8)}). Its keys may be known; if they are not, run: chmod 600 ${file}`,
    );
  if (process.getuid && uid !== process.getuid() && process.getuid() !== 0)
    throw new PlainError(`${file} belongs to another user.`);
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (error) {
    throw new PlainError(
      `${file} cannot be read (${error.message}). Restore it from a backup; without it this log cannot be continued.`,
    );
  }
}

/**
 * Reads the secrets, or makes them on the first start. A database without its secrets is refused: a new signing key
 * would silently be another log.
 */
export async function loadSecrets({ secretsFile, postgres }) {
  const found = existsSync(secretsFile) ? await read(secretsFile) : {};
  const missing = Object.keys(makers).filter((name) => typeof found[name] !== 'string');
  if (missing.length === 0) return found;
  if (!('postgresPassword' in found) && existsSync(path.join(postgres, 'PG_VERSION')))
    throw new PlainError(
      `${secretsFile} is missing but the database ${postgres} exists. Restore the file, or remove both to begin anew.`,
    );
  const secrets = { ...found };
  for (const name of missing) secrets[name] = makers[name]();
  await write(secretsFile, secrets);
  return secrets;
}
