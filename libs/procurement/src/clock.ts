/** What the server's clock may decide (requirement 10): the witnesses' clocks bound it, time sources say whether it is right. */

/** One source's answer. The offset is what must be added to our clock; the error is at most half the delay. */
export type ClockAnswer = { readonly offsetMs: number; readonly delayMs: number };

/** `unknown`: no source answered, or none did for too long. */
export type ClockStanding = 'right' | 'wrong' | 'unknown';

export const CLOCK_RULE = {
  maximumDriftMs: 1000,
  /** An older measurement says nothing about now. */
  knownForMinutes: 30,
  source:
    'Requirement 10: in production more than one second of drift, or an unknown one, blocks deadline transitions.',
} as const;

/** The median of the offsets, so that a minority of wrong sources moves nothing; undefined without an answer. */
export function medianOffset(answers: readonly ClockAnswer[]): number | undefined {
  const offsets = answers.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b);
  if (offsets.length === 0) return undefined;
  const half = Math.floor(offsets.length / 2);
  return offsets.length % 2 === 1 ? offsets[half]! : (offsets[half - 1]! + offsets[half]!) / 2;
}

/** What a measurement of `at` says at `now`; `offsetMs` null: no source answered then. */
export function clockStanding(
  measured: { readonly at: Date; readonly offsetMs: number | null } | undefined,
  now: Date,
): ClockStanding {
  if (measured === undefined || measured.offsetMs === null) return 'unknown';
  // Of the future, too: a clock that was turned back knows nothing.
  const ageMs = Math.abs(now.getTime() - measured.at.getTime());
  if (ageMs > CLOCK_RULE.knownForMinutes * 60_000) return 'unknown';
  return Math.abs(measured.offsetMs) > CLOCK_RULE.maximumDriftMs ? 'wrong' : 'right';
}

/** Whether a deadline may be acted on: close, frozen box, authorised opening. In development a wrong clock only warns. */
export function mayDecideDeadlines(standing: ClockStanding, production: boolean): boolean {
  return standing === 'right' || !production;
}

/** Whether the log must hold a measurement: the standing changed, or the last one there is of another day (UTC). */
export function isLogged(
  last: { readonly at: Date; readonly standing: ClockStanding } | undefined,
  now: { readonly at: Date; readonly standing: ClockStanding },
): boolean {
  const day = (at: Date): string => at.toISOString().slice(0, 10);
  return last === undefined || last.standing !== now.standing || day(last.at) !== day(now.at);
}
