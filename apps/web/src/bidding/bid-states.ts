/** How the state of a bid is shown: its words come from the catalogue, its tone from here. */
import type { Visitor } from '../http/visitor.js';
import type { Tone } from '../look/parts.js';
import type { Key } from '../words/words.js';
import type { OwnBid } from './bid-facts.js';

const TONES: Readonly<Record<OwnBid['state'], Tone>> = {
  submitted: 'seal',
  reconfirmed: 'seal',
  invalidated: 'bad',
  replaced: 'plain',
  withdrawn: 'plain',
  awaiting_ciphertext: 'warn',
  void: 'bad',
  in_box: 'seal',
  not_in_box: 'bad',
  opened: 'ok',
  rejected: 'bad',
};

export const bidTone = (state: OwnBid['state']): Tone => TONES[state];
export const bidWords = ({ t }: Pick<Visitor, 't'>, state: OwnBid['state']): string =>
  t(`bid.is.${state}` satisfies Key);
export const bidMeaning = ({ t }: Pick<Visitor, 't'>, state: OwnBid['state']): string =>
  t(`bid.means.${state}` satisfies Key);
