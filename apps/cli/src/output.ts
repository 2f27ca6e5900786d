/** What a command says: sentences for people, one JSON document for programs, progress on standard error. */

/** Where a command speaks. */
export type Output = {
  readonly json: boolean;
  /** A line for people; not shown with `--json`. */
  readonly say: (line: string) => void;
  /** A line that must be seen whatever is done with the output. */
  readonly warn: (line: string) => void;
  /** The result for programs; shown only with `--json`. */
  readonly result: (value: object) => void;
  /** One of many results for programs: a line of JSON, shown only with `--json`. */
  readonly line: (value: object) => void;
  readonly progress: Progress;
};

/** Reports how far a long act has come, in bytes unless it is told otherwise. */
export type Progress = (done: number, total: number, what: string, unit?: 'bytes' | 'entries') => void;

export type Streams = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
};

/** An output on these streams. */
export function outputTo(streams: Streams, json: boolean): Output {
  const { stdout, stderr } = streams;
  return {
    json,
    say: (line) => void (json || stdout.write(`${line}\n`)),
    warn: (line) => void stderr.write(`${line}\n`),
    result: (value) => void (json && stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)),
    line: (value) => void (json && stdout.write(`${JSON.stringify(value)}\n`)),
    progress: stderr.isTTY === true && !json ? progressBar(stderr) : () => undefined,
  };
}

const WIDTH = 30;
const EVERY_MS = 100;

/** A bar that draws over itself, with the time left at the average speed so far. */
export function progressBar(
  stream: { write(text: string): unknown },
  now: () => number = performance.now.bind(performance),
): Progress {
  let started = now();
  let shown = -Infinity;
  let current = '';
  return (done, total, what, unit = 'bytes') => {
    if (what !== current) {
      current = what;
      started = now();
      shown = -Infinity;
    }
    const complete = done >= total;
    if (!complete && now() - shown < EVERY_MS) return;
    shown = now();
    const share = total === 0 ? 1 : done / total;
    const bar = '#'.repeat(Math.round(WIDTH * share)).padEnd(WIDTH, '.');
    const left = share > 0 ? ((now() - started) / share) * (1 - share) : Number.NaN;
    const rest = complete ? 'done' : remaining(left);
    stream.write(
      `\r\u001b[K${what} [${bar}] ${Math.floor(share * 100)} % of ${unit === 'bytes' ? size(total) : `${total} ${unit}`}, ${rest}${complete ? '\n' : ''}`,
    );
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
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]!}`;
}
