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
export type Run = {
  readonly scale: Scale;
  readonly folder: string;
  readonly say: (line: string) => void;
};
