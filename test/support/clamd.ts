/** A real ClamAV daemon with signatures of our own: Debian ships none, and none are fetched. */
import { spawn, spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The harmless file that every scanner is to find. In two pieces, so that none finds this one. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export const clamdInstalled = spawnSync('clamd', ['--version']).status === 0;

/** Says why tests are skipped where the daemon is not installed. */
export function sayWhenMissing(what: string): void {
  if (!clamdInstalled) console.warn(`${what}: skipped, clamd is not installed (apt install clamav-daemon)`);
}

export type RunningClamd = { readonly socket: string; stop(): Promise<void> };

export async function startClamd(): Promise<RunningClamd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'segel-clamd-'));
  const [database, socket, file] = [
    path.join(folder, 'db'),
    path.join(folder, 'clamd.sock'),
    path.join(folder, 'conf'),
  ];
  await mkdir(database);
  await writeFile(path.join(database, 'own.ndb'), `Eicar-Test:0:*:${Buffer.from(EICAR).toString('hex')}\n`);
  const settings = ['Foreground yes', `LocalSocket ${socket}`, `DatabaseDirectory ${database}`, 'StreamMaxLength 1M'];
  await writeFile(file, `${[...settings, 'AlertExceedsMax yes', 'AlertEncrypted yes'].join('\n')}\n`);
  const daemon = spawn('clamd', ['-c', file], { stdio: 'ignore' });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  const stop = async (): Promise<void> => {
    daemon.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 600 && daemon.exitCode === null; i++) {
    if (
      await access(socket).then(
        () => true,
        () => false,
      )
    )
      return { socket, stop };
    await sleep(50);
  }
  await stop();
  throw new Error('clamd did not start');
}
