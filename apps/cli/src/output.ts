/** What a command says: sentences for people, one JSON document for programs, progress on standard error. */
import type { Progress } from '@segel/acts';
import { progressBar, progressLines } from './progress.js';
import { UsageError } from './problem.js';

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

export type Streams = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
};

/** An output on these streams. `progress` is the value of `--progress`. @throws UsageError when there is no such way */
export function outputTo(streams: Streams, json: boolean, progress?: string): Output {
  const { stdout, stderr } = streams;
  return {
    json,
    say: (line) => void (json || stdout.write(`${line}\n`)),
    warn: (line) => void stderr.write(`${line}\n`),
    result: (value) => void (json && stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)),
    line: (value) => void (json && stdout.write(`${JSON.stringify(value)}\n`)),
    progress: progressTo(stderr, progress ?? (stderr.isTTY === true && !json ? 'bar' : 'none')),
  };
}

function progressTo(stderr: Streams['stderr'], way: string): Progress {
  if (way === 'json') return progressLines(stderr);
  if (way === 'bar') return progressBar(stderr);
  if (way === 'none') return () => undefined;
  throw new UsageError('--progress is json, bar or none');
}
