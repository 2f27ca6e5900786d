/** What the address of the trail says: ids and days, never a name or an e-mail address. */
import type { Input } from '@segel/client';
import { ENTRY_TYPES } from '@segel/evidence';

/** Attempts that came to nothing. */
const DENIED = ['access.denied', 'refusal.recorded', 'bid.refused'] as const;
export const DENIED_ATTEMPTS = 'ditolak';
/** Days begin and end as in Jakarta, whose clock is never changed. */
export const ZONE = 'Asia/Jakarta';
const OFFSET = '+07:00';
const DAY_MS = 86_400_000;

export type TrailFilter = {
  readonly tenderId: string;
  /** An entry type, or `ditolak`. */
  readonly type: string;
  readonly actorId: string;
  readonly vendorId: string;
  /** First and last day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly until: string;
  readonly after: string;
};

/** The field that cannot be read. */
export type WrongTrail = 'tender' | 'jenis' | 'pelaku' | 'dari' | 'sampai' | 'hal';

type Given = Readonly<Record<string, unknown>>;
const plain = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 100) : '');

export const readFilter = (given: Given): TrailFilter => ({
  tenderId: plain(given['tender']),
  type: plain(given['jenis']),
  actorId: plain(given['pelaku']),
  vendorId: plain(given['perusahaan']),
  from: plain(given['dari']),
  until: plain(given['sampai']),
  after: plain(given['hal']),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isId = (text: string): boolean => text === '' || UUID.test(text);

/** What a person mistyped; undefined when all of it can be asked. */
export function wrongIn({
  tenderId,
  type,
  actorId,
  vendorId,
  from,
  until,
  after,
}: TrailFilter): WrongTrail | undefined {
  if (!isId(tenderId)) return 'tender';
  if (type !== '' && type !== DENIED_ATTEMPTS && !Object.hasOwn(ENTRY_TYPES, type)) return 'jenis';
  if (!/^[a-z0-9_-]{0,60}$/.test(actorId) || !isId(vendorId)) return 'pelaku';
  if (from !== '' && startOf(from) === undefined) return 'dari';
  if (until !== '' && startOf(until) === undefined) return 'sampai';
  if (from !== '' && until !== '' && from > until) return 'sampai';
  return isId(after) ? undefined : 'hal';
}

/** The instant at which a day begins; undefined when there is no such day. */
function startOf(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const real = new Date(day).toISOString().startsWith(day);
  return real ? Date.parse(`${day}T00:00:00.000${OFFSET}`) : undefined;
}

/** The same filter as the API is asked. */
export function askedOf(filter: TrailFilter): NonNullable<Input<'/api/audit/trail', 'get'>['query']> {
  const { tenderId, type, actorId, vendorId, from, until, after } = filter;
  const [since, last] = [startOf(from), startOf(until)];
  return {
    ...(tenderId === '' ? {} : { tenderId }),
    ...(type === '' ? {} : { type: type === DENIED_ATTEMPTS ? DENIED.join() : type }),
    ...(actorId === '' ? {} : { actorId }),
    ...(vendorId === '' ? {} : { vendorId }),
    ...(since === undefined ? {} : { from: new Date(since).toISOString() }),
    ...(last === undefined ? {} : { until: new Date(last + DAY_MS).toISOString() }),
    ...(after === '' ? {} : { after }),
  };
}

/** The address of a filter at a page of ours, without empty members. */
export function trailAddress(base: string, filter: Partial<TrailFilter>): string {
  const members = {
    tender: filter.tenderId,
    jenis: filter.type,
    pelaku: filter.actorId,
    perusahaan: filter.vendorId,
    dari: filter.from,
    sampai: filter.until,
    hal: filter.after,
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== '') as [
    string,
    string,
  ][];
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given).toString()}`;
}
