/** Time left until the deadline, by the server's clock: the device's may be wrong, so only what has passed since the page
 *  came is taken from it. Not a live region: nobody wants to hear the seconds. */
import type { Say } from '../../words/translate.js';
import type { sealing } from '../../words/id/bidding.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds until an instant by the server's clock. */
export type Left = () => number;

/** @param now the server's clock when it made the page, which was about when its answer began to come */
export function leftUntil(deadlineAt: string, now: string): Left {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const passed = performance.now() - (navigation?.responseStart ?? 0);
  const [ticks, date] = [performance.now(), Date.now()];
  const atFirst = Date.parse(deadlineAt) - Date.parse(now) - passed;
  // The first clock stops while a phone sleeps, the second jumps when somebody sets it: the later of both is safe.
  return () => atFirst - Math.max(performance.now() - ticks, Date.now() - date);
}

export function showLeft(place: HTMLElement, left: Left, say: Say<typeof sealing>): void {
  const show = (): void => {
    const ms = left();
    place.textContent = wordsOf(ms, say);
    const tone = ms >= DAY ? 'ok' : 'bad';
    const box = place.closest('.clock');
    if (box?.classList.contains(tone) === false) box.classList.replace(tone === 'ok' ? 'bad' : 'ok', tone);
  };
  show();
  setInterval(show, SECOND);
}

function wordsOf(ms: number, say: Say<typeof sealing>): string {
  const whole = (unit: number, of = ms): number => Math.floor(of / unit);
  if (ms <= 0) return say('seal.left.over');
  if (ms >= DAY) return say('seal.left.days', { n: whole(DAY), hours: whole(HOUR, ms % DAY) });
  if (ms >= HOUR) return say('seal.left.hours', { n: whole(HOUR), minutes: whole(MINUTE, ms % HOUR) });
  return say('seal.left.minutes', { n: whole(MINUTE), seconds: whole(SECOND, ms % MINUTE) });
}
