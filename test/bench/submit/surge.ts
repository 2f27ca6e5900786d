/** Section 10: everybody comes in the last seconds before a real deadline. How long each waits for the answer, whether
 *  anything that was acknowledged is missing in the closed box, and what it costs the server in memory. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../databases.js';
import { figure, largestFigure, percentileFigure, type Figure } from '../report.js';
import { makeBidders, prepareBids } from './bidders.js';
import type { Sent } from './client-process.js';
import { sendBids } from './clients.js';
import { MemoryWatch, type MemorySample } from './memory-of.js';
import { megabytes, type Crowd, type SubmitRun } from './scale.js';
import { startStack, type Stack } from './stack.js';

/** What sealing takes beforehand, generously: the tender must be open for it, and the deadline is real. */
const SEALING_MS_A_BID = 60;
const SEALING_BYTES_A_MS = 50_000;
const BEFOREHAND_MS = 45_000;
/** The close waits for the log. */
const CLOSE_PATIENCE_MS = 300_000;

type Outcome = {
  readonly sent: readonly Sent[];
  readonly memory: readonly MemorySample[];
  readonly bidBytes: number;
  readonly inBox: ReadonlySet<string>;
};

export async function surge(cluster: Cluster, run: SubmitRun): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const crowd of run.scale.surges) {
    const stack = await startStack(cluster, run.folder);
    try {
      figures.push(...figuresOf(crowd, run.scale.withinS, await rush(stack, run, crowd)));
    } finally {
      await stack.stop();
    }
  }
  return figures;
}

async function rush(stack: Stack, { folder: home, scale, say }: SubmitRun, crowd: Crowd): Promise<Outcome> {
  const { vendors, payloadBytes } = crowd;
  const folder = path.join(home, 'surge');
  const sealingMs = vendors * (SEALING_MS_A_BID + payloadBytes / SEALING_BYTES_A_MS);
  const bidders = await makeBidders(stack.harness, vendors);
  const { tenderId, deadlineAt } = await stack.publish({
    deadlineInMs: Math.ceil(BEFOREHAND_MS + sealingMs + scale.withinS * 1000),
  });
  say(`sealing ${vendors} bids`);
  const bids = await prepareBids(stack.url, tenderId, bidders, { payloadBytes, folder });
  const deadline = Date.parse(deadlineAt);
  const from = deadline - scale.withinS * 1000;
  const late = Date.now() - from;
  if (late > 0) throw new Error(`sealing took ${Math.round(late / 1000)} s longer than was planned for`);
  say(`${vendors} vendors come within ${scale.withinS} s before ${deadlineAt}, in ${Math.round(-late / 1000)} s`);
  const atMs = bids.map(() => from + Math.random() * (deadline - from));
  const watch = new MemoryWatch(stack.pid);
  const sent = await sendBids({ url: stack.url, way: 'segel', bids, arrival: { atMs }, receipts: 'none' });
  const inBox = await closedBox(stack, tenderId);
  const memory = watch.stop();
  await rm(folder, { recursive: true, force: true });
  return { sent, memory, bidBytes: bids[0]!.bytes, inBox };
}

/** The bids of the box, once it is closed. */
async function closedBox({ harness }: Stack, tenderId: string): Promise<ReadonlySet<string>> {
  for (const until = Date.now() + CLOSE_PATIENCE_MS; Date.now() < until; await sleep(250)) {
    const { rows } = await harness.owner.query<{ bids: string[] }>(
      'SELECT array(SELECT bid_id::text FROM box_bid WHERE box_id = box.id) AS bids FROM box WHERE tender_id = $1',
      [tenderId],
    );
    if (rows[0] !== undefined) return new Set(rows[0].bids);
  }
  throw new Error('the box did not close');
}

function figuresOf(crowd: Crowd, withinS: number, outcome: Outcome): readonly Figure[] {
  const { sent, memory, bidBytes, inBox } = outcome;
  const load = `${crowd.vendors} × ${megabytes(bidBytes)} in ${withinS} s`;
  const at = { section: 10, load };
  const accepted = sent.filter(({ status }) => status === 201);
  const late = sent.filter(({ code }) => code === 'bid_late').length;
  const commits = accepted.map(({ submittedAt, answeredAt }) => answeredAt - submittedAt);
  const lost = accepted.filter(({ bidId }) => !inBox.has(bidId)).length;
  const others = sent.filter(({ status, code }) => status !== 201 && code !== 'bid_late');
  const bids = (what: string, count: number) => ({ ...at, what, unit: 'bids', raw: [count] });
  const inHand = { ...at, what: 'manifest sent to promise in hand', unit: 'ms', raw: commits };
  return [
    figure(bids('accepted', accepted.length)),
    ...(commits.length === 0
      ? []
      : [percentileFigure(inHand, 0.5), percentileFigure(inHand, 0.99), largestFigure(inHand)]),
    figure(bids('acknowledged and not in the box', lost), { atMost: 0 }),
    figure(bids('in the box and not acknowledged', inBox.size - (accepted.length - lost))),
    figure(bids('refused: too late', late)),
    figure({ ...bids('failed otherwise', others.length), ...reasons(others) }, { atMost: 0 }),
    largestFigure({ ...at, what: 'server memory', unit: 'MiB', raw: memory.map(({ mebibytes }) => mebibytes) }),
  ];
}

function reasons(sent: readonly Sent[]): { readonly note?: string } {
  const codes = [...new Set(sent.map(({ code }) => code ?? 'no answer'))];
  return codes.length === 0 ? {} : { note: codes.slice(0, 3).join('; ').slice(0, 120) };
}
