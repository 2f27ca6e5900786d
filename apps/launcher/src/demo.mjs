// `npm run demo -- FILE…`: the whole story over HTTP, against a running server or one of its own that is gone afterwards.
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { removeDataDir } from './data-dir.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { inRoot, loadDotEnv, PlainError, runProgram } from './paths.mjs';
import { fetchJson, startNode, stopChild } from './processes.mjs';
import { askedToStop } from './signals.mjs';
import { startStack } from './stack.mjs';

const program = 'dist/apps/cli/src/demo/main.js';

/** The server that is running already, when one is. An address that was asked for must answer; `own` asks for none. */
async function runningServer() {
  if (process.env.SEGEL_URL === 'own') return undefined;
  const url = process.env.SEGEL_URL || 'http://localhost:3000';
  const health = await fetchJson(`${url}/api/health`);
  if (health?.name === 'segel') return url;
  if (process.env.SEGEL_URL) throw new PlainError(`no Segel server answers at ${url} (SEGEL_URL).`);
  return undefined;
}

async function play(env, interrupted) {
  const running = startNode('demonstration', ['--enable-source-maps', program, ...process.argv.slice(2)], { env });
  void interrupted.then(() => stopChild(running));
  const { code } = await running.exited;
  return typeof code === 'number' ? code : 1;
}

/** Our environment without any setting of the server: a demonstration never writes into a real database or store. */
async function withoutSettings() {
  const { CONFIG_KEYS } = await import(pathToFileURL(inRoot('dist/apps/api/src/platform/config/config.js')).href);
  const { WEB_KEYS } = await import(pathToFileURL(inRoot('dist/apps/web/src/config.js')).href);
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !(name in CONFIG_KEYS) && !(name in WEB_KEYS)),
  );
}

async function playOnOwnServer(interrupted) {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'segel-demo-'));
  let stack;
  try {
    console.log('No server is running here: starting one of its own for the demonstration.');
    stack = await startStack({ dataDir, port: 0, quiet: true, web: true, env: await withoutSettings() });
    return await Promise.race([
      play({ ...stack.env, SEGEL_URL: stack.url }, interrupted),
      stack.died.then(({ name, code }) =>
        Promise.reject(new PlainError(`the ${name} ended by itself (${code}).\n${stack.api.said}`)),
      ),
    ]);
  } finally {
    await stack?.stop();
    await removeDataDir(dataDir);
  }
}

async function demo() {
  const interrupted = askedToStop();
  await ensureInstalled();
  loadDotEnv();
  await build();
  if (!existsSync(inRoot(program))) throw new PlainError(`${program} is missing: this checkout has no demonstration.`);
  const url = await runningServer();
  if (url === undefined) return playOnOwnServer(interrupted);
  console.log(`Using the server that is running at ${url}.`);
  return play({ ...process.env, SEGEL_URL: url }, interrupted);
}

await runProgram(demo);
process.exit();
