/** What became of a bid at the opening, in words. */
import type { Key, Translate } from '../words/words.js';

const OUTCOMES = [
  'opened',
  'invalid_dealing',
  'context_mismatch',
  'undecryptable',
  'openers_failed',
  'ciphertext_missing',
  'offer_malformed',
] as const;

export function outcomeName(t: Translate, outcome: string): string {
  const known = OUTCOMES.find((one) => one === outcome);
  return known === undefined ? outcome : t(`outcome.${known}` satisfies Key);
}
