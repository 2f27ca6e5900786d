/** The public's search over published tenders: words in Indonesian and English, then what is nearly spelled so. */
import { decimal, demand, type Region } from '@segel/procurement';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Slots } from '../platform/slots.js';
import { cursorOf, readCursor, type SearchCursor } from './search-cursor.js';
import type { TenderListQuery } from './tenders.dto.js';
import type { TenderSummary } from './tenders.service.js';
import type { SEARCH_FILTERS } from './search.views.js';

export type FoundTender = TenderSummary & {
  readonly category: string;
  readonly region?: Region;
  readonly rulePackId: string;
  readonly rulePackTitle: string;
  readonly estimate?: { readonly amount: string; readonly currency: string };
  readonly lots: number;
};

export type FoundTenders = {
  readonly items: readonly FoundTender[];
  readonly next?: string;
  readonly total: number;
  readonly approximate: boolean;
  /** When nothing was found: how many there would be without one of the filters. */
  readonly without?: readonly { readonly filter: SearchFilter; readonly total: number }[];
};

type SearchFilter = (typeof SEARCH_FILTERS)[number];
type Filters = Partial<Omit<TenderListQuery, 'limit' | 'after' | 'sort'>>;
type Asked = Filters &
  Pick<TenderListQuery, 'sort'> & { readonly limit: number; readonly after?: SearchCursor | undefined };

/** Tenders in order of `key`, then of `id`: those of the last row of a page say where the next begins. */
const KEYS = {
  newest: '-extract(epoch FROM t.published_at)',
  /** What can still be bid for comes first, the nearest deadline before the others; then what closed last. */
  deadline: `CASE WHEN t.deadline_at >= $12 THEN extract(epoch FROM t.deadline_at)
                  ELSE 1e12 - extract(epoch FROM t.deadline_at) END`,
  relevance: '-ts_rank_cd(tender_words(v.content), search_words($1))',
} as const;

/** By the index alone: a search that only excludes words would read every tender, and finds none. */
const EXACT = `($1::text IS NULL OR t.ocid = $1 OR v.id IN (
  SELECT w.id FROM tender_version w
  WHERE tender_words(w.content) @@ search_words($1) AND querytree(search_words($1)) NOT IN ('', 'T')))`;
/** Amounts are compared within one currency only. */
const CURRENCY = 'IDR';
const NEAR = 't.id IN (SELECT similar_tenders($1))';

type Row = FoundTender & { readonly total: number; readonly row: string | null; readonly key: string };

/** Searches under way at a time, and how many may wait: they share the database's connections with bids and sign-ins. */
const AT_ONCE = 2;
const WAITING = 100;

@Injectable()
export class TenderSearch {
  private readonly turns = new Slots(AT_ONCE);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A page of what was asked for, in its turn. When no tender holds the words, those that nearly do, and `approximate` says so. */
  async find(query: TenderListQuery): Promise<FoundTenders> {
    if (this.turns.queued >= WAITING) throw new ServiceUnavailableException('Too many searches at a time.');
    await this.turns.take();
    try {
      return await this.search(query);
    } finally {
      this.turns.give();
    }
  }

  private async search({ limit = 50, ...query }: TenderListQuery): Promise<FoundTenders> {
    const { amountFrom, amountTo } = query;
    const ordered = amountFrom === undefined || amountTo === undefined || decimal(amountFrom).lte(decimal(amountTo));
    demand(ordered, 'request_malformed', 'The lowest amount is above the highest.', { field: 'amountFrom' });
    const after = query.after === undefined ? undefined : readCursor(query.after);
    const found = await this.matching({ ...query, after, limit });
    if (found.total > 0 || query.after !== undefined) return found;
    return { ...found, without: await this.without(query) };
  }

  /** What each filter hides, when together they leave nothing. */
  private async without(query: Filters): Promise<FoundTenders['without'] & object> {
    const { q, state, category, region, rulePackId } = query;
    const amount = query.amountFrom ?? query.amountTo;
    const used = Object.entries({ q, state, category, region, rulePackId, amount });
    const matches = q !== undefined && (await this.count({ q }, EXACT)) === 0 ? NEAR : EXACT;
    const found: { filter: SearchFilter; total: number }[] = [];
    for (const [name, one] of used as [SearchFilter, unknown][]) {
      if (one === undefined) continue;
      const dropped = name === 'amount' ? { amountFrom: undefined, amountTo: undefined } : { [name]: undefined };
      const left = { ...query, ...dropped };
      const total = await this.count(left, left.q === undefined ? EXACT : matches);
      if (total > 0) found.push({ filter: name, total });
    }
    return found;
  }

  private async matching(asked: Asked): Promise<FoundTenders> {
    const exact = await this.rows(asked, EXACT, asked.q);
    const words = wordsOf(asked.q ?? '');
    if (exact.total > 0 || words.length === 0) return { ...exact, approximate: false };
    return { ...(await this.rows(asked, NEAR, words)), approximate: true };
  }

