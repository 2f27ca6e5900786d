// postmaster.pid: PostgreSQL's own lock on a data folder, which survives a killed machine or container.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './lock.mjs';
import { PlainError } from './paths.mjs';

/** The command line of a process, or undefined when it cannot be known. */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    try {
      return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
        .trim()
        .split(/\s+/);
    } catch {
      return undefined;
    }
  }
}

/** Does this process id, found in postmaster.pid, belong to a PostgreSQL on this folder, or was the number reused? */
function servesFolder(pid, dataDir) {
  const command = commandLine(pid);
  if (command === undefined) return isAlive(pid); // Not to be known: believe the file, as PostgreSQL does.
  if (path.basename(command[0] ?? '') !== 'postgres') return false;
  if (command.includes(dataDir)) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dataDir; // A postmaster works in its data folder.
  } catch {
    return true;
  }
}

/** Waits for a postmaster that is still shutting down; removes a postmaster.pid that outlived its process. */
export async function clearStalePidFile(dataDir) {
  const file = path.join(dataDir, 'postmaster.pid');
  for (let tries = 0; existsSync(file); tries++) {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (!Number.isInteger(pid) || !isAlive(pid) || !servesFolder(pid, dataDir)) return fs.rm(file, { force: true });
    if (tries === 100) throw new PlainError(`${dataDir} is in use by PostgreSQL, process ${pid}.`);
    await sleep(100);
  }
}
