/** What pages ask of the worker that checks proofs. */
import type { verdicts } from '../../words/id/auditing.js';
import type { Locale, Translated } from '../../words/translate.js';
import type { GivenEntry } from './entry.js';
import type { Examination } from './steps.js';

/** The address of a log, without a slash at its end. */
type Log = { readonly log: string };

export type Acts = {
  /** What is said of an outcome. Once they are here, so is the program, and the line may be cut. */
  readonly words: { readonly given: Locale; readonly result: Translated<typeof verdicts> };
  /** Asks nothing of the network. */
  readonly receipt: {
    readonly given: { readonly text: string; readonly policy: string };
    readonly result: Examination;
  };
  readonly promise: {
    readonly given: Log & { readonly text: string; readonly policy: string };
    readonly result: Examination;
  };
  readonly entry: { readonly given: Log & GivenEntry; readonly result: Examination };
};
