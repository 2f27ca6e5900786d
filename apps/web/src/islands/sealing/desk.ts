/** What every act in the worker has at hand. */
import type { HttpApi, Pace, Progress } from '@segel/acts';
import type { Phase, SealingEvent, Warning } from './messages.js';
import type { BrowserPrimitives } from './primitives.js';
import type { Shelf } from './shelf.js';

export type Desk = {
  readonly api: HttpApi;
  readonly shelf: Shelf;
  readonly primitives: BrowserPrimitives;
  readonly pace: Pace;
  readonly tell: Teller;
};

/** How the page hears of an act under way. */
export type Teller = {
  readonly progress: (phase: Phase, done: number, total: number) => void;
  readonly warning: (warning: Warning) => void;
};

/** The page draws no faster than that, and people read no faster. */
const EVERY_MS = 200;

/** Tells the page, at most five times a second but always of a phase's begin and end. */
export function teller(say: (event: SealingEvent) => void, now: () => number): Teller {
  let current: Phase | undefined;
  let told = 0;
  return {
    progress(phase, done, total) {
      const at = now();
      if (phase === current && done < total && at - told < EVERY_MS) return;
      current = phase;
      told = at;
      say({ phase, done, total });
    },
    warning: (warning) => say({ warning }),
  };
}

/** A phase as libs/acts report it. */
export const progressOf =
  ({ progress }: Teller, phase: Phase): Progress =>
  (done, total) =>
    progress(phase, done, total);
