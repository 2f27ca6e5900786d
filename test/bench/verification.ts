/** Section 7: `segel verify log` over a mirror of a million entries, beside nothing but SHA-256 of the same leaves. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeSyntheticMirror } from '../../apps/cli/src/synthetic-mirror.js';
import { Child } from './child.js';
import { comparedFigure, figure, type Figure } from './report.js';
import type { Run } from './scale.js';
import type { VerificationTimes } from './verification-process.js';

/** Writes the mirror, and has another process verify it. */
export async function verification({ scale, folder: home, say }: Run): Promise<readonly Figure[]> {
  const folder = path.join(home, 'mirror');
  say(`writing a mirror of ${scale.leaves} entries`);
  await writeSyntheticMirror({ folder, size: scale.leaves });
  say('verifying it');
  const child = Child.start('test/bench/verification-process.js', {}, [
    folder,
    String(scale.leaves),
    String(scale.repeats),
  ]);
  const { bareMs, bareTreeMs, merkleMs, wholeMs, peakRssBytes } = await child.message<VerificationTimes>();
  await rm(folder, { recursive: true, force: true });
  const load = `${scale.leaves.toLocaleString('en')} entries`;
  const seconds = (what: string, ms: readonly number[]) => ({
    section: 7,
    what,
    load,
    unit: 's',
    raw: ms.map((one) => one / 1000),
  });
  const bare = figure(seconds('SHA-256 of each leaf', bareMs));
  const bareTree = figure(seconds('SHA-256 of each leaf and node', bareTreeMs));
  const merkle = seconds('Merkle part: leaves, tiles, root', merkleMs);
  const memory = {
    section: 7,
    what: 'segel verify log: peak memory',
    load,
    unit: 'MiB',
    raw: [peakRssBytes / 2 ** 20],
  };
  return [
    bare,
    bareTree,
    comparedFigure(merkle, bare, { atMost: 3 }),
    // A node is two blocks of SHA-256 and a leaf one: the first ratio cannot come near 1, this one can.
    comparedFigure(merkle, bareTree),
    figure(seconds('segel verify log, the whole', wholeMs), { atMost: 30 }),
    figure(memory),
  ];
}
