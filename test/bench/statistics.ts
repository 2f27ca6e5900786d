/** The arithmetic of the benchmarks, and nothing else: test/bench/statistics.spec.ts checks it. */

/** The value below or at which a share `p` (0…1) of the values lies, by linear interpolation between the two nearest.
 *  Throws on no values. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error('no values were measured');
  if (!(p >= 0 && p <= 1)) throw new Error(`${p} is not a share between 0 and 1`);
  const sorted = values.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

/** The middle value; of an even number, half-way between the two middle ones. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Median of the quotients of the repeats: each value by the baseline of the same round, so that a neighbour who made
 *  the machine slow for one round changes both. Throws when they are not pairs. */
export function medianRatio(values: readonly number[], baseline: readonly number[]): number {
  if (values.length !== baseline.length)
    throw new Error(`${values.length} values and ${baseline.length} of the baseline`);
  return median(values.map((value, i) => value / baseline[i]!));
}

/** A target: the figure must not be under, or not be over. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** True when the figure is on the good side of its target, or on it. */
export const meets = (figure: number, target: Target): boolean =>
  'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost;
