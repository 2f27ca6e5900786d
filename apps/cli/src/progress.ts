/** How far a long act has come: a bar for people, lines of JSON for programs. */
import type { Progress } from '@segel/acts';

type Sink = { write(text: string): unknown };
type Clock = () => number;

const clock: Clock = performance.now.bind(performance);

const WIDTH = 30;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 1000;
/** A line's rate changes: what it was a minute ago says nothing of when the rest will be there. */
const WINDOW_MS = 10_000;

/** A bar that draws over itself, with the rate of the last seconds and the time left at that rate. */
export function progressBar(stream: Sink, now: Clock = clock): Progress {
  const paced = pacing(BAR_EVERY_MS, now);
  return (done, total, what, unit = 'bytes') => {
    const step = paced(done, total, what);
    if (step === undefined) return;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const bar = '#'.repeat(Math.round(WIDTH * share)).padEnd(WIDTH, '.');
    const said = (amount: number): string => (unit === 'bytes' ? size(amount) : String(Math.round(amount)));
    const of = `${said(done)} of ${said(total)}${unit === 'bytes' ? '' : ` ${unit}`}`;
    const rate = step.perSecond === undefined ? '' : `, ${said(step.perSecond)}/s`;
    const rest = step.complete ? 'done' : remaining((step.secondsLeft ?? Number.NaN) * 1000);
    const end = step.complete ? '\n' : '';
    stream.write(`\r\u001b[K${what} [${bar}] ${Math.floor(share * 100)} %, ${of}${rate}, ${rest}${end}`);
  };
}

/** A line of JSON a second while something moves, and one at the end of each phase: `{phase, done, total,
 *  bytesPerSecond, secondsLeft}`; `entriesPerSecond` where entries are counted. What is not known yet is null. */
export function progressLines(stream: Sink, now: Clock = clock): Progress {
  const paced = pacing(LINE_EVERY_MS, now);
  return (done, total, what, unit = 'bytes') => {
    const step = paced(done, total, what);
    if (step === undefined) return;
    const perSecond = step.perSecond === undefined ? null : Math.round(step.perSecond);
    const secondsLeft = step.secondsLeft === undefined ? null : Math.ceil(step.secondsLeft);
    const line = { phase: what.toLowerCase(), done, total, [`${unit}PerSecond`]: perSecond, secondsLeft };
    stream.write(`${JSON.stringify(line)}\n`);
  };
}

type Step = {
  readonly complete: boolean;
  readonly perSecond: number | undefined;
  readonly secondsLeft: number | undefined;
};

/** Tells which reports are worth showing, and the rate. What an interrupted upload brought over counts as done, not as
 *  speed; what is to be sent again after a cut is taken back. */
function pacing(everyMs: number, now: Clock): (done: number, total: number, what: string) => Step | undefined {
  let current = '';
  let shown = -Infinity;
  let ended = false;
  let seen: { readonly at: number; readonly done: number }[] = [];
  return (done, total, what) => {
    const at = now();
    if (what !== current) {
      current = what;
      shown = -Infinity;
      ended = false;
      seen = [];
    }
    const complete = done >= total;
    if (complete ? ended : at - shown < everyMs) return undefined;
    ended = complete;
    shown = at;
    seen.push({ at, done });
    while (seen.length > 2 && at - seen[0]!.at > WINDOW_MS) seen.shift();
    const [first] = seen;
    const gained = Math.max(0, done - first!.done);
    const perSecond = at > first!.at ? (gained * 1000) / (at - first!.at) : undefined;
    const left = perSecond ? (total - done) / perSecond : undefined;
    return { complete, perSecond, secondsLeft: complete ? 0 : left };
  };
}

/** A duration in ms as people say it. */
export function remaining(ms: number): string {
  if (!Number.isFinite(ms)) return 'time unknown';
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s left`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
}

/** A number of bytes as people say it. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]!}`;
}
