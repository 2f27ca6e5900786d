/** What a campaign does to the system: every failpoint, and kill -9 of every part at any time. */
import { FAILPOINTS, type Failpoint } from '../../apps/api/src/platform/failpoint.js';
import { WITNESS_FAILPOINTS } from '../../apps/witness/src/failpoint.js';
import { Seeded } from './seeded.js';

/** What is killed without a failpoint, after a random time; `machine` is all three at once. */
export const KILLS = ['kill api', 'kill postgresql', 'kill witness', 'kill machine'] as const;
export type Kill = (typeof KILLS)[number];

/** One run: a failpoint that is reached for the `times`th time, or a kill after `afterMs`. */
export type Run = { readonly name: string; readonly times: number; readonly afterMs: number };

/** Runs under the load of bidders, and runs in the openings of small tenders, one list a tender. */
export type Plan = { readonly load: readonly Run[]; readonly openings: readonly (readonly Run[])[] };

export type PlanOptions = { readonly runs: number; readonly seed: number; readonly only?: RegExp };

/** In the order in which the life of a tender comes past them. */
export const OPENING_FAILPOINTS: readonly Failpoint[] = FAILPOINTS.filter((name) => /^(box|opening)\./.test(name));
export const LOAD_FAILPOINTS: readonly Failpoint[] = FAILPOINTS.filter((name) => !OPENING_FAILPOINTS.includes(name));

/** Releases that may be interrupted; the last of the four that are needed begins the opening. */
const RELEASES = 3;
/** Bids of a small tender. */
export const SMALL_BIDS = 3;
const SHARE_OF_OPENINGS = 0.35;

/** How often a point is passed within a second or two under load: the run that counts is drawn from so many. */
function passes(name: string): number {
  if (name === 'opening.share_received') return RELEASES;
  if (/^opening\.(combined|documents_stored|recorded)$/.test(name)) return SMALL_BIDS;
  if (/^(box|opening)\./.test(name)) return 1;
  if (/^(heartbeat|publisher\.(tiles|checkpoint))/.test(name)) return 3;
  return name.startsWith('object.') ? 12 : 6;
}

function draw(name: string, dice: Seeded): Run {
  return { name, times: dice.between(1, passes(name)), afterMs: dice.between(50, 900) };
}

/** Bids that are open stay open: what comes later in one opening is drawn from what is left of it. */
function drawOpening(names: readonly string[], dice: Seeded): readonly Run[] {
  let left = SMALL_BIDS;
  return names.map((name) => {
    const run = draw(name, dice);
    if (!/^opening\.(combined|documents_stored|recorded)$/.test(name)) return run;
    const times = Math.min(run.times, left);
    left -= times - 1;
    return { ...run, times };
  });
}

/** The runs of a campaign: everything about equally often, in an order the seed decides. */
export function planRuns({ runs, seed, only = /./ }: PlanOptions): Plan {
  const dice = new Seeded(seed);
  const inOpenings = OPENING_FAILPOINTS.filter((name) => only.test(name));
  const underLoad = [...LOAD_FAILPOINTS, ...WITNESS_FAILPOINTS, ...KILLS].filter((name) => only.test(name));
  const kills = KILLS.filter((name) => only.test(name));
  const share = underLoad.length === 0 ? 1 : SHARE_OF_OPENINGS;
  const tenders = inOpenings.length === 0 ? 0 : Math.max(1, Math.round((runs * share) / (inOpenings.length + 1)));
  const openings = Array.from({ length: tenders }, (_, i) => {
    const kill = kills[i % kills.length];
    const closing = inOpenings.filter((name) => name.startsWith('box.'));
    const opening = inOpenings.filter((name) => name.startsWith('opening.'));
    return drawOpening([...closing, ...(kill === undefined ? [] : [kill]), ...opening], dice);
  });
  const rest = Math.max(0, runs - openings.flat().length);
  const load = Array.from({ length: underLoad.length === 0 ? 0 : rest }, (_, i) => underLoad[i % underLoad.length]!);
  return { load: dice.shuffled(load).map((name) => draw(name, dice)), openings };
}
