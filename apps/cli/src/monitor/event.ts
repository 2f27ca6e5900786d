/** What a monitor says. */
import type { LoggedEntry } from '@segel/acts';
import { ENTRY_TYPES } from '@segel/evidence';

export type MonitorEvent = {
  /** `entry`: something happened. `news`: about an own bid. `warning`: somebody should look. */
  readonly kind: 'entry' | 'news' | 'warning';
  /** The entry's type, or a stable code. */
  readonly code: string;
  readonly sentence: string;
  readonly tenderId?: string | undefined;
  readonly index?: number;
  readonly at?: string;
  readonly file?: string;
  /** Lot and envelope. */
  readonly box?: string;
};

/** An entry of a watched tender, in a sentence. */
export function entryEvent({ index, entry }: LoggedEntry): MonitorEvent {
  const { type, tenderId, at, body } = entry;
  const details = DETAILS.flatMap((name) => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? [`${name.replaceAll('_', ' ')} ${value}`] : [];
  });
  const sentence = [ENTRY_TYPES[type].sentence, ...(details.length === 0 ? [] : [`(${details.join(', ')})`])].join(' ');
  return { kind: 'entry', code: type, sentence, tenderId, index, at: at.toISOString() };
}

/** Members of bodies that people want to read, in this order. */
const DETAILS = [
  'title',
  'deadline',
  'reason',
  'reason_code',
  'lot_id',
  'envelope',
  'count',
  'cut_size',
  'group',
  'opened',
  'rejected',
  'vendor_id',
  'amount',
  'currency',
  'standstill_end',
  'outcome',
] as const;

/** An event as a line for people. */
export function eventLine({ kind, code, sentence, tenderId, index, at, file, box }: MonitorEvent): string {
  const entry = index === undefined ? undefined : `entry ${index}`;
  const place = [at, tenderId, box, entry, file].filter((one) => one !== undefined);
  return `${kind === 'warning' ? 'WARNING ' : ''}${place.join(' ')} ${code}: ${sentence}`;
}
