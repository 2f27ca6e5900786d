/** One run: the system dies at a named place or at any time, and is started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './bad-line.js';
import type { Run } from './plan.js';
import type { Killable, Scene } from './scene.js';

/** A failpoint that is not reached in this time is not on the way of the present load. */
const REACH_MS = 60_000;

export type Death = { readonly reached: boolean; readonly restarts: number };

/** Kills as the run says. The server may be down afterwards; what else was killed runs again. `armed` is called when the
 *  failpoint is armed, for what was held back until then. */
export async function strike({ stack }: Scene, run: Run, armed: () => void = () => undefined): Promise<Death> {
  if (run.name.startsWith('kill ')) {
    armed();
    return killAnyTime(stack, run);
  }
  return run.name.startsWith('witness.') ? killWitnessAt(stack, run) : killServerAt(stack, run, armed);
}

async function killServerAt(stack: Killable, run: Run, armed: () => void): Promise<Death> {
  await stack.killApi();
  // It may die before it answers for the first time: that is a start that failed, and what was wanted.
  await stack.startApi({ FAILPOINT: `${run.name}:${run.times}` }).catch(() => undefined);
  armed();
  const reached = await diesOf(stack.api);
  if (!reached) await stack.killApi(); // It must not die of this in a later run.
  return { reached, restarts: 1 };
}

async function killWitnessAt(stack: Killable, run: Run): Promise<Death> {
  await ensureServer(stack);
  await stack.killWitness();
  await stack.startWitness({ WITNESS_FAILPOINT: `${run.name}:${run.times}` }).catch(() => undefined);
  const reached = await diesOf(stack.witness!.running);
  await stack.killWitness();
  await stack.startWitness();
  return { reached, restarts: 2 };
}

/** True when the process killed itself in time. */
async function diesOf(running: Killable['api']): Promise<boolean> {
  const { code } = await Promise.race([
    running.exited,
    sleep(REACH_MS, { name: running.name, code: 'alive' }, { ref: false }),
  ]);
  return code === 'SIGKILL';
}

async function killAnyTime(stack: Killable, { name, afterMs }: Run): Promise<Death> {
  await ensureServer(stack);
  await sleep(afterMs);
  const all = name === 'kill machine';
  const [database, witness, api] = ['postgresql', 'witness', 'api'].map((part) => all || name === `kill ${part}`);
  await Promise.all([database && stack.killPostgres(), witness && stack.killWitness(), api && stack.killApi()]);
  if (database) await stack.startPostgres();
  if (witness) await stack.startWitness();
  return { reached: true, restarts: [database, witness].filter(Boolean).length };
}

/** Starts the server when it is not running. Returns how many starts it took. */
export async function ensureServer(stack: Killable): Promise<number> {
  if (stack.api.code === undefined) return 0;
  await stack.startApi();
  return 1;
}

/** Waits until somebody was acknowledged something and an interval became public: the clients go on. */
export async function goesOn({ line }: Scene): Promise<void> {
  const acknowledged = line.acknowledged.length;
  const publicSize = async (): Promise<number> =>
    (await line.owner.query<{ size: number }>('SELECT coalesce(max(size), 0)::int AS size FROM tlog.public_checkpoint'))
      .rows[0]!.size;
  const before = await eventually('the database', publicSize);
  await eventually('an act after the restart', async () =>
    line.acknowledged.length > acknowledged ? true : undefined,
  );
  await eventually('an interval after the restart', async () => ((await publicSize()) > before ? true : undefined));
}
