/** What is answered of a search. */
import { Flag, Integer, Nested, Pattern, Word } from '../platform/http/fields.js';
import { CURSOR } from './search-cursor.js';
import { TenderSummaryView } from './tenders.views.js';

/** The parts of a search that can be dropped from it. */
export const SEARCH_FILTERS = ['q', 'state', 'category', 'region', 'rulePackId', 'amount'] as const;

export class FoundWithoutView {
  @Word(SEARCH_FILTERS, { doc: '`amount` is both its ends.' })
  filter: (typeof SEARCH_FILTERS)[number];

  @Integer(1, Number.MAX_SAFE_INTEGER)
  total: number;
}

export class TenderPageView {
  @Nested(() => TenderSummaryView, { list: 200 })
  items: TenderSummaryView[];

  @Pattern(CURSOR, 'the `next` of a page', { optional: true })
  next?: string;

  @Integer(0, Number.MAX_SAFE_INTEGER, { optional: true, doc: 'How many there are on all pages.' })
  total?: number;

  @Flag({ optional: true, doc: 'No tender holds these words; these are nearly spelled so.' })
  approximate?: boolean;

  @Nested(() => FoundWithoutView, {
    list: 6,
    optional: true,
    doc: 'Of a search that finds nothing: what each filter hides.',
  })
  without?: FoundWithoutView[];
}
