/** What a search address says: it can be kept, sent and bookmarked. */
import type { Input } from '@segel/client';

const GROUPS = {
  open: 'tendering',
  closed: 'closing,closed,opened,evaluating',
  award: 'intended_award,standstill,awarded',
  over: 'cancelled,failed',
} as const;

export const STATUSES = Object.keys(GROUPS) as readonly (keyof typeof GROUPS)[];
export const CATEGORIES = ['goods', 'works', 'services'] as const;
export const ORDERS = ['newest', 'deadline', 'relevance'] as const;

export type SearchQuery = {
  readonly q: string;
  readonly status?: keyof typeof GROUPS | undefined;
  readonly category?: (typeof CATEGORIES)[number] | undefined;
  readonly order?: (typeof ORDERS)[number] | undefined;
  readonly after?: string | undefined;
};

type Given = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 200) : '');
const oneOf = <T extends string>(words: readonly T[], value: unknown): T | undefined =>
  words.find((word) => word === value);

/** Reads an address; what is not understood is left out, so that an old bookmark still finds something. */
export function readQuery(given: Given): SearchQuery {
  const after = text(given['hal']);
  return {
    q: text(given['q']),
    status: oneOf(STATUSES, given['status']),
    category: oneOf(CATEGORIES, given['jenis']),
    order: oneOf(ORDERS, given['urut']),
    after: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after) ? after : undefined,
  };
}

/** The address of a search, without empty members. */
export function addressOf(base: string, { q, status, category, order, after }: SearchQuery): string {
  const members = { q, status, jenis: category, urut: order, hal: after };
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== '') as [
    string,
    string,
  ][];
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given).toString()}`;
}

/** The same search as the API is asked. */
export function askedOf({
  q,
  status,
  category,
  order,
  after,
}: SearchQuery): NonNullable<Input<'/api/tenders', 'get'>['query']> {
  return {
    ...(q === '' ? {} : { q }),
    ...(status === undefined ? {} : { state: GROUPS[status] }),
    ...(category === undefined ? {} : { category }),
    ...(order === undefined ? {} : { sort: order }),
    ...(after === undefined ? {} : { after }),
  };
}
