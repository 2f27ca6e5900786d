/** `npm run bench -- log|submit`: what the log and the submission of bids cost, measured beside what they are compared
 *  with, on the same machine and in the same minutes. apps/launcher/src/bench.mjs starts it with a PostgreSQL of its own. */
import { writeFile } from 'node:fs/promises';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Cluster } from './databases.js';
import { LOG } from './log-bench.js';
import { describeMachine, type Machine } from './machine.js';
import { table, type Figure } from './report.js';
import type { Asked, Bench } from './scale.js';
import { SUBMIT } from './submit/submit-bench.js';

/** What the command line needs to know of a benchmark. */
type Shape = { readonly options: readonly string[]; readonly sections: Readonly<Record<string, unknown>> };

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start this with npm run bench`);
  return value;
}

function usage(): string {
  const line = (name: string, { sections, options }: Shape): string =>
    `npm run bench -- ${name} [--json FILE] [--quick] [--only ${Object.keys(sections).join(',')}]${options.map((option) => ` [--${option} …]`).join('')}`;
  return `usage: ${line('log', LOG)}\n       ${line('submit', SUBMIT)}`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'log') return run(LOG, rest);
  if (name === 'submit') return run(SUBMIT, rest);
  console.error(usage());
  return 2;
}

/** What was asked for, or undefined when that does not exist. */
function readArguments(bench: Shape, args: readonly string[]) {
  const names = ['json', 'only', ...bench.options];
  const options: ParseArgsConfig['options'] = { quick: { type: 'boolean' } };
  for (const name of names) options[name] = { type: 'string' };
  try {
    const { values } = parseArgs({ args: [...args], options });
    const text = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'));
    const asked: Asked = { quick: values['quick'] === true, options: text as Record<string, string> };
    const chosen = asked.options['only']?.split(',') ?? Object.keys(bench.sections);
    return chosen.every((one) => Object.hasOwn(bench.sections, one)) ? { asked, chosen } : undefined;
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

async function run<S>(bench: Bench<S>, args: readonly string[]): Promise<number> {
  const read = readArguments(bench, args);
  if (read === undefined) {
    console.error(usage());
    return 2;
  }
  const { asked, chosen } = read;
  const scale = bench.scale(asked);
  const started = performance.now();
  const say = (line: string): void =>
    console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const folder = required('BENCH_FOLDER');
  const cluster = await Cluster.prepare(required('BENCH_DATABASE_URL'));
  const machine = await describeMachine(cluster, folder);
  const figures: Figure[] = [];
  for (const name of chosen) figures.push(...(await bench.sections[name]!(cluster, { scale, folder, say })));
  print(machine, figures);
  const { json } = asked.options;
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ machine, scale, figures }, null, 2)}\n`);
  return 0;
}

function print(machine: Machine, figures: readonly Figure[]): void {
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(11)} ${value}`);
  console.log(`\n${table(figures)}`);
  const missed = figures.filter(({ met }) => met === false).length;
  const aimed = figures.filter(({ met }) => met !== undefined).length;
  console.log(`\n${aimed - missed} of ${aimed} targets met. Medians; ratios are medians of the ratios of each round.`);
}

process.exitCode = await main(process.argv.slice(2));
