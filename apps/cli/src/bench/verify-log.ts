/** How fast and in how much memory a log is verified: `node dist/apps/cli/src/bench/verify-log.js ENTRIES [FOLDER]`.
 *  Writes a made-up mirror unless the folder has one, then measures against SHA-256 of the same bytes in the same run. */
import { createHash, hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundles } from '@segel/acts';
import { leafHashes, TileBuilder } from '@segel/tlog';
import { logSource } from '../log-source.js';
import { sha256WithNode } from '../primitives.js';
import { writeSyntheticMirror } from '../synthetic-mirror.js';
import { verifyLog } from '../verify/index.js';

const size = Number(process.argv[2] ?? 1_000_000);
const folder = process.argv[3] ?? (await mkdtemp(join(tmpdir(), 'segel-bench-')));

async function seconds(what: string, work: () => Promise<number>): Promise<void> {
  const started = performance.now();
  const waited = await work();
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${what}: ${((performance.now() - started - waited) / 1000).toFixed(2)} s, peak RSS ${peak} MiB`);
}

/** Runs over all bundles; returns the milliseconds spent on reading them. */
async function overBundles(work: (entries: readonly Uint8Array[]) => void): Promise<number> {
  let [waited, asked] = [0, performance.now()];
  for await (const { entries } of readBundles(logSource(folder), 0, size)) {
    waited += performance.now() - asked;
    work(entries);
    asked = performance.now();
  }
  return waited;
}

if (!existsSync(join(folder, 'checkpoint')))
  await seconds(`writing ${size} entries into ${folder}`, async () => {
    await writeSyntheticMirror({ folder, size });
    return 0;
  });
const node = new Uint8Array(65);
await seconds('bare SHA-256, one call for each leaf and node', () =>
  overBundles((entries) => {
    for (const entry of entries) hash('sha256', entry, 'binary');
    for (let i = 1; i < entries.length; i++) hash('sha256', node, 'binary');
  }),
);
const stream = createHash('sha256');
await seconds('bare SHA-256, the same bytes as one stream', () =>
  overBundles((entries) => entries.forEach((entry) => stream.update(entry).update(node))),
);
const builder = new TileBuilder(sha256WithNode);
await seconds('Merkle part: leaf hashes, tiles, root', () =>
  overBundles((entries) => void builder.append(leafHashes(entries, sha256WithNode))),
);
await seconds('whole: segel verify log', async () => {
  const report = await verifyLog({ log: folder, policy: await readFile(join(folder, 'policy'), 'utf8') });
  console.log(report.holds ? JSON.stringify(report.counts) : report.findings);
  return 0;
});
