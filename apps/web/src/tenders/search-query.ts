/** What a search address says: it can be kept, sent and bookmarked, and says the same in both languages. */
import type { Input, Schemas } from '@segel/client';
import { decimal, isRegion, type Region } from '@segel/procurement';

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
  readonly region?: Region | undefined;
  /** Id of the rule pack. */
  readonly method?: string | undefined;
  /** Whole rupiah, digits only. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  readonly order?: (typeof ORDERS)[number] | undefined;
  readonly after?: string | undefined;
};

/** A filter that cannot be read: nothing is searched until it can, lest people believe what is found. */
export type WrongFilter = {
  readonly name: 'wilayah' | 'metode' | 'min' | 'max';
  readonly why: 'region' | 'method' | 'amount' | 'range';
  readonly typed: string;
};

export type Asked = { readonly query: SearchQuery; readonly wrong: readonly WrongFilter[] };

type Given = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => {
  if (typeof value === 'string') return value.trim().slice(0, 200);
  // Said twice, as by a link of somebody else: no filter says two things.
  return value === undefined ? '' : '?';
};
const oneOf = <T extends string>(words: readonly T[], value: unknown): T | undefined =>
  words.find((word) => word === value);

/** Reads an address. Words that are not understood are left out, so that an old bookmark still finds something; of places,
 *  methods and amounts the person is told. */
export function readQuery(given: Given): Asked {
  const after = text(given['hal']);
  const typed = { wilayah: text(given['wilayah']), metode: text(given['metode']) };
  const [min, max] = [amountOf(text(given['min'])), amountOf(text(given['max']))];
  const known = { region: isRegion(typed.wilayah), method: /^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(typed.metode) };
  const query = {
    q: typeof given['q'] === 'string' ? text(given['q']) : '',
    status: oneOf(STATUSES, given['status']),
    category: oneOf(CATEGORIES, given['jenis']),
    region: isRegion(typed.wilayah) ? typed.wilayah : undefined,
    method: known.method ? typed.metode : undefined,
    min: min ?? undefined,
    max: max ?? undefined,
    order: oneOf(ORDERS, given['urut']),
    after: /^\d+~[-.\d]+~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(after) ? after : undefined,
  };
  const wrong: (WrongFilter | false)[] = [
    typed.wilayah !== '' && !known.region && { name: 'wilayah', why: 'region', typed: typed.wilayah },
    typed.metode !== '' && !known.method && { name: 'metode', why: 'method', typed: typed.metode },
    min === null && { name: 'min', why: 'amount', typed: text(given['min']) },
    max === null && { name: 'max', why: 'amount', typed: text(given['max']) },
    above(query) && { name: 'min', why: 'range', typed: text(given['min']) },
  ];
  return { query, wrong: wrong.filter((one) => one !== false) };
}

/** `1.250.000`, `1,250,000` and `1250000` are one amount in both languages; null for what is none. */
function amountOf(typed: string): string | null | undefined {
  const plain = typed.replace(/^Rp\.?\s*/i, '').replace(/\s/g, '');
  if (plain === '') return typed === '' ? undefined : null;
  const digits = /^\d{1,3}([.,])\d{3}(\1\d{3})*$/.test(plain) ? plain.replace(/[.,]/g, '') : plain;
  return /^\d{1,18}$/.test(digits) ? digits.replace(/^0+(?=\d)/, '') : null;
}

const above = ({ min, max }: SearchQuery): boolean =>
  min !== undefined && max !== undefined && decimal(min).gt(decimal(max));

/** The address of a search, without empty members. */
export function addressOf(
  base: string,
  { q, status, category, region, method, min, max, order, after }: SearchQuery,
): string {
  const members = { q, status, jenis: category, wilayah: region, metode: method, min, max, urut: order, hal: after };
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== '') as [
    string,
    string,
  ][];
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given).toString()}`;
}

/** The same search as the API is asked. */
export function askedOf(query: SearchQuery): NonNullable<Input<'/api/tenders', 'get'>['query']> {
  const { q, status, category, region, method, min, max, order, after } = query;
  return {
    ...(q === '' ? {} : { q }),
    ...(status === undefined ? {} : { state: GROUPS[status] }),
    ...(category === undefined ? {} : { category }),
    ...(region === undefined ? {} : { region }),
    ...(method === undefined ? {} : { rulePackId: method }),
    ...(min === undefined ? {} : { amountFrom: min }),
    ...(max === undefined ? {} : { amountTo: max }),
    ...(order === undefined ? {} : { sort: order }),
    ...(after === undefined ? {} : { after }),
  };
}

export type Hidden = Schemas['FoundWithoutView'];

/** The search without the filter that hides something. */
export function withoutFilter(query: SearchQuery, filter: Hidden['filter']): SearchQuery {
  const dropped: Readonly<Record<Hidden['filter'], Partial<SearchQuery>>> = {
    q: { q: '', ...(query.order === 'relevance' ? { order: undefined } : {}) },
    state: { status: undefined },
    category: { category: undefined },
    region: { region: undefined },
    rulePackId: { method: undefined },
    amount: { min: undefined, max: undefined },
  };
  return { ...query, ...dropped[filter], after: undefined };
}
