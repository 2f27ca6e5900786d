// The server as a child: with which settings it runs, and how it is started, stopped and killed.
import path from 'node:path';
import { startNode, stopChild, waitForJson } from './processes.mjs';

/** The server's environment: what the caller set wins, what is missing comes from the data folder. */
export function serverEnv(env, { paths, secrets, databaseUrl, port }) {
  const own = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    LOG_ORIGIN: secrets.logOrigin,
    LOG_SIGNER_SEED: secrets.logSignerSeed,
    PROMISE_SEED: secrets.promiseSeed,
    TOKEN_SECRET: secrets.tokenSecret,
    SIGNER_STATE: path.join(paths.dataDir, 'signer.json'),
    MAIL_FOLDER: paths.mail,
    LOG_POLICY_FILE: paths.policyFile,
    PUBLIC_URL: `http://localhost:${port}`,
    ...(env.S3_ENDPOINT ? {} : { OBJECT_FOLDER: paths.objects }),
  };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  return { ...own, ...given, HTTP_PORT: String(port), SEGEL_DATA: paths.dataDir, WATCH_STDIN: '1' };
}

/** The server as a process that can be killed and started again, as the crash tests do. */
export function serverControl({ env, url, quiet, watched, seconds }) {
  const control = { api: undefined };
  control.startApi = async (extra = {}) => {
    const running = startNode('server', ['--enable-source-maps', 'dist/apps/api/src/main.js'], {
      env: { ...env, ...extra },
      quiet,
    });
    control.api = running;
    watched.watch(running, running.exited);
    control.health = await waitForJson(`${url}/api/health`, running, seconds * 1000);
    return running;
  };
  control.killApi = async () => {
    const running = control.api;
    watched.expect(running);
    await stopChild(running, { signal: 'SIGKILL' });
  };
  control.stopApi = async () => {
    if (control.api === undefined) return;
    watched.expect(control.api);
    await stopChild(control.api);
  };
  return control;
}
