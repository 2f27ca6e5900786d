/** What a monitor remembers between two looks: how far it read, what it knows of each tender, what it told already. */
import { check } from '@segel/acts';
import { writePrivately } from '../home.js';
import { readIfThere } from '../log-source.js';

/** One box of a tender: a lot and an envelope. */
export type BoxName = { readonly lot: string; readonly envelope: string };

/** What the notices say, and what became of it. */
export type WatchedTender = {
  title: string;
  deadline: string;
  toleranceS: number;
  boxes: readonly BoxName[];
  /** Closed boxes, as `lot envelope`, with their cuts. */
  readonly closed: Record<string, number>;
  /** Cancelled or failed lots; all of them when the tender is. */
  readonly ended: string[];
};

export type MonitorState = {
  readonly v: 1;
  readonly origin: string;
  /** Leaves read, and the root (base64) of their tree. */
  size: number;
  root: string;
  /** Tenders that were told up to there. */
  readonly watched: string[];
  readonly tenders: Record<string, WatchedTender>;
  /** Warnings and news that are told once. */
  readonly told: string[];
};

export const boxName = ({ lot, envelope }: BoxName): string => `${lot} ${envelope}`;

/** The state in a file, or a fresh one. Throws `other_log` when the file is of another log. */
export async function readState(file: string, origin: string): Promise<MonitorState> {
  const text = (await readIfThere(file))?.toString('utf8');
  if (text === undefined) return { v: 1, origin, size: 0, root: '', watched: [], tenders: {}, told: [] };
  const state = JSON.parse(text) as MonitorState;
  check(state.v === 1 && state.origin === origin, 'other_log', `The state in ${file} is of another log.`);
  return state;
}

export async function writeState(file: string, state: MonitorState): Promise<void> {
  await writePrivately(file, `${JSON.stringify(state, undefined, 2)}\n`);
}
