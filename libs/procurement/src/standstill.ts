/** The end of the standstill that an intended award states. It is part of what the award authority signs, so it is
 *  fixed a little before the act; these two rules say how far the two moments may be apart. */
import { standstillEnd } from './award.js';
import { addDays } from './calendar.js';
import { demand } from './refusal.js';
import type { RulePack } from './rule-pack.js';

type Pack = Pick<RulePack, 'standstill' | 'calendar'>;

const SIGNING_MS = 10 * 60_000;

/** The end to state in a draft made now: the standstill's end if the act comes at the end of the time for signing,
 *  which is ten minutes, or half of a demonstration's day. */
export function draftStandstillEnd(now: Date, pack: Pack): Date {
  if (pack.standstill.length === 0) return now;
  const dayMs = pack.calendar.dayMs ?? Infinity;
  return standstillEnd(new Date(now.getTime() + Math.min(SIGNING_MS, dayMs / 2)), pack);
}

/** Accepts the stated end when the standstill is not shorter than the pack's, counted from the act, and not longer
 *  than if the act had come a day later. Without a standstill the stated instant is at most a day old.
 *  @param now the instant of the act
 *  @throws Refusal `standstill_end_wrong` with the earliest end that is accepted */
export function demandStandstillEnd(stated: Date, now: Date, pack: Pack): void {
  const none = pack.standstill.length === 0;
  const earliest = none ? addDays(now, -1, pack.calendar) : standstillEnd(now, pack);
  const latest = none ? now : standstillEnd(addDays(now, 1, pack.calendar), pack);
  demand(
    stated >= earliest && stated <= latest,
    'standstill_end_wrong',
    "The stated end is not the standstill's: ask for the draft again.",
    { earliest: earliest.toISOString() },
  );
}
