/** Section 13: the bytes of one large bid on loopback, by tus and as plain PUTs, one part at a time and two. */
import { toBase64, toHex } from '@segel/encoding';
import { PART_BYTES } from '@segel/sealing';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Cluster } from '../databases.js';
import { comparedFigure, figure, largestFigure, type Figure } from '../report.js';
import { makeBidders } from './bidders.js';
import { HttpLine } from './http-line.js';
import { MemoryWatch } from './memory-of.js';
import { megabytes, type SubmitRun } from './scale.js';
import { startServer, startStack, type Served, type Stack } from './stack.js';
import { announceParts, sendPart, type Part, type Way } from './upload.js';

const DAY_MS = 86_400_000;
/** Ticks of the kernel's clock in a second, as /proc counts them on Linux. */
const TICKS = 100;
const WAYS: readonly { readonly what: string; readonly way: Way; readonly atOnce: number }[] = [
  { what: 'plain PUT, 1 part at a time', way: 'plain', atOnce: 1 },
  { what: 'tus, 1 part at a time', way: 'segel', atOnce: 1 },
  { what: 'plain PUT, 2 parts at a time', way: 'plain', atOnce: 2 },
  { what: 'tus, 2 parts at a time', way: 'segel', atOnce: 2 },
];

type Outcome = { readonly perSecond: number; readonly cpuS: number; readonly mebibytes: readonly number[] };

export async function transfer(cluster: Cluster, run: SubmitRun): Promise<readonly Figure[]> {
  const stack = await startStack(cluster, run.folder);
  const objects = path.join(run.folder, 'plain-objects');
  const plain = await startServer('test/bench/submit/plain-server.js', { ...stack.env, OBJECT_FOLDER: objects });
  try {
    const { tenderId } = await stack.publish({ deadlineInMs: DAY_MS });
    const outcomes = new Map<string, Outcome[]>(WAYS.map(({ what }) => [what, []]));
    for (let round = 1; round <= run.scale.repeats; round++) {
      for (const one of WAYS) {
        const outcome = await send(stack, one.way === 'plain' ? plain : stack, tenderId, one, run.scale.transferParts);
        outcomes.get(one.what)!.push(outcome);
        run.say(`round ${round}, ${one.what}: ${outcome.perSecond.toFixed(0)} MB/s, ${outcome.cpuS.toFixed(1)} s`);
        for (const store of [objects, stack.objects])
          await rm(path.join(store, 'objects'), { recursive: true, force: true });
      }
    }
    return figuresOf(outcomes, run.scale.transferParts * PART_BYTES);
  } finally {
    await plain.stop();
    await stack.stop();
  }
}

async function send(
  { harness }: Stack,
  { url, pid }: Served,
  tenderId: string,
  { way, atOnce }: (typeof WAYS)[number],
  count: number,
): Promise<Outcome> {
  const [bidder] = await makeBidders(harness, 1);
  const { token } = bidder!;
  const sent = Array.from({ length: count }, randomPart);
  const line = new HttpLine(url, atOnce);
  spawnSync('sync');
  const watch = new MemoryWatch(pid);
  const cpu = await cpuSeconds(pid);
  const began = performance.now();
  if (way === 'segel') await announceParts(line, { tenderId, token, parts: sent.map(({ part }) => part) });
  const sendNext = async (): Promise<void> => {
    for (let next = sent.shift(); next !== undefined; next = sent.shift())
      await sendPart(line, way, { tenderId, token }, next.part, next.bytes);
  };
  await Promise.all(Array.from({ length: atOnce }, sendNext));
  const seconds = (performance.now() - began) / 1000;
  const cpuS = (await cpuSeconds(pid)) - cpu;
  line.close();
  const mebibytes = watch.stop().map((sample) => sample.mebibytes);
  return { perSecond: (count * PART_BYTES) / 1e6 / seconds, cpuS, mebibytes };
}

function randomPart(): { readonly part: Part; readonly bytes: Uint8Array } {
  const bytes = randomBytes(PART_BYTES);
  const hash = createHash('sha256').update(bytes).digest();
  return { part: { sha256: toBase64(hash), hex: toHex(hash), bytes: bytes.length }, bytes };
}

/** What the process has used so far, in user mode and in the kernel. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function figuresOf(outcomes: ReadonlyMap<string, readonly Outcome[]>, bytes: number): readonly Figure[] {
  const load = megabytes(bytes);
  let baseline: Figure | undefined;
  return [...outcomes].flatMap(([what, of]) => {
    const rate = { section: 13, what, load, unit: 'MB/s', raw: of.map(({ perSecond }) => perSecond) };
    const shown = baseline === undefined ? figure(rate) : comparedFigure(rate, baseline);
    baseline ??= shown;
    const at = { section: 13, what: `${what}: server`, load };
    return [
      shown,
      figure({ ...at, unit: 's of CPU', raw: of.map(({ cpuS }) => cpuS) }),
      largestFigure({ ...at, unit: 'MiB', raw: of.flatMap(({ mebibytes }) => mebibytes) }),
    ];
  });
}
