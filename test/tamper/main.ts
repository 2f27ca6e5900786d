/** `npm run tamper [--json FILE] [--sample N] [--only REGEX] [--seed N]`. The launcher gives the running stack. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Stack } from '../../apps/launcher/src/index.d.mjs';
import { runCampaign } from './campaign.js';
import { holds, reportJson, reportText } from './report.js';
import { playScene } from './scene.js';

/** Plays the scene, runs the campaign, prints the report; the answer is the exit code. */
export async function tamper(stack: Stack, file: string, argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'string' },
      sample: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const say = (line: string): void => console.log(line);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'segel-tamper-'));
  try {
    const scene = await playScene(stack, file, folder, say);
    const sample = values.sample === undefined ? undefined : Number(values.sample);
    const only = values.only === undefined ? undefined : new RegExp(values.only);
    const campaign = await runCampaign(scene, { sample, only, seed: Number(values.seed ?? '1'), say });
    await scene.superuser.close();
    say(reportText(campaign));
    if (values.json !== undefined) await writeFile(values.json, reportJson(campaign));
    return holds(campaign, sample === undefined && only === undefined) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
