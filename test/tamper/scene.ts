/** The scene of the campaign: the demonstration on one file, run to the award, on a server of its own; then a copy of
 *  everything, a little more that happens, and a copy again. */
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parsePolicy } from '@segel/tlog';
import { award } from '../../apps/cli/src/demo/award.js';
import { bid, type Bidding } from '../../apps/cli/src/demo/bidding.js';
import { PASSWORD, type Stage } from '../../apps/cli/src/demo/cast.js';
import { eventually } from '../../apps/cli/src/demo/eventually.js';
import { open, proveAll } from '../../apps/cli/src/demo/opening.js';
import { publish } from '../../apps/cli/src/demo/publish.js';
import { assemble, openStage } from '../../apps/cli/src/demo/stage.js';
import { timeline } from '../../apps/cli/src/demo/timeline.js';
import { Mirror } from '../../apps/cli/src/mirror/mirror.js';
import type { Stack } from '../../apps/launcher/src/index.d.mjs';
import { Superuser } from './database.js';

export type Scene = {
  readonly stack: Stack;
  readonly url: string;
  readonly tenderId: string;
  readonly bidding: Pick<Bidding, 'submitted'>;
  readonly superuser: Superuser;
  readonly objects: string;
  readonly signerFile: string;
  readonly policy: string;
  readonly logOrigin: string;
  /** Copies of the folders: `early` when the tender was over, `whole` after a little more. */
  readonly copies: string;
  /** A mirror's folder as it was at `early`. */
  readonly mirror: string;
  /** Starts the server with the sequencer or without. */
  readonly restart: (worker: 'inline' | 'off') => Promise<void>;
};

/** Time for bids, beside what the machine shows to need: twice as long as it took to sign everybody in. */
const SUBMISSION_MS = 25_000;

export type Copy = 'early' | 'whole';

/** Settings of the scene's server: quick intervals, no limit of requests. */
export const SCENE_ENV = { HEARTBEAT_MS: '1000', RATE_LIMIT_PER_MINUTE: '1000000' };

/** Plays it. `file` is an OCDS release package; `folder` is the scene's own. */
export async function playScene(
  stack: Stack,
  file: string,
  folder: string,
  say: (line: string) => void,
): Promise<Scene> {
  const stage = openStage({ ...stack.env, SEGEL_URL: stack.url });
  const tell = timeline(say);
  const began = Date.now();
  const troupe = await assemble(stage);
  const submissionMs = SUBMISSION_MS + 2 * (Date.now() - began);
  const content = JSON.parse(await readFile(file, 'utf8')) as unknown;
  const tender = await publish(stage, troupe, content, submissionMs, 'demo/fast', tell);
  const bidding = await bid(stage, troupe, tender, path.join(folder, 'bids'), tell);
  await proveAll(troupe, tender, tell);
  await open(stage, troupe, tender, bidding, tell);
  await award(stage, troupe, tender, tell);
  await eventually('the publication of the award', async () => {
    const evidence = (await stage.api.text(`/api/tenders/${tender.id}/evidence`)) ?? '';
    return evidence.includes('"award.decided"') || undefined;
  });
  return finishedScene(stack, stage, tender.id, bidding, folder);
}

/** The scene of a tender that is over on this stack. */
export async function finishedScene(
  stack: Stack,
  stage: Stage,
  tenderId: string,
  bidding: Pick<Bidding, 'submitted'>,
  folder: string,
): Promise<Scene> {
  const policy = (await stage.api.text('/log/policy')) ?? '';
  const scene: Scene = {
    stack,
    url: stack.url,
    tenderId,
    bidding,
    superuser: new Superuser(stack.database.url),
    objects: stack.paths.objects,
    signerFile: stack.env['SIGNER_STATE']!,
    policy,
    logOrigin: stack.env['LOG_ORIGIN']!,
    copies: path.join(folder, 'copies'),
    mirror: path.join(folder, 'mirror'),
    restart: (worker) => restart(stack, worker),
  };
  await copyTwice(scene, stage);
  await scene.restart('off');
  return scene;
}

async function copyTwice(scene: Scene, stage: Stage): Promise<void> {
  const mirror = await Mirror.open({
    from: `${scene.url}/log`,
    folder: scene.mirror,
    policy: parsePolicy(scene.policy),
  });
  const { size } = await mirror.follow();
  await scene.stack.stopApi();
  await keepCopy(scene, 'early');
  await scene.stack.startApi();
  for (const email of ['auditor@demo.example', 'preparer@demo.example'])
    await stage.api.post('/api/sessions', { email, password: PASSWORD });
  await eventually('a larger log', async () => {
    const note = (await stage.api.text('/log/checkpoint')) ?? '';
    return Number(note.split('\n')[1]) > size + 8 || undefined;
  });
  await sleep(500);
  await scene.stack.stopApi();
  await keepCopy(scene, 'whole');
}

/** The server again, under settings that make it write nothing by itself. */
async function restart(stack: Stack, worker: 'inline' | 'off'): Promise<void> {
  await stack.stopApi();
  Object.assign(stack.env, { WORKER: worker, HEARTBEAT_MS: '3600000' });
  await stack.startApi();
}

async function keepCopy({ superuser, objects, signerFile, copies }: Scene, name: Copy): Promise<void> {
  await mkdir(copies, { recursive: true });
  await superuser.copyTo(`tamper_${name}`);
  await cp(objects, path.join(copies, `${name}-objects`), { recursive: true });
  await cp(signerFile, path.join(copies, `${name}-signer`));
}

/** What of an installation is put back from a copy. */
export type Parts = { readonly database?: true; readonly signer?: true; readonly objects?: true };

/** Puts parts of a copy in place. The server must be stopped for the database. */
export async function putInPlace(scene: Scene, name: Copy, parts: Parts): Promise<void> {
  const { superuser, objects, signerFile, copies } = scene;
  if (parts.database) await superuser.replaceBy(`tamper_${name}`);
  if (parts.signer) await cp(path.join(copies, `${name}-signer`), signerFile, { force: true });
  if (parts.objects) {
    await rm(objects, { recursive: true, force: true });
    await cp(path.join(copies, `${name}-objects`), objects, { recursive: true });
  }
}
