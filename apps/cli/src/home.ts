/** The folder where this program keeps what belongs to its user: `$SEGEL_HOME`, or `~/.config/segel`. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Path of a file in it. */
export function inHome(name: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(env['SEGEL_HOME'] ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'segel'), name);
}

/** Writes a file so that after a crash either the old or the new content is there, readable by its owner only. */
export async function writePrivately(path: string, content: string | Uint8Array): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, target);
}
