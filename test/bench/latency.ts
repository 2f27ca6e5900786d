/** Section 5: how long an entry takes from the append's start to a signed, and to a quorum-cosigned checkpoint. Arrivals
 *  come at random times whether or not earlier ones are done: a slow log is not spared its load. */
import pg from 'pg';
import { setTimeout } from 'node:timers/promises';
import { Clock } from '../../apps/api/src/platform/clock/clock.js';
import { Config, readSettings } from '../../apps/api/src/platform/config/config.js';
import { Database, JournalDatabase } from '../../apps/api/src/platform/database/database.js';
import { Journal } from '../../apps/api/src/platform/journal/journal.js';
import { PublicationWatch } from '../../apps/api/src/platform/log/publication-watch.js';
import { Receipts } from '../../apps/api/src/platform/log/receipts.js';
import { Child } from './child.js';
import { machineMs } from './clock.js';
import type { Cluster } from './databases.js';
import { readyDraft, VENDOR } from './entries.js';
import { makeLog } from './log-settings.js';
import type { LogMessage, Signed } from './log-process.js';
import { percentileFigure, type Figure } from './report.js';
import type { Run } from './scale.js';

type Stages = { readonly committed: number; readonly signed: number; readonly receipt: number };
type Entry = {
  readonly leafSha256: string;
  readonly committed: number;
  readonly receipt: number;
  readonly startMs: number;
};

const WARM_UP_MS = 2_000;
const RECEIPT_WAIT_MS = 20_000;

/** Latencies at each rate, each on a database of its own. */
export async function latency(cluster: Cluster, run: Run): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const rate of run.scale.rates) {
    const stages = await measure(cluster, run, rate);
    const load = `${rate} entries/s`;
    const of = (what: string, raw: readonly number[]) => ({ section: 5, what, load, unit: 'ms', raw });
    const committed = of(
      'append to committed',
      stages.map((one) => one.committed),
    );
    const signed = of(
      'append to signed',
      stages.map((one) => one.signed),
    );
    const receipt = of(
      'append to quorum receipt',
      stages.map((one) => one.receipt),
    );
    const aimed = rate === 200;
    figures.push(
      percentileFigure(committed, 0.5),
      ...[0.5, 0.95, 0.99].map((p) => percentileFigure(signed, p)),
      percentileFigure(receipt, 0.5, aimed ? { atMost: 200 } : undefined),
      percentileFigure(receipt, 0.95),
      percentileFigure(receipt, 0.99, aimed ? { atMost: 500 } : undefined),
    );
    run.say(
      `${load}: receipt p50 ${Math.round(figures.at(-3)!.value)} ms, p99 ${Math.round(figures.at(-1)!.value)} ms`,
    );
  }
  return figures;
}

async function measure(cluster: Cluster, run: Run, rate: number): Promise<readonly Stages[]> {
  const database = await cluster.database();
  const log = await makeLog(database.url, run.folder);
  const worker = Child.start('test/bench/log-process.js', log.env, ['log']);
  try {
    const signed: Signed[] = [];
    await worker.message<LogMessage>();
    worker.process.on('message', (message: LogMessage) => message !== 'ready' && signed.push(message));
    const server = await openServer(log.env, database.url);
    try {
      await arrivals(server, rate, WARM_UP_MS);
      const entries = await worker.orEnds(arrivals(server, rate, run.scale.latencyMs));
      return await withSigned(database.url, entries, signed);
    } finally {
      await server.close();
    }
  } finally {
    await worker.stop();
    await log.close();
    await database.drop();
  }
}

type Server = { readonly journal: Journal; readonly receipts: Receipts; readonly close: () => Promise<void> };

/** The parts of the server that take an entry and give its receipt, with the pools the server gives them. */
async function openServer(env: Readonly<Record<string, string>>, url: string): Promise<Server> {
  const config = new Config(readSettings(env));
  const clock = new Clock();
  const [writing, reading] = [new JournalDatabase(url, [], 16), new Database(url, [], 10)];
  await Promise.all([writing.open(), reading.open()]);
  const watch = new PublicationWatch(config);
  await watch.onApplicationBootstrap();
  const close = async (): Promise<void> => {
    await Promise.all([watch.onApplicationShutdown(), writing.close(), reading.close()]);
  };
  return { journal: new Journal(writing, clock), receipts: new Receipts(reading, watch, config, clock), close };
}

async function arrivals(server: Server, rate: number, forMs: number): Promise<readonly Entry[]> {
  const started = machineMs();
  const under: Promise<Entry>[] = [];
  for (let at = started; at < started + forMs; at += (-Math.log(1 - Math.random()) * 1000) / rate) {
    const wait = at - machineMs();
    if (wait > 1) await setTimeout(wait);
    // From when it was due, not from when this loop got to it.
    under.push(one(server, at));
  }
  return Promise.all(under);
}

async function one({ journal, receipts }: Server, startMs: number): Promise<Entry> {
  const recorded = await journal.commit(VENDOR, { on: 'none' }, (tx) => tx.record(readyDraft()));
  const committed = machineMs() - startMs;
  const receipt = await receipts.receipt(recorded.leafSha256, RECEIPT_WAIT_MS);
  if (receipt === undefined) throw new Error(`no receipt within ${RECEIPT_WAIT_MS} ms`);
  return { leafSha256: recorded.leafSha256, startMs, committed, receipt: machineMs() - startMs };
}

/** Adds when the first checkpoint over each entry was signed, which the worker told. */
async function withSigned(
  url: string,
  entries: readonly Entry[],
  signed: readonly Signed[],
): Promise<readonly Stages[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ idx: number; leaf: string }>(
    "SELECT idx::int, encode(sha256(data), 'base64') AS leaf FROM tlog.entry",
  );
  await client.end();
  const places = new Map(rows.map(({ idx, leaf }) => [leaf, idx]));
  return entries.map(({ leafSha256, startMs, committed, receipt }) => {
    const over = signed.find(({ size }) => size > places.get(leafSha256)!);
    if (over === undefined) throw new Error('an entry with a receipt was never signed');
    return { committed, receipt, signed: over.atMs - startMs };
  });
}
