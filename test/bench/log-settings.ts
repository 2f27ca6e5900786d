/** One log of a benchmark: its settings, its keys, and a witness in a process of its own. */
import { toBase64 } from '@segel/encoding';
import { logKeyOf } from '@segel/tlog';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Child } from './child.js';
import { freePort, textOf } from './net.js';

export type BenchLog = {
  /** What readSettings takes. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/** Makes a log on a database, in a folder of its own below `folder`. */
export async function makeLog(databaseUrl: string, folder: string): Promise<BenchLog> {
  const home = await mkdtemp(path.join(folder, 'log-'));
  const seed = randomBytes(32);
  const origin = `bench.example/${randomBytes(4).toString('hex')}`;
  const logVkey = logKeyOf({ name: origin, seed }).vkey;
  const witness = await startWitness(path.join(home, 'witness'), logVkey);
  const policy = path.join(home, 'policy');
  await writeFile(
    policy,
    `# not-independent: w1\nlog ${logVkey}\nwitness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`,
  );
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    OBJECT_FOLDER: path.join(home, 'objects'),
    SIGNER_STATE: path.join(home, 'signer.json'),
    LOG_POLICY_FILE: policy,
    LOG_ORIGIN: origin,
    LOG_SIGNER_SEED: toBase64(seed),
    PROMISE_SEED: toBase64(randomBytes(32)),
    TOKEN_SECRET: toBase64(randomBytes(32)),
    LOG_INTERVAL_MS: '100',
  };
  const close = async (): Promise<void> => {
    await witness.process.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { env, close };
}

async function startWitness(folder: string, logVkey: string): Promise<{ url: string; vkey: string; process: Child }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = Child.start('apps/witness/src/main.js', {
    WITNESS_NAME: 'witness.example/w1',
    WITNESS_PORT: String(port),
    WITNESS_DATA: folder,
    WITNESS_LOGS: logVkey,
  });
  return { url, vkey: (await process.orEnds(textOf(`${url}/vkey`))).trim(), process };
}
