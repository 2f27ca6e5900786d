/** Settings of the witness, all from the environment; the README lists them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePolicy } from '@segel/tlog';
import { loadSeed } from './keys.js';
import type { WitnessOptions } from './server.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Options of {@link startWitness} from the environment. Throws naming the variable that is missing or wrong. */
export function readConfig(environment: Environment): WitnessOptions {
  const name = environment.WITNESS_NAME;
  if (!name) throw new Error('WITNESS_NAME is missing: a name like audit.example/witness, for good');
  const port = Number(environment.WITNESS_PORT ?? '4100');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('WITNESS_PORT is not a port');
  const prefix = environment.WITNESS_PREFIX ?? '';
  if (!/^(?:\/[A-Za-z0-9._~-]+)*$/.test(prefix)) throw new Error('WITNESS_PREFIX is not a path like /witness');
  const keyFile = environment.WITNESS_KEY;
  return {
    name,
    port,
    prefix,
    host: environment.WITNESS_HOST || '127.0.0.1',
    dataDir: resolve(environment.WITNESS_DATA || 'witness-data'),
    logs: readLogs(environment),
    ...(keyFile ? { seed: loadSeed(resolve(keyFile)) } : {}),
  };
}

function readLogs(environment: Environment): readonly string[] {
  const listed = (environment.WITNESS_LOGS ?? '').split(',').map((vkey) => vkey.trim());
  const path = environment.WITNESS_POLICY;
  const pinned = path ? parsePolicy(readFileSync(path, 'utf8')).logs.map(({ key }) => key.vkey) : [];
  const logs = [...new Set([...listed.filter((vkey) => vkey !== ''), ...pinned])];
  if (logs.length === 0) throw new Error('name the logs to watch: WITNESS_LOGS=<vkey>,… or WITNESS_POLICY=<file>');
  return logs;
}
