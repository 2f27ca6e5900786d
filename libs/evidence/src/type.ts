import type { Shape } from './schema.js';

/** When the public may read a blinded entry (its subject may at once, auditors on demand). `end`: when every lot of the
 *  tender was awarded, cancelled or has failed. */
export type Disclosure = 'at_once' | 'publication' | 'opening' | 'intended_award' | 'award' | 'end' | 'never';

/** One type of log entry (protocol section 4). */
export type EntryType = {
  /** Clear entries are readable in the log; of blinded ones it holds a commitment. */
  readonly form: 'clear' | 'blinded';
  readonly disclosure: Disclosure;
  /** One sentence for people, in English. */
  readonly sentence: string;
  readonly body: Shape;
  /** How many signatures the body must carry at least. */
  readonly signatures?: number;
};

/** A clear entry. */
export const clear = (sentence: string, body: Shape, signatures = 0): EntryType => ({
  form: 'clear',
  disclosure: 'at_once',
  sentence,
  body,
  signatures,
});

/** A blinded entry, readable by the public from its disclosure point on. */
export const blinded = (disclosure: Disclosure, sentence: string, body: Shape, signatures = 0): EntryType => ({
  form: 'blinded',
  disclosure,
  sentence,
  body,
  signatures,
});
