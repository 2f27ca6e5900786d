// Everything that one machine needs, started in order and stopped in reverse: PostgreSQL, witness, migrations, server.
import path from 'node:path';
import { databaseControl } from './database.mjs';
import { defaultDataDir, openDataDir } from './data-dir.mjs';
import { PlainError } from './paths.mjs';
import { freePort, isFree } from './ports.mjs';
import { runNode } from './processes.mjs';
import { loadSecrets } from './secrets.mjs';
import { serverControl, serverEnv } from './server.mjs';
import { startWeb, webEnv } from './web.mjs';
import { startWitness } from './witness.mjs';

const node = ['--enable-source-maps'];

async function choosePort(port, env, say) {
  const host = env.HTTP_HOST || '127.0.0.1';
  const asked = port ?? (env.HTTP_PORT ? Number(env.HTTP_PORT) : undefined);
  if (asked === 0) return freePort(undefined, host);
  if (asked !== undefined) {
    if (!(await isFree(asked, host)))
      throw new PlainError(`port ${asked} of ${host} is taken by another program. Stop it, or set HTTP_PORT.`);
    return asked;
  }
  const chosen = await freePort(3000, host);
  if (chosen !== 3000) say(`Port 3000 is taken by another program; using ${chosen} instead.`);
  return chosen;
}

const reachable = (host) => (['0.0.0.0', '::', undefined, ''].includes(host) ? '127.0.0.1' : host);

/** The API's settings when the web server stands before it: reached by this machine only, and it believes the web server
 *  whose request it passes on. */
function behindWeb(web, env, { port }) {
  if (!web) return env;
  const trusted = ['127.0.0.1', env.TRUSTED_PROXIES].filter(Boolean).join(',');
  return { ...env, HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port), TRUSTED_PROXIES: trusted };
}

/** What was started, newest last, and the promise of the first that ends without being asked. */
function supervisor() {
  const stops = [];
  const asked = new Set();
  let announce;
  const died = new Promise((resolve) => (announce = resolve));
  const watch = (thing, exited) => void exited.then((end) => asked.has(thing) || announce(end));
  const stop = async () => {
    for (const { thing } of stops) asked.add(thing);
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next.stop();
  };
  return {
    died,
    stop,
    watch,
    expect: (thing) => asked.add(thing),
    push: (thing, how) => stops.push({ thing, stop: how }),
  };
}

async function startDatabase(paths, secrets, env, watched) {
  if (env.DATABASE_URL) return undefined;
  const postgres = await databaseControl({ paths, secrets, watched });
  watched.push(postgres, postgres.stop);
  return postgres;
}

async function startOwnWitness(options, watched) {
  const own = await startWitness({ ...options, watched });
  watched.push(own, own.stop);
  return own;
}

/**
 * Starts the whole system on `dataDir` and resolves when the server answers. dist/ must be built.
 * `env` is the environment to start from; DATABASE_URL, S3_ENDPOINT and LOG_POLICY_FILE in it switch the embedded
 * database, the folder store and the development witness off; `witness: false` does the last as well. `port` 0 = any.
 * With `web` the web server is at the port, and the API behind it at one that only this machine reaches.
 */
export async function startStack({
  dataDir,
  port,
  env = process.env,
  quiet = false,
  witness = true,
  web = false,
  say = () => undefined,
  seconds = 60,
} = {}) {
  const paths = await openDataDir(dataDir ? path.resolve(dataDir) : defaultDataDir());
  const watched = supervisor();
  watched.push(paths, () => paths.lock.release());
  try {
    const secrets = await loadSecrets(paths);
    const listenPort = await choosePort(port, env, say);
    if (!env.DATABASE_URL && !paths.postgres.startsWith(paths.dataDir))
      say(`The database is kept in ${paths.postgres}: PostgreSQL's user cannot reach ${paths.dataDir}.`);
    const postgres = await startDatabase(paths, secrets, env, watched);
    const database = {
      url: env.DATABASE_URL || postgres.running.url(),
      get pid() {
        return postgres?.running.pid;
      },
    };
    const outside = { host: env.HTTP_HOST || '127.0.0.1', port: listenPort };
    const complete = behindWeb(web, serverEnv(env, { paths, secrets, databaseUrl: database.url, port: listenPort }), {
      port: web ? await freePort() : listenPort,
    });
    const logSecrets = { logOrigin: complete.LOG_ORIGIN, logSignerSeed: complete.LOG_SIGNER_SEED };
    const own =
      witness && !env.LOG_POLICY_FILE
        ? await startOwnWitness({ paths, secrets: logSecrets, env, quiet }, watched)
        : undefined;
    await runNode('migration', [...node, 'dist/apps/api/src/migrate.js'], { env: complete, quiet });
    const apiUrl = `http://${reachable(complete.HTTP_HOST)}:${complete.HTTP_PORT}`;
    const url = web ? `http://${reachable(outside.host)}:${listenPort}` : apiUrl;
    const control = serverControl({ env: complete, url: apiUrl, quiet, watched, seconds });
    watched.push(control, control.stopApi);
    await control.startApi();
    if (web) {
      const pages = webEnv(complete, { ...outside, apiUrl, secret: secrets.webSecret });
      await startWeb({ env: pages, url, quiet, watched, seconds });
    }
    return Object.assign(control, {
      url,
      publicUrl: complete.PUBLIC_URL,
      env: complete,
      paths,
      database,
      witness: own,
      killPostgres: postgres?.kill,
      startPostgres: postgres?.start,
      killWitness: own?.kill,
      startWitness: own?.start,
      died: watched.died,
      onStop: (stop) => watched.push(stop, stop),
      stop: watched.stop,
    });
  } catch (error) {
    await watched.stop();
    throw error;
  }
}