  /** Only counted: what is found is neither ranked nor read. */
  private async count(asked: Filters, matches: string): Promise<number> {
    const words = matches === NEAR ? wordsOf(asked.q ?? '') : asked.q;
    const [row] = await this.database.query<{ total: number }>(
      `SELECT count(*)::int AS total ${FOUND} AND ${matches}`,
      filters(asked, words),
    );
    return row?.total ?? 0;
  }

  private async rows(
    asked: Asked,
    matches: string,
    q: string | readonly string[] | undefined,
  ): Promise<Omit<FoundTenders, 'approximate'>> {
    const sort = asked.sort ?? (typeof q === 'string' ? 'relevance' : 'newest');
    // Only words have a relevance; of near ones the newest is as good as any.
    const key = sort === 'relevance' && typeof q !== 'string' ? KEYS.newest : KEYS[sort];
    const asOf = asked.after?.asOf ?? this.clock.now();
    const place = [asked.after?.id ?? null, asked.limit + 1, asked.after?.key ?? null];
    const rows = await this.database.query<Row>(statement(key, matches), [
      ...filters(asked, q),
      ...place,
      ...(key === KEYS.deadline ? [asOf] : []),
    ]);
    const found = rows.filter(({ row }) => row !== null);
    const items = found.slice(0, asked.limit);
    const last = found.length > asked.limit ? items.at(-1) : undefined;
    const next = last && { next: cursorOf({ asOf, key: last.key, id: last.id }) };
    return { items: items.map(shown), ...next, total: rows[0]?.total ?? 0 };
  }
}

/** What a tender does not say has no member, rather than an empty one; the page's own columns are none of its. */
const shown = ({ total: _total, row: _row, key: _key, ...tender }: Row): FoundTender =>
  Object.fromEntries(Object.entries(tender).filter(([, value]) => value !== null)) as FoundTender;

/** Published tenders that pass every filter: {@link filters} are its parameters, with the words that `matches` asks for. */
const FOUND = `FROM tender t JOIN tender_version v ON v.tender_id = t.id AND v.version = t.version
     WHERE t.published_at IS NOT NULL
       AND ($2::text[] IS NULL OR t.state = ANY($2)) AND ($3::text IS NULL OR v.category = $3)
       AND ($4::text IS NULL OR v.region = $4) AND ($5::text IS NULL OR t.rule_pack_id = $5)
       AND ($6::numeric IS NULL OR v.estimate_amount >= $6) AND ($7::numeric IS NULL OR v.estimate_amount <= $7)
       AND (coalesce($6::numeric, $7) IS NULL OR v.estimate_currency = $8)`;

const filters = (asked: Filters, q: string | readonly string[] | undefined): readonly unknown[] => [
  q ?? null,
  asked.state?.split(',') ?? null,
  asked.category ?? null,
  asked.region ?? null,
  asked.rulePackId ?? null,
  asked.amountFrom ?? null,
  asked.amountTo ?? null,
  asked.currency ?? CURRENCY,
];

/** Tenders in the order of `key` among those for which `matches` holds, after the tender $9 of key $11, $10 of them. Over the columns that are generated from the terms, each
 *  with its index: of the documents only those on the page are read. */
const statement = (key: string, matches: string): string =>
  `WITH found AS MATERIALIZED (
     SELECT t.id, (${key})::numeric AS key ${FOUND} AND ${matches}),
   page AS (
     SELECT f.id, f.key FROM found f
     WHERE $9::uuid IS NULL OR (f.key, f.id) > ($11::numeric, $9)
     ORDER BY f.key, f.id LIMIT $10)
   SELECT t.id, t.ocid, t.title, t.state, o.name AS "buyerName", t.deadline_at AS "deadlineAt",
     t.published_at AS "publishedAt", v.category, v.region, t.rule_pack_id AS "rulePackId",
     t.rule_pack ->> 'title' AS "rulePackTitle", v.content -> 'estimate' AS estimate,
     t.rule_pack #>> '{calendar,timeZone}' AS "timeZone", jsonb_array_length(v.content -> 'lots') AS lots,
     c.total, p.id AS row, p.key::text AS key
   FROM (SELECT count(*) AS total FROM found) c LEFT JOIN page p ON true
     LEFT JOIN tender t ON t.id = p.id LEFT JOIN organisation o ON o.id = t.buyer_id
     LEFT JOIN tender_version v ON v.tender_id = t.id AND v.version = t.version
   ORDER BY p.key, p.id`;

/** Words of three letters and more, ten at most: shorter ones resemble everything. */
function wordsOf(asked: string): readonly string[] {
  return (asked.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).slice(0, 10);
}
