/** Section 11: memory of server and command line while one bid is sealed and sent, against its size. */
import { toBase64 } from '@segel/encoding';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Child } from '../child.js';
import type { Cluster } from '../databases.js';
import { figure, largestFigure, type Figure } from '../report.js';
import { makeBidders } from './bidders.js';
import { MemoryWatch, type MemorySample } from './memory-of.js';
import { megabytes, type SubmitRun } from './scale.js';
import { startStack, type Stack } from './stack.js';
import type { VendorFigures, VendorJob } from './vendor-process.js';

const DAY_MS = 86_400_000;
/** So much more than for the smallest bid, at most. */
const FLAT_MEBIBYTES = 150;

type Outcome = VendorFigures & { readonly server: readonly MemorySample[] };

export async function memory(cluster: Cluster, run: SubmitRun): Promise<readonly Figure[]> {
  const stack = await startStack(cluster, run.folder);
  try {
    const { tenderId } = await stack.publish({ deadlineInMs: DAY_MS });
    const outcomes: Outcome[] = [];
    for (const payloadBytes of run.scale.memoryBytes) {
      run.say(`a bid of ${megabytes(payloadBytes)}`);
      outcomes.push(await send(stack, tenderId, payloadBytes, path.join(run.folder, 'large')));
    }
    return figuresOf(outcomes);
  } finally {
    await stack.stop();
  }
}

async function send(stack: Stack, tenderId: string, payloadBytes: number, folder: string): Promise<Outcome> {
  const [bidder] = await makeBidders(stack.harness, 1);
  const { token, vendorId, keys } = bidder!;
  const secret = toBase64(keys.signingSecret);
  const job: VendorJob = { url: stack.url, tenderId, token, vendorId, secret, payloadBytes, folder };
  const vendor = Child.start('test/bench/submit/vendor-process.js', {});
  const watch = new MemoryWatch(stack.pid);
  const answer = vendor.message<VendorFigures>();
  vendor.process.send(job);
  const figures = await answer;
  await vendor.done();
  const server = watch.stop();
  await rm(folder, { recursive: true, force: true });
  // Where the parts are is the server's business; the bytes of this bid are nearly all there is.
  await rm(path.join(stack.objects, 'objects'), { recursive: true, force: true });
  return { ...figures, server };
}

function figuresOf(outcomes: readonly Outcome[]): readonly Figure[] {
  const peak = ({ server }: Outcome): number => Math.max(...server.map(({ mebibytes }) => mebibytes));
  const largest = (of: (outcome: Outcome) => number): number => Math.max(...outcomes.map(of)) - of(outcomes[0]!);
  const growth = (what: string, value: number) =>
    figure({ section: 11, what, unit: 'MiB', raw: [value] }, { atMost: FLAT_MEBIBYTES });
  return [
    ...outcomes.flatMap((outcome) => {
      const at = { section: 11, load: megabytes(outcome.ciphertextBytes) };
      const perSecond = (ms: number): number[] => [outcome.ciphertextBytes / 1000 / ms];
      return [
        largestFigure({ ...at, what: 'server memory', unit: 'MiB', raw: outcome.server.map((one) => one.mebibytes) }),
        figure({ ...at, what: 'command line memory, peak', unit: 'MiB', raw: [outcome.peakMebibytes] }),
        figure({ ...at, what: 'segel seal', unit: 'MB/s', raw: perSecond(outcome.sealMs) }),
        figure({ ...at, what: 'segel submit, to the receipt', unit: 'MB/s', raw: perSecond(outcome.submitMs) }),
      ];
    }),
    growth('server memory, most over the smallest bid', largest(peak)),
    growth(
      'command line memory, most over the smallest bid',
      largest((outcome) => outcome.peakMebibytes),
    ),
  ];
}
