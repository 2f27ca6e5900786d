/** How a tender's state is shown: its words come from the catalogue, its tone from here. */
import type { TenderState } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
import type { Tone } from '../look/parts.js';
import type { Key } from '../words/words.js';

const TONES: Readonly<Record<TenderState, Tone>> = {
  draft: 'plain',
  in_approval: 'plain',
  tendering: 'ok',
  closing: 'seal',
  closed: 'seal',
  opened: 'info',
  evaluating: 'info',
  intended_award: 'warn',
  standstill: 'warn',
  awarded: 'ok',
  cancelled: 'bad',
  failed: 'bad',
};

const known = (state: string): state is TenderState => Object.hasOwn(TONES, state);

export const toneOf = (state: string): Tone => (known(state) ? TONES[state] : 'plain');
export const nameOf = ({ t }: Pick<Visitor, 't'>, state: string): string =>
  known(state) ? t(`state.${state}` satisfies Key) : state;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Left = { readonly words: string; readonly urgent: boolean };

/** How long it is until an instant, in one unit; undefined when it is over. */
export function leftUntil({ t, now }: Pick<Visitor, 't' | 'now'>, instant: string): Left | undefined {
  const ms = new Date(instant).getTime() - now.getTime();
  if (ms <= 0) return undefined;
  if (ms >= 2 * DAY) return { words: t('left.days', { n: Math.floor(ms / DAY) }), urgent: false };
  if (ms >= 2 * HOUR) return { words: t('left.hours', { n: Math.floor(ms / HOUR) }), urgent: ms < DAY };
  return { words: t('left.minutes', { n: Math.ceil(ms / MINUTE) }), urgent: true };
}
