/** `npm run crash -- submit`: the campaign from the command line. Progress goes to standard error, the table to standard
 *  output. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { objectServerLacks } from '../../support/object-server.js';
import type { Launcher } from '../scene.js';
import { runSubmitCampaign } from './campaign.js';
import { byName, failures, table, totals } from './report.js';

const USAGE = 'npm run crash -- submit [--runs 60] [--seed N] [--only REGEX] [--store s3|folder] [--json FILE]';

/** Runs a campaign; the exit code is 0 when nothing was lost, duplicated, corrupt or stuck. */
export async function crashSubmissions(launch: Launcher, args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { runs: text, seed: text, only: text, store: text, json: text },
  });
  const runs = Number(values.runs ?? '60');
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const store = values.store ?? 's3';
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || !(store === 's3' || store === 'folder'))
    throw new Error(USAGE);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const lacks = store === 's3' ? objectServerLacks() : undefined;
  if (lacks !== undefined) say(`The object store is a folder of the server, killed with it: ${lacks}.`);
  say(`crash campaign against submissions: ${runs} runs, seed ${seed}`);
  const only = values.only === undefined ? {} : { only: new RegExp(values.only) };
  const report = await runSubmitCampaign(launch, { runs, seed, store, ...only, say });
  const failed = failures(report);
  process.stdout.write(`${table(report)}\n`);
  process.stdout.write(`${runs} runs in ${report.seconds} s, seed ${seed}, object store: ${report.store}\n`);
  for (const reason of failed) say(`FAILED ${reason}`);
  if (values.json !== undefined) {
    const document = { ...report, totals: totals(report), byName: byName(report.runs), failures: failed };
    await writeFile(values.json, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  return failed.length === 0 ? 0 : 1;
}
