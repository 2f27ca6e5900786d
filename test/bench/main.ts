/** `npm run bench -- log [--json FILE] [--quick] [--only 4,5]`: what the log costs, measured beside what it is compared
 *  with, on the same machine and in the same minutes. apps/launcher/src/bench.mjs starts it with a PostgreSQL of its own. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Cluster } from './databases.js';
import { latency } from './latency.js';
import { describeMachine, type Machine } from './machine.js';
import { proofs } from './proofs.js';
import { table, type Figure } from './report.js';
import { FULL, QUICK, type Run } from './scale.js';
import { throughput } from './throughput.js';
import { verification } from './verification.js';

const USAGE = 'usage: npm run bench -- log [--json FILE] [--quick] [--only throughput,latency,proofs,verification]';

type Section = (cluster: Cluster, run: Run) => Promise<readonly Figure[]>;

const SECTIONS: Readonly<Record<string, Section>> = {
  throughput,
  latency,
  proofs,
  verification: (_cluster, run) => verification(run),
};

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this with npm run bench`);
  return value;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, quick: { type: 'boolean' }, only: { type: 'string' } },
  });
  const chosen = values.only?.split(',') ?? Object.keys(SECTIONS);
  if (positionals[0] !== 'log' || positionals.length > 1 || chosen.some((name) => !Object.hasOwn(SECTIONS, name))) {
    console.error(USAGE);
    return 2;
  }
  const started = performance.now();
  const say = (line: string): void =>
    console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const folder = required('BENCH_FOLDER');
  const cluster = await Cluster.prepare(required('BENCH_DATABASE_URL'));
  const machine = await describeMachine(cluster, folder);
  const figures: Figure[] = [];
  const run: Run = { scale: values.quick === true ? QUICK : FULL, folder, say };
  for (const name of chosen) figures.push(...(await SECTIONS[name]!(cluster, run)));
  print(machine, figures);
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ machine, scale: run.scale, figures }, null, 2)}\n`);
  }
  return 0;
}

function print(machine: Machine, figures: readonly Figure[]): void {
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(11)} ${value}`);
  console.log(`\n${table(figures)}`);
  const missed = figures.filter(({ met }) => met === false).length;
  const aimed = figures.filter(({ met }) => met !== undefined).length;
  console.log(`\n${aimed - missed} of ${aimed} targets met. Medians; ratios are medians of the ratios of each round.`);
}

process.exitCode = await main();
