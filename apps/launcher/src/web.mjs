// The web server as a child, before the API. It gets no setting of the database or of the log.
import { startNode, stopChild, waitForJson } from './processes.mjs';

const SETTINGS = ['PATH', 'HOME', 'TZ', 'NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'WATCH_STDIN'];

/** The environment of the web server, from the server's own. */
export function webEnv(env, { port, host, apiUrl, secret }) {
  const kept = Object.entries(env).filter(([name]) => SETTINGS.includes(name) || name.startsWith('WEB_'));
  const own = { WEB_PUBLIC_URL: env.PUBLIC_URL, WEB_SECRET: secret };
  return { ...own, ...Object.fromEntries(kept), WEB_PORT: String(port), WEB_HOST: host, API_URL: apiUrl };
}

/** Starts it and resolves when pages and the API behind them answer at `url`. */
export async function startWeb({ env, url, quiet, watched, seconds }) {
  const running = startNode('web server', ['--enable-source-maps', 'dist/apps/web/src/main.js'], { env, quiet });
  watched.watch(running, running.exited);
  watched.push(running, () => stopChild(running));
  await waitForJson(`${url}/api/health`, running, seconds * 1000);
  return running;
}
