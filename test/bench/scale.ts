import type { Cluster } from './databases.js';
import type { Figure } from './report.js';

/** How much is measured: the whole (minutes), or a small version that only shows that everything runs. */
export type Scale = {
  readonly repeats: number;
  readonly writeMs: number;
  readonly clients: readonly number[];
  readonly rates: readonly number[];
  readonly latencyMs: number;
  readonly leaves: number;
  readonly proofs: number;
};

export const FULL: Scale = {
  repeats: 3,
  writeMs: 4_000,
  clients: [1, 16, 64],
  rates: [50, 200],
  latencyMs: 20_000,
  leaves: 1_000_000,
  proofs: 500,
};

export const QUICK: Scale = {
  repeats: 1,
  writeMs: 1_000,
  clients: [1, 16],
  rates: [50],
  latencyMs: 4_000,
  leaves: 20_000,
  proofs: 50,
};

/** What a section needs of the run. */
export type Run<S = Scale> = {
  readonly scale: S;
  readonly folder: string;
  readonly say: (line: string) => void;
};

/** What the command line asked for; `options` by name, without the dashes. */
export type Asked = { readonly quick: boolean; readonly options: Readonly<Record<string, string>> };

/** One benchmark of `npm run bench`: its own options, how much it measures, and its sections by name. */
export type Bench<S> = {
  readonly options: readonly string[];
  readonly scale: (asked: Asked) => S;
  readonly sections: Readonly<Record<string, (cluster: Cluster, run: Run<S>) => Promise<readonly Figure[]>>>;
};
