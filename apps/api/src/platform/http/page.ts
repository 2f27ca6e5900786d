import { Id, QueryInteger } from './fields.js';

/** Keyset paging: `after` is the `next` of the page before. */
export class PageQuery {
  @Id({ optional: true, doc: 'The `next` of the page before.' })
  after?: string;

  @QueryInteger(1, 200, { doc: 'Rows a page, 50 unless told.' })
  limit?: number;
}

/** Rows of a page and where the next one begins; `rows` must hold one more than asked when there is more. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
): { items: readonly T[]; next?: string } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: last.id } : { items };
}
