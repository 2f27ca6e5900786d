/** How long the stored objects of a tender are needed: its sealed bids, its documents, what was opened. Until then they
 *  are kept locked, and a damaged one may be put back. */
import { addDays } from './calendar.js';
import { FINAL_STATES } from './lifecycle.js';
import { demand } from './refusal.js';
import type { RulePack } from './rule-pack.js';
import type { TenderState } from './tender.js';

/** A tender as far as it decides how long its objects are needed. */
export type KeptTender = {
  readonly state: TenderState;
  readonly pack: Pick<RulePack, 'standstill' | 'objection' | 'keepAfterEndDays' | 'calendar'>;
  /** When the latest act that ends a lot or the tender was done; null while there is none. */
  readonly endedAt: Date | null;
};

const DAY_MS = 86_400_000;

/** For packs that were frozen before they had the figure. */
const KEEP_AFTER_END_DAYS = 30;

/** When a tender's objects are needed no longer: after its end the time to object to it, to answer the objection on both
 *  levels, and a margin, all of its own pack. Undefined while the tender is not over. */
export function neededUntil({ state, pack, endedAt }: KeptTender): Date | undefined {
  if (!FINAL_STATES.includes(state) || endedAt === null) return undefined;
  const { standstill, objection, calendar, keepAfterEndDays = KEEP_AFTER_END_DAYS } = pack;
  const { days = 0, answerDays = 0 } = objection.secondLevel ?? {};
  // Working days counted generously: nothing is lost by keeping something longer.
  const standstillDays = standstill.calendar === 'working' ? standstill.length * 2 : standstill.length;
  return addDays(endedAt, standstillDays + objection.answerDays + days + answerDays + keepAfterEndDays, calendar);
}

/** Until when an object is locked now: so many days ahead as long as it is needed, and not beyond its need. Undefined
 *  when nobody needs it any more. An object of several tenders is needed as long as any of them needs it.
 *  @param needs {@link neededUntil} of each tender the object belongs to */
export function lockUntil(needs: readonly (Date | undefined)[], now: Date, aheadDays: number): Date | undefined {
  const ahead = now.getTime() + aheadDays * DAY_MS;
  const ends = needs.map((need) => need?.getTime() ?? Infinity);
  const last = Math.max(...ends);
  return last > now.getTime() ? new Date(Math.min(last, ahead)) : undefined;
}

/** Bytes that a bid of the vendor on the tender names by their hash, as the store holds them now. */
export type NamedBytes = {
  readonly stored: 'whole' | 'damaged' | 'missing';
  /** {@link neededUntil} of the tender. */
  readonly neededUntil: Date | undefined;
};

/** Admits bytes of the vendor's own bid in the place of damaged or missing ones, at any time until the tender is over:
 *  the hash proves that they are the same, so a barred vendor's too.
 *  @param act.named absent when no bid of this vendor on this tender names the hash
 *  @throws Refusal `bid_unknown`, `wrong_state` */
export function admitRestore({ named, now }: { readonly named: NamedBytes | undefined; readonly now: Date }): void {
  demand(named, 'bid_unknown', 'No such bid of yours names these bytes.');
  demand(named.stored !== 'whole', 'wrong_state', 'Nothing of this is damaged or missing.');
  const over = named.neededUntil !== undefined && now >= named.neededUntil;
  demand(!over, 'wrong_state', 'The tender is over: what was lost is not needed any more.');
}
