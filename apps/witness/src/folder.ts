/** Durable files: written whole or not at all, and on the disk before anyone is told. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { failpoint } from './failpoint.js';

/** Writes a file so that after a crash either the old or the new content is there: temporary file, fsync, rename,
 *  fsync of the folder. Two writers of one path must not run at once. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  failpoint('witness.written');
  await rename(temporary, path);
  // Windows cannot open a folder; there the rename is as durable as the file system makes it.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes a new small file, durably and readable by its owner only. Throws EEXIST when it is there already. */
export function createOnce(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const openHere = new Set<string>();

function isHeld(path: string): boolean {
  if (openHere.has(path)) return true;
  const pid = Number(readFileSync(path, 'utf8'));
  // In a container the process before this one often had this one's number, and a restart leaves dead numbers.
  const beforeBoot = statSync(path).mtimeMs < Date.now() - uptime() * 1000;
  if (pid === process.pid || beforeBoot || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the folder for this process; two witnesses over one state could cosign two histories. Returns the release.
 *  Throws when a living process holds it. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      createOnce(path, `${process.pid}\n`);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
      if (isHeld(path))
        throw new Error(`another witness uses ${folder}; if none runs, delete ${path}`, { cause: error });
      rmSync(path, { force: true });
    }
  }
  openHere.add(path);
  return () => {
    openHere.delete(path);
    rmSync(path, { force: true });
  };
}
