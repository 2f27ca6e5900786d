/** The real server for a benchmark: a process of its own with sequencer, publisher and jobs on, a witness beside it, and
 *  a tender that takes bids. */
import pg from 'pg';
import { Config, readSettings } from '../../../apps/api/src/platform/config/config.js';
import { RealClock } from '../../crash/bad-line.js';
import { Harness } from '../../support/harness.js';
import { publishTender, type PublishOptions } from '../../support/published-tender.js';
import { Child } from '../child.js';
import type { Cluster } from '../databases.js';
import { makeLog } from '../log-settings.js';
import { freePort, textOf } from '../net.js';

/** A server as a benchmark's client sees it. */
export type Served = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> };

export type Stack = Served & {
  readonly harness: Harness;
  readonly objects: string;
  /** Settings of the server, for another one on the same database and keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly publish: (options: PublishOptions) => Promise<{ readonly tenderId: string; readonly deadlineAt: string }>;
};

/** No vendor of a benchmark is a flood. */
const NO_LIMIT = '100000000';
/** Each of these is as large as a bid may be. */
const MAX_BID_BYTES = 8 * 2 ** 30;

export async function startServer(program: string, env: Readonly<Record<string, string>>): Promise<Served> {
  const port = await freePort();
  const child = Child.start(program, { ...env, HTTP_PORT: String(port), WATCH_STDIN: '1' });
  const url = `http://127.0.0.1:${port}`;
  await child.orEnds(textOf(`${url}/api/health`));
  return { url, pid: child.process.pid!, stop: () => child.stop() };
}

export async function startStack(cluster: Cluster, folder: string): Promise<Stack> {
  const database = await cluster.database();
  const log = await makeLog(database.url, folder);
  const env = { ...log.env, WORKER: 'inline', RATE_LIMIT_PER_MINUTE: NO_LIMIT, BOOTSTRAP_OPERATORS: ',' };
  const served = await startServer('apps/api/src/main.js', env);
  const owner = new pg.Pool({ connectionString: database.url, max: 4 });
  owner.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    await owner.end();
    await served.stop();
    await log.close();
    await database.drop();
  };
  const config = new Config(readSettings(env));
  // No application of this process: the harness only speaks HTTP and SQL here.
  const harness = new Harness(undefined as never, served.url, new RealClock(), owner, folder, config, stop);
  const publish = async (options: PublishOptions): Promise<{ tenderId: string; deadlineAt: string }> => {
    const published = await publishTender(harness, { ...options, terms: { maxBidBytes: MAX_BID_BYTES } });
    return { tenderId: published.tenderId, deadlineAt: published.terms.deadlineAt };
  };
  return { ...served, harness, objects: config.settings.OBJECT_FOLDER, env, publish, stop };
}
