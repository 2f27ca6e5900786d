/** Section 12: how fast a payload is sealed, from file to file, beside the same code in pure JavaScript, in a browser,
 *  beside `age` and beside the bare cipher. */
import { recipientOf } from '@segel/sealing';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { random } from '../../../apps/cli/src/primitives.js';
import { chromiumPath, NO_CHROMIUM } from '../../support/browser.js';
import { Child } from '../child.js';
import { comparedFigure, figure, largestFigure, type Figure } from '../report.js';
import { sealInBrowser, type BrowserFigures } from './browser-sealing.js';
import { megabytes, type SubmitRun } from './scale.js';
import type { SealingFigures } from './sealing-process.js';

const WAYS = ['noble', 'node', 'browser', 'raw', 'age'] as const;
type Way = (typeof WAYS)[number];

const NAMES: Readonly<Record<Way, string>> = {
  noble: 'sealing in pure JavaScript',
  node: "sealing with Node's ciphers",
  browser: 'the same in Chromium, files read twice, all opened again',
  raw: 'bare chacha20-poly1305, nothing written',
  age: 'age -r, x25519',
};
/** Of Node's ciphers over pure JavaScript. */
const TARGET = { atLeast: 2.5 } as const;
const CHUNK = 1 << 20;

type Outcomes = ReadonlyMap<Way, readonly SealingFigures[]>;

export async function sealing({ scale, folder: home, say }: SubmitRun): Promise<readonly Figure[]> {
  const hasAge = spawnSync('age', ['--version']).status === 0;
  if (!hasAge) say('age is not installed on this machine (Debian: apt install age): it is left out');
  if (chromiumPath === undefined) say(`${NO_CHROMIUM}: it is left out`);
  const missing: readonly (Way | false)[] = [!hasAge && 'age', chromiumPath === undefined && 'browser'];
  const ways = WAYS.filter((way) => !missing.includes(way));
  const figures: Figure[] = [];
  for (const bytes of scale.sealingBytes) {
    const input = path.join(home, 'payload');
    await pipeline(Readable.from(randomChunks(bytes)), createWriteStream(input, { flush: true }));
    const outcomes = new Map<Way, SealingFigures[]>(ways.map((way) => [way, []]));
    for (let round = 1; round <= scale.repeats; round++)
      for (const way of ways) {
        say(`round ${round}, ${megabytes(bytes)}: ${NAMES[way]}`);
        outcomes.get(way)!.push(await encryptOnce(way, input, path.join(home, 'sealed'), bytes));
      }
    await rm(input);
    figures.push(...figuresOf(bytes, outcomes));
  }
  return figures;
}

function* randomChunks(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= CHUNK) yield random(Math.min(left, CHUNK));
}

async function encryptOnce(way: Way, input: string, output: string, bytes: number): Promise<SealingFigures> {
  try {
    if (way === 'browser') return await sealInBrowser(input, path.dirname(input), bytes);
    if (way === 'age') return await runAge(input, output, bytes);
    const child = Child.start('test/bench/submit/sealing-process.js', {}, [way, input, output]);
    const figures = await child.message<SealingFigures>();
    await child.done();
    return figures;
  } finally {
    await rm(output, { force: true });
  }
}

/** Its start is within its time: some milliseconds. */
async function runAge(input: string, output: string, bytes: number): Promise<SealingFigures> {
  const began = performance.now();
  const age = spawn('age', ['-r', recipientOf('x1', random(32)), '-o', output, input], { stdio: 'inherit' });
  const [code] = (await once(age, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`age ended with ${code}`);
  return { ms: performance.now() - began, bytes, peakMebibytes: 0 };
}

function figuresOf(bytes: number, outcomes: Outcomes): readonly Figure[] {
  const load = megabytes(bytes);
  const rate = (way: Way) => ({
    section: 12,
    what: NAMES[way],
    load,
    unit: 'MB/s',
    raw: outcomes.get(way)!.map(({ ms, bytes: done }) => done / 1000 / ms),
  });
  const noble = figure(rate('noble'));
  const others = [...outcomes.keys()].filter((way) => way !== 'noble' && way !== 'node');
  return [
    noble,
    comparedFigure(rate('node'), noble, TARGET),
    ...others.flatMap((way) => {
      const beside = figure(rate(way));
      return [beside, comparedFigure(rate('node'), beside)];
    }),
    ...(['node', 'browser'] as const).flatMap((way) => {
      const raw = outcomes.get(way)?.map(({ peakMebibytes }) => peakMebibytes);
      const what = `${way === 'node' ? NAMES.node : 'sealing in Chromium'}: memory`;
      return raw === undefined ? [] : [largestFigure({ section: 12, what, load, unit: 'MiB', raw })];
    }),
    ...selfTest((outcomes.get('browser') ?? []) as readonly BrowserFigures[], load),
  ];
}

function selfTest(outcomes: readonly BrowserFigures[], load: string): readonly Figure[] {
  if (outcomes.length === 0) return [];
  const raw = outcomes.map(({ selfTestMs, ms }) => (100 * selfTestMs) / ms);
  return [figure({ section: 12, what: 'sealing in Chromium: opening it again, of its time', load, unit: '%', raw })];
}
