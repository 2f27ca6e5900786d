/** Sections 1 to 4: how many entries a second are stored, and what the log costs over storing them at all. */
import pg from 'pg';
import { setTimeout } from 'node:timers/promises';
import { Child } from './child.js';
import type { BenchDatabase, Cluster } from './databases.js';
import { makeLog } from './log-settings.js';
import { comparedFigure, figure, type Figure } from './report.js';
import type { Run } from './scale.js';
import { entriesPerSecond, hashChain, journal, plainInsert, plainTransaction, type OpenWriter } from './writers.js';

type Beside = 'nothing' | 'sequencer' | 'log';
type Contender = {
  readonly section: number;
  readonly what: string;
  readonly open: OpenWriter;
  readonly beside: Beside;
};

const BASELINE = 'plain INSERT';
const CHAIN = 'hash chain with a head row';
const SEQUENCED = 'ours with sequencer and signer';
const PUBLISHED = 'ours with sequencer, publisher, witness';

const CONTENDERS: readonly Contender[] = [
  { section: 1, what: BASELINE, open: plainInsert, beside: 'nothing' },
  { section: 1, what: 'plain BEGIN, INSERT, COMMIT', open: plainTransaction, beside: 'nothing' },
  { section: 2, what: CHAIN, open: hashChain, beside: 'nothing' },
  { section: 3, what: 'ours, journal alone', open: journal, beside: 'nothing' },
  { section: 4, what: SEQUENCED, open: journal, beside: 'sequencer' },
  { section: 4, what: PUBLISHED, open: journal, beside: 'log' },
];

type Outcome = { readonly written: number; readonly signed?: number; readonly drainedMs?: number };

/** Measures every contender at every number of clients, in turn, round after round. */
export async function throughput(cluster: Cluster, run: Run): Promise<readonly Figure[]> {
  const outcomes = new Map<string, Outcome[]>();
  for (let round = 1; round <= run.scale.repeats; round++) {
    for (const clients of run.scale.clients) {
      for (const contender of CONTENDERS) {
        const outcome = await measure(cluster, run, contender, clients);
        const key = `${contender.what} ${clients}`;
        outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
        run.say(`round ${round}, ${clients} clients, ${contender.what}: ${described(outcome)}`);
      }
    }
  }
  return run.scale.clients.flatMap((clients) => figures(clients, (what) => outcomes.get(`${what} ${clients}`)!));
}

const described = ({ written, signed, drainedMs }: Outcome): string =>
  `${Math.round(written)}/s` +
  (signed === undefined ? '' : `, signed ${Math.round(signed)}/s, queue empty ${Math.round(drainedMs ?? 0)} ms later`);

function figures(clients: number, of: (what: string) => readonly Outcome[]): readonly Figure[] {
  const measured = ({ section, what }: Contender) => ({
    section,
    what,
    load: clients === 1 ? '1 client' : `${clients} clients`,
    unit: 'entries/s',
    raw: of(what).map(({ written }) => written),
  });
  const [plain, ...others] = CONTENDERS.map(measured);
  const baseline = figure(plain!);
  const many = clients >= 16;
  const compared = others.map((one) =>
    comparedFigure(one, baseline, many && one.what === SEQUENCED ? { atLeast: 0.55 } : undefined),
  );
  const chain = compared.find(({ what }) => what === CHAIN)!;
  const ours = measured(CONTENDERS.find(({ what }) => what === SEQUENCED)!);
  const overChain = clients === 16 ? 4 : clients === 64 ? 8 : undefined;
  const signed = [SEQUENCED, PUBLISHED].map((what) =>
    figure(
      { ...ours, what: `${what}: signed`, raw: of(what).map((outcome) => outcome.signed!) },
      many && what === SEQUENCED ? { atLeast: 1500 } : undefined,
    ),
  );
  return [
    baseline,
    ...compared,
    comparedFigure(ours, chain, overChain === undefined ? undefined : { atLeast: overChain }),
    ...signed,
  ];
}

async function measure(cluster: Cluster, run: Run, contender: Contender, clients: number): Promise<Outcome> {
  const database = await cluster.database();
  await cluster.settle();
  const beside = await startBeside(contender.beside, database, run.folder);
  try {
    const writer = await contender.open(database.url, clients);
    try {
      const before = beside.sequencing ? await signedSize(database.url) : 0;
      const started = performance.now();
      const written = await entriesPerSecond(writer, clients, run.scale.writeMs);
      if (!beside.sequencing) return { written };
      const signed = (((await signedSize(database.url)) - before) * 1000) / (performance.now() - started);
      return { written, signed, drainedMs: await drained(database.url) };
    } finally {
      await writer.close();
    }
  } finally {
    await beside.stop();
    await database.drop();
  }
}

type Running = { readonly sequencing: boolean; readonly stop: () => Promise<void> };

async function startBeside(beside: Beside, database: BenchDatabase, folder: string): Promise<Running> {
  if (beside === 'nothing') return { sequencing: false, stop: async () => undefined };
  const log = await makeLog(database.url, folder);
  const worker = Child.start('test/bench/log-process.js', log.env, [beside]);
  await worker.message();
  const stop = async (): Promise<void> => {
    await worker.stop();
    await log.close();
  };
  return { sequencing: true, stop };
}

async function signedSize(url: string): Promise<number> {
  const size = await oneNumber(url, 'SELECT coalesce(max(size), 0) FROM tlog.checkpoint');
  return size;
}

/** Milliseconds until everything that waits in the queue is signed. */
async function drained(url: string): Promise<number> {
  const started = performance.now();
  const left =
    "SELECT (SELECT count(*) FROM tlog.queue WHERE part = 'entry') + (SELECT size FROM tlog.tree) - (SELECT max(size) FROM tlog.checkpoint)";
  while ((await oneNumber(url, left)) !== 0) {
    if (performance.now() - started > 60_000) throw new Error('the queue is not empty after a minute');
    await setTimeout(10);
  }
  return performance.now() - started;
}

async function oneNumber(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: string }>(`SELECT (${sql}) AS n`);
    return Number(rows[0]?.n);
  } finally {
    await client.end();
  }
}
