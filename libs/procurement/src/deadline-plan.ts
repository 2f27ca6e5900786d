/** What a deadline sets going. Whoever sets one, a notice or an outage, plans all of it: jobs of one key replace each
 *  other. */
import { addDays } from './calendar.js';
import { openingWindows } from './opening.js';
import { openableAt, type Grace } from './precommit.js';
import type { RulePack } from './rule-pack.js';

/** How long before the deadline an outage is looked for the first time, so that bidders hear early; at it once more. */
const OUTAGE_LOOK_MS = 10 * 60_000;

export type PlannedJob = {
  readonly job: 'box.close' | 'outage.look' | 'opening.readiness' | 'opening.readiness_check' | 'opening.delayed';
  readonly key: string;
  readonly runAt: Date;
};

/** The close; a look for outages before it; the openers' proofs that they still hold their keys, two days and one day of
 *  the pack before, with a last check half way; and the end of the openers' time. What would lie in the past is planned
 *  for `now`; the early proof then has no use. */
export function planDeadline(tenderId: string, grace: Grace, { calendar }: RulePack, now: Date): readonly PlannedJob[] {
  const { deadlineAt, precommit } = grace;
  const late = addDays(deadlineAt, -1, calendar);
  const plan = (job: PlannedJob['job'], key: string, at: Date): PlannedJob => {
    return { job, key, runAt: at > now ? at : now };
  };
  const early = addDays(deadlineAt, -2, calendar);
  const last = new Date((late.getTime() + deadlineAt.getTime()) / 2);
  return [
    plan('box.close', `close:${tenderId}`, deadlineAt),
    plan('outage.look', `outage:${tenderId}`, new Date(deadlineAt.getTime() - OUTAGE_LOOK_MS)),
    ...(early > now ? [plan('opening.readiness', `readiness:${tenderId}:early`, early)] : []),
    plan('opening.readiness', `readiness:${tenderId}:late`, late),
    plan('opening.readiness_check', `readiness:${tenderId}:check`, last),
    plan(
      'opening.delayed',
      `delayed:${tenderId}`,
      openingWindows(openableAt(deadlineAt, precommit), calendar).releaseEndAt,
    ),
  ];
}
