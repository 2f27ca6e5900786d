/** Verifies a mirror folder, in a process of its own so that its memory is its own. Arguments: folder, leaves, repeats.
 *  Started by verification.ts. */
import { readBundles } from '@segel/acts';
import { leafHashes, TileBuilder } from '@segel/tlog';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { logSource } from '../../apps/cli/src/log-source.js';
import { sha256WithNode } from '../../apps/cli/src/primitives.js';
import { verifyLog } from '../../apps/cli/src/verify/index.js';

export type VerificationTimes = {
  readonly bareMs: readonly number[];
  readonly bareTreeMs: readonly number[];
  readonly merkleMs: readonly number[];
  readonly wholeMs: readonly number[];
  readonly peakRssBytes: number;
};

const [folder = '', leaves = '0', repeats = '1'] = process.argv.slice(2);

const node = new Uint8Array(65);

/** One hash a leaf, one a leaf and a node, and the Merkle part of the same leaves, bundle by bundle in turn. */
async function hashing(): Promise<readonly [number, number, number]> {
  const builder = new TileBuilder(sha256WithNode);
  let [bare, nodes, merkle] = [0, 0, 0];
  for await (const { entries } of readBundles(logSource(folder), 0, Number(leaves))) {
    const started = performance.now();
    for (const entry of entries) hash('sha256', entry, 'binary');
    const leavesDone = performance.now();
    for (let i = 0; i < entries.length; i++) hash('sha256', node, 'binary');
    const between = performance.now();
    builder.append(leafHashes(entries, sha256WithNode));
    merkle += performance.now() - between;
    bare += leavesDone - started;
    nodes += between - leavesDone;
  }
  builder.root();
  return [bare, bare + nodes, merkle];
}

async function whole(): Promise<number> {
  const policy = await readFile(path.join(folder, 'policy'), 'utf8');
  const started = performance.now();
  const report = await verifyLog({ log: folder, policy });
  if (!report.holds) throw new Error(`the made-up log does not hold: ${JSON.stringify(report.findings.slice(0, 3))}`);
  return performance.now() - started;
}

const wholeMs: number[] = [];
// First, so that the peak is that of verifying and not of what measures it.
for (let i = 0; i < Number(repeats); i++) wholeMs.push(await whole());
const peakRssBytes = process.resourceUsage().maxRSS * 1024;
const [bareMs, bareTreeMs, merkleMs]: [number[], number[], number[]] = [[], [], []];
for (let i = 0; i < Number(repeats); i++) {
  const [bare, bareTree, merkle] = await hashing();
  bareMs.push(bare);
  bareTreeMs.push(bareTree);
  merkleMs.push(merkle);
}
process.send?.({ bareMs, bareTreeMs, merkleMs, wholeMs, peakRssBytes } satisfies VerificationTimes, () =>
  process.disconnect(),
);
