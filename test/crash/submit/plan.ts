/** What a campaign does while bids are sent: kill -9 of every part at any moment, and every failpoint on the way. */
import { FAILPOINTS } from '../../../apps/api/src/platform/failpoint.js';
import { Seeded } from '../seeded.js';

/** `machine` is server, database and object store at once. */
export const KILLS = ['kill client', 'kill api', 'kill postgresql', 'kill store', 'kill machine'] as const;

/** What a submission passes in the server. */
export const SUBMIT_FAILPOINTS = FAILPOINTS.filter((name) => /^(journal|object|bid|upload)\./.test(name));

/** One submission: a failpoint that is reached for the `times`th time, or a kill after this share of the time that an
 *  undisturbed submission takes. */
export type SubmitRun = {
  readonly name: string;
  readonly times: number;
  readonly share: number;
  readonly payloadBytes: number;
};

export type SubmitPlan = {
  readonly runs: number;
  readonly seed: number;
  readonly only?: RegExp;
  /** Whether the object store is a process that can be killed. */
  readonly store: boolean;
};

/** From one part to four. */
const PAYLOAD = { from: 1_000_000, to: 30_000_000 } as const;
/** Storing an object is passed once a part and once for the manifest; everything else once or twice a bid. */
const passes = (name: string): number => (/^(object|upload|bid\.part)/.test(name) ? 2 : 1);

/** The runs of a campaign, everything about equally often, in an order the seed decides. */
export function planSubmissions({ runs, seed, only = /./, store }: SubmitPlan): readonly SubmitRun[] {
  const dice = new Seeded(seed);
  const names = [...KILLS, ...SUBMIT_FAILPOINTS].filter((name) => only.test(name) && (store || name !== 'kill store'));
  const drawn = Array.from({ length: names.length === 0 ? 0 : runs }, (_, i) => names[i % names.length]!);
  return dice.shuffled(drawn).map((name) => ({
    name,
    times: dice.between(1, passes(name)),
    share: dice.fraction(),
    payloadBytes: dice.between(PAYLOAD.from, PAYLOAD.to),
  }));
}
