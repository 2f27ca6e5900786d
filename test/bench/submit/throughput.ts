/** Section 9: accepted bids a second, beside a plain server that only keeps the same bytes. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Cluster } from '../databases.js';
import { comparedFigure, figure, percentileFigure, type Figure } from '../report.js';
import { makeBidders, prepareBids, removeObjects, type PreparedBid } from './bidders.js';
import type { Job, Sent } from './client-process.js';
import { acceptedPerSecond, sendBids } from './clients.js';
import { megabytes, type Load, type SubmitRun } from './scale.js';
import { startServer, startStack, type Served, type Stack } from './stack.js';

const PLAIN = 'plain upload and INSERT';
const OURS = 'ours: sealed, logged, promised';
const RECEIPTS = 'ours, every receipt fetched at once';
/** Nobody is late here. */
const DAY_MS = 86_400_000;
/** At least this much of the plain rate, at 16 and 64 clients. */
const TARGETS = { small: 0.8, large: 0.9 } as const;

type Contender = { readonly what: string; readonly job: Pick<Job, 'way' | 'receipts'> };
const CONTENDERS: readonly Contender[] = [
  { what: PLAIN, job: { way: 'plain', receipts: 'none' } },
  { what: OURS, job: { way: 'segel', receipts: 'afterwards' } },
  { what: RECEIPTS, job: { way: 'segel', receipts: 'at once' } },
];

type Outcome = { readonly perSecond: number; readonly sent: readonly Sent[] };

/** Measures every contender with every size and number of clients, in turn, round after round. */
export async function throughput(cluster: Cluster, run: SubmitRun): Promise<readonly Figure[]> {
  const stack = await startStack(cluster, run.folder);
  const plain = await startServer('test/bench/submit/plain-server.js', {
    ...stack.env,
    OBJECT_FOLDER: path.join(run.folder, 'plain-objects'),
  });
  try {
    const { tenderId } = await stack.publish({ deadlineInMs: DAY_MS });
    const bench = new Throughput(run, stack, plain, tenderId);
    for (let round = 1; round <= run.scale.repeats; round++) await bench.round(round);
    return bench.figures();
  } finally {
    await plain.stop();
    await stack.stop();
  }
}

class Throughput {
  private readonly outcomes = new Map<string, Outcome[]>();
  private bidBytes = new Map<string, number>();

  constructor(
    private readonly run: SubmitRun,
    private readonly stack: Stack,
    private readonly plain: Served,
    private readonly tenderId: string,
  ) {}

  async round(round: number): Promise<void> {
    for (const load of this.run.scale.loads)
      for (const [clients, bids] of load.bids)
        for (const contender of CONTENDERS) {
          const outcome = await this.measure(load, clients, bids, contender);
          const key = `${load.what} ${clients} ${contender.what}`;
          this.outcomes.set(key, [...(this.outcomes.get(key) ?? []), outcome]);
          this.run.say(
            `round ${round}, ${load.what}, ${clients} clients, ${contender.what}: ${outcome.perSecond.toFixed(1)}/s`,
          );
        }
  }

  private async measure(load: Load, clients: number, count: number, { job }: Contender): Promise<Outcome> {
    const { harness, url, objects } = this.stack;
    const folder = path.join(this.run.folder, 'bids');
    const bidders = await makeBidders(harness, count);
    const bids = await prepareBids(url, this.tenderId, bidders, { payloadBytes: load.payloadBytes, folder });
    this.bidBytes.set(load.what, bids[0]!.bytes);
    await settled(harness.owner);
    const sent = await sendBids({
      ...job,
      url: job.way === 'plain' ? this.plain.url : url,
      bids,
      arrival: { clients },
    });
    await this.forget(objects, bids, folder);
    return { perSecond: acceptedPerSecond(sent), sent };
  }

  private async forget(objects: string, bids: readonly PreparedBid[], folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await removeObjects(objects, bids);
    await removeObjects(path.join(this.run.folder, 'plain-objects'), bids);
  }

  figures(): readonly Figure[] {
    return this.run.scale.loads.flatMap((load) =>
      [...load.bids.keys()].flatMap((clients) => this.figuresOf(load, clients)),
    );
  }

  private figuresOf({ what: size }: Load, clients: number): readonly Figure[] {
    const of = (what: string): readonly Outcome[] => this.outcomes.get(`${size} ${clients} ${what}`)!;
    const load = `${megabytes(this.bidBytes.get(size)!)}, ${clients} client${clients === 1 ? '' : 's'}`;
    const rate = (what: string) => ({
      section: 9,
      what,
      load,
      unit: 'bids/s',
      raw: of(what).map((one) => one.perSecond),
    });
    const baseline = figure(rate(PLAIN));
    const target = clients >= 16 ? { atLeast: TARGETS[size] } : undefined;
    const waits = of(RECEIPTS).flatMap(({ sent }) => sent.map(({ receiptAt, answeredAt }) => receiptAt! - answeredAt));
    return [
      baseline,
      comparedFigure(rate(OURS), baseline, target),
      comparedFigure(rate(RECEIPTS), baseline),
      percentileFigure({ section: 9, what: 'acceptance to receipt', load, unit: 'ms', raw: waits }, 0.99),
    ];
  }
}

/** Writes out what preparing left dirty, in the database and on the disk, so that no contender pays for it. */
async function settled(owner: Stack['harness']['owner']): Promise<void> {
  await owner.query('CHECKPOINT');
  spawnSync('sync');
}
