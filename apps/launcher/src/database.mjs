// The embedded database as a part that can be killed and started again: kill -9 of the postmaster and of every backend,
// as when the machine loses power.
import { execFileSync } from 'node:child_process';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';

/** The processes whose parent is `pid`. */
function childrenOf(pid) {
  return execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([parent]) => parent === pid)
    .map(([, child]) => child);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Starts PostgreSQL on the data folder, on the same port every time. */
export async function databaseControl({ paths, secrets, watched }) {
  const control = { running: undefined };
  const start = async (port) => {
    const postgres = await startEmbeddedPostgres({
      dataDir: paths.postgres,
      password: secrets.postgresPassword,
      ...(port === undefined ? {} : { port }),
    });
    control.running = postgres;
    watched.watch(
      postgres,
      postgres.exited.then((code) => ({ name: 'database', code })),
    );
  };
  await start();
  control.start = () => start(control.running.port);
  control.kill = async () => {
    const { pid, exited } = control.running;
    watched.expect(control.running);
    signal(pid, 'SIGSTOP'); // It must neither fork nor tidy up between the kills.
    const backends = childrenOf(pid);
    for (const each of [pid, ...backends]) signal(each, 'SIGKILL');
    await exited;
  };
  control.stop = () => {
    watched.expect(control.running);
    return control.running.stop();
  };
  return control;
}
