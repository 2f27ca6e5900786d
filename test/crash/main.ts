/** `npm run crash`: the campaign from the command line. Progress goes to standard error, the table to standard output. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.js';
import { byName, failures, table, totals } from './report.js';
import type { Launcher } from './scene.js';
import { crashSubmissions } from './submit/main.js';

const USAGE = 'npm run crash -- [--runs 200] [--seed N] [--only REGEX] [--json FILE]';

/** Runs a campaign; the exit code is 0 when nothing was lost, duplicated, gapped or no prefix. */
export async function crash(launch: Launcher, args: readonly string[]): Promise<number> {
  if (args[0] === 'submit') return crashSubmissions(launch, args.slice(1));
  const { values } = parseArgs({
    args: [...args],
    options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' } },
  });
  const runs = Number(values.runs ?? '200');
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) throw new Error(USAGE);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  say(`crash campaign: ${runs} runs, seed ${seed}`);
  const only = values.only === undefined ? {} : { only: new RegExp(values.only) };
  const report = await runCampaign(launch, { runs, seed, ...only, say });
  const failed = failures(report);
  process.stdout.write(`${table(report)}\n`);
  process.stdout.write(
    `${report.runs.length} runs in ${report.seconds} s, seed ${seed}; ${report.acknowledged} acts acknowledged; ${report.temporaryFiles} temporary files left\n`,
  );
  for (const { harm, what } of report.afterwards) say(`${harm}: ${what}`);
  for (const reason of failed) say(`FAILED ${reason}`);
  if (values.json !== undefined) {
    const document = { ...report, totals: totals(report), byName: byName(report.runs), failures: failed };
    await writeFile(values.json, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  return failed.length === 0 ? 0 : 1;
}
