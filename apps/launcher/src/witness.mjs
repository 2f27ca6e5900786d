// The one witness of a machine by itself: a process of its own, with a key of its own, and no independence at all.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.mjs';
import { developmentPolicy } from './policy.mjs';
import { freePort } from './ports.mjs';
import { startNode, stopChild, waitForJson } from './processes.mjs';

/** The log's verifier key, computed by our own library, which is compiled by now. */
export async function logKey({ logOrigin, logSignerSeed }) {
  const { logKeyOf } = await import(pathToFileURL(inRoot('dist/libs/tlog/src/index.js')).href);
  return logKeyOf({ name: logOrigin, seed: new Uint8Array(Buffer.from(logSignerSeed, 'base64')) }).vkey;
}

async function remembered(file, make) {
  const found = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (found !== undefined) return found.trim();
  const made = String(await make());
  await fs.writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}

/** The witness as a process that can be killed and started again. */
function witnessControl({ env, url, quiet, watched }) {
  const control = { running: undefined };
  control.start = async (extra = {}) => {
    const running = startNode('witness', ['--enable-source-maps', 'dist/apps/witness/src/main.js'], {
      quiet,
      env: { ...env, ...extra },
    });
    control.running = running;
    watched.watch(running, running.exited);
    return String(await waitForJson(`${url}/vkey`, running)).trim();
  };
  control.kill = async () => {
    watched.expect(control.running);
    await stopChild(control.running, { signal: 'SIGKILL' });
  };
  control.stop = async () => {
    watched.expect(control.running);
    await stopChild(control.running);
  };
  return control;
}

/**
 * Starts the development witness for this log and writes the policy that trusts it. Name and port are remembered, so
 * that the policy stays the same over restarts. Returns its control with `name`, `key` and `url`.
 */
export async function startWitness({ paths, secrets, env, quiet, watched }) {
  const name = await remembered(
    path.join(paths.witness, 'name'),
    () => `dev1.localhost/${randomBytes(4).toString('hex')}`,
  );
  const portFile = path.join(paths.witness, 'port');
  const wished = Number(await remembered(portFile, () => freePort()));
  const port = await freePort(wished);
  if (port !== wished) await fs.writeFile(portFile, `${port}\n`);
  const key = await logKey(secrets);
  const url = `http://127.0.0.1:${port}`;
  const own = {
    WITNESS_NAME: name,
    WITNESS_HOST: '127.0.0.1',
    WITNESS_PORT: String(port),
    WITNESS_DATA: paths.witness,
    WITNESS_LOGS: key,
    WITNESS_WATCH_STDIN: '1',
  };
  const control = witnessControl({ env: { ...env, ...own }, url, quiet, watched });
  try {
    const witnessKey = await control.start();
    const policy = developmentPolicy({ logKey: key, witnessName: 'dev1', witnessKey, witnessUrl: url });
    await fs.writeFile(paths.policyFile, policy, { mode: 0o644 });
    return Object.assign(control, { name, key: witnessKey, url });
  } catch (error) {
    await control.stop();
    throw error;
  }
}
