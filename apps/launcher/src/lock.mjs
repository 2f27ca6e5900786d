// A lock file that names its holder, so that a crash does not leave a lock that nobody can explain.
import fs from 'node:fs/promises';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from './paths.mjs';

/** Field 22 of /proc/PID/stat: tells a reused process id from the holder. Undefined where there is no /proc. */
function startedAtTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** True when a process with this id exists, whoever owns it. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holderIsAlive({ pid, ticks }) {
  if (!Number.isInteger(pid) || !isAlive(pid)) return false;
  const now = startedAtTicks(pid);
  return ticks === undefined || now === undefined || now === ticks;
}

const readText = (file) =>
  fs.readFile(file, 'utf8').catch((error) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));

function parseHolder(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Takes a dead holder's file away. Another starter may have been quicker: then its file is put back. */
async function removeStale(file, seen) {
  const aside = `${file}.${process.pid}.stale`;
  await fs.rename(file, aside).catch(() => undefined);
  if ((await readText(aside)) !== seen) await fs.link(aside, file).catch(() => undefined);
  await fs.rm(aside, { force: true });
}

/**
 * Takes the lock or throws a PlainError made by `refusal(pid)`. With `waitMs` it waits that long for the holder first.
 * The lock goes with `release()` or with this process; after SIGKILL the next starter sees that the holder is dead.
 */
export async function acquireLock(file, { waitMs = 0, refusal = (pid) => `${file} is held by process ${pid}` } = {}) {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, ticks: startedAtTicks(process.pid), at: new Date().toISOString() });
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const deadline = Date.now() + waitMs;
  await fs.writeFile(draft, mine, { mode: 0o644 });
  try {
    for (;;) {
      // link(2) makes the file appear with its content, so nobody ever reads a half-written lock.
      const taken = await fs.link(draft, file).then(
        () => true,
        (error) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
      );
      if (taken) return heldLock(file, mine);
      const text = await readText(file);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (!holderIsAlive(holder)) await removeStale(file, text);
      else if (Date.now() >= deadline) throw new PlainError(refusal(holder.pid));
      else await sleep(50);
    }
  } finally {
    await fs.rm(draft, { force: true });
  }
}

function heldLock(file, mine) {
  const release = () => {
    process.removeListener('exit', release);
    try {
      if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
    } catch {
      // The folder is gone already, and the lock with it.
    }
  };
  process.once('exit', release);
  return { release };
}
