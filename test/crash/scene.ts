/** The system of a campaign: everything one machine needs, each part in a process of its own that can be killed, and the
 *  clients around it. */
import { parsePolicy, type Policy } from '@segel/tlog';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { Config, readSettings } from '../../apps/api/src/platform/config/config.js';
import type * as launcher from '../../apps/launcher/src/index.mjs';
import { publishTender } from '../support/published-tender.js';
import { BadLine, RealClock } from './bad-line.js';
import { Checkpoints } from './checkpoints.js';
import { Load } from './load.js';
import { Observer } from './observer.js';
import type { Seeded } from './seeded.js';

/** The launcher is plain JavaScript outside of the build, so that it is handed in. */
export type Launcher = Pick<typeof launcher, 'startStack' | 'removeDataDir'>;

/** A stack whose every part is ours to kill. */
export type Killable = launcher.Stack &
  Required<Pick<launcher.Stack, 'killPostgres' | 'startPostgres' | 'killWitness' | 'startWitness'>>;

export type Scene = {
  readonly stack: Killable;
  readonly line: BadLine;
  readonly policy: Policy;
  readonly observer: Observer;
  readonly checkpoints: Checkpoints;
  readonly load: Load;
  /** How long a tender takes to be published here, without load. */
  readonly publishingMs: number;
  readonly stop: () => Promise<void>;
};

const DAY_MS = 86_400_000;
/** An interval of the public log: short, so that every run sees one end. */
const HEARTBEAT_MS = '500';
/** On a busy machine the restarts of one close may take longer than the two minutes a witness is given. */
const WITNESS_TOLERANCE_S = '3600';

export async function openScene(launch: Launcher, dice: Seeded): Promise<Scene> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'segel-crash-'));
  const env = { PATH: process.env['PATH'] ?? '', RATE_LIMIT_PER_MINUTE: '1000000', HEARTBEAT_MS, WITNESS_TOLERANCE_S };
  const stack = (await launch.startStack({ dataDir, port: 0, quiet: true, env })) as Killable;
  const owner = new pg.Pool({ connectionString: stack.database.url, max: 6 });
  owner.on('error', () => undefined);
  const end = async (): Promise<void> => {
    await owner.end();
    await stack.stop();
    await launch.removeDataDir(dataDir);
  };
  try {
    const config = new Config(readSettings(stack.env));
    const line = new BadLine(undefined as never, stack.url, new RealClock(), owner, dataDir, config, end);
    const policy = parsePolicy((await line.get('/log/policy')).text);
    const observer = new Observer(stack.url, policy);
    observer.start();
    const began = Date.now();
    const { tenderId } = await publishTender(line, { deadlineInMs: DAY_MS });
    const publishingMs = Date.now() - began;
    return {
      stack,
      line,
      policy,
      observer,
      checkpoints: new Checkpoints(owner, policy, stack.paths, observer),
      publishingMs,
      load: await Load.start(line, tenderId, dice),
      stop: () => line.stop(),
    };
  } catch (error) {
    await end();
    throw error;
  }
}
