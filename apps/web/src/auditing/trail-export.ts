/** What a filter of the trail finds, as files. Ids stand for people: whoever gets the file needs the platform to learn names. */
import type { Schemas } from '@segel/client';
import { csvOf } from '../tenders/search-formats.js';
import { trailAddress, type TrailFilter } from './trail-filter.js';

type Entry = Schemas['TrailView'];
export type Exported = { readonly entries: readonly Entry[]; readonly next: string | undefined };

const HEAD = [
  'id',
  'type',
  'at',
  'actor_id',
  'tender_id',
  'lot_id',
  'subject_id',
  'entry_sha256',
  'leaf_sha256',
  'commitment',
] as const;

const cells = (entry: Entry): readonly (string | undefined)[] => [
  entry.id,
  entry.type,
  entry.at,
  entry.actorId,
  entry.tenderId,
  entry.lotId,
  entry.subjectId,
  entry.entrySha256,
  entry.leafSha256,
  entry.commitment,
];

export const trailCsv = ({ entries }: Exported): string => csvOf([HEAD, ...entries.map(cells)]);

export function trailJson(filter: TrailFilter, { entries, next }: Exported): string {
  const rows = entries.map((entry) => {
    const values = cells(entry);
    return Object.fromEntries(HEAD.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]]])));
  });
  return `${JSON.stringify({ entries: rows, ...(next === undefined ? {} : { next: nextOf('json', filter, next) }) })}\n`;
}

/** Where the export goes on. */
export const nextOf = (form: 'csv' | 'json', filter: TrailFilter, after: string): string =>
  trailAddress(`/kerja/audit.${form}`, { ...filter, after });
