import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Choice } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { addressOf, CATEGORIES, ORDERS, STATUSES, type SearchQuery } from './search-query.js';

/** Keyword and button: works from every page, without anything else. */
export const SearchBox = ({
  visitor: { t, href },
  q = '',
}: {
  readonly visitor: Visitor;
  readonly q?: string;
}): ReactNode => (
  <form role="search" action={href('/tender')}>
    <label htmlFor="q">{t('search.label')}</label>
    <div className="seek">
      <input id="q" name="q" type="search" defaultValue={q} placeholder={t('search.hint')} maxLength={200} />
      <button className="button">{t('search.go')}</button>
    </div>
  </form>
);

/** Everything a search can say. On a phone all but the keyword is folded away. */
export function SearchForm({
  visitor: { t, href },
  query,
}: {
  readonly visitor: Visitor;
  readonly query: SearchQuery;
}): ReactNode {
  const any = ['', t('search.any')] as const;
  const used = [query.status, query.category, query.order].filter((one) => one !== undefined).length;
  return (
    <form role="search" className="card" action={href('/tender')}>
      <div className="field">
        <label htmlFor="q">{t('search.label')}</label>
        <input id="q" name="q" type="search" defaultValue={query.q} placeholder={t('search.hint')} maxLength={200} />
      </div>
      <button className="button">{t('search.go')}</button>
      <details className="filters fold">
        <summary>
          {t('search.filters')}
          {used > 0 && ` (${used})`}
        </summary>
        <Choice
          name="status"
          label={t('search.status')}
          value={query.status}
          options={[any, ...STATUSES.map((one) => [one, t(`status.${one}` satisfies Key)] as const)]}
        />
        <Choice
          name="jenis"
          label={t('search.category')}
          value={query.category}
          options={[any, ...CATEGORIES.map((one) => [one, t(`category.${one}` satisfies Key)] as const)]}
        />
        <Choice
          name="urut"
          label={t('search.order')}
          value={query.order ?? (query.q === '' ? 'newest' : 'relevance')}
          options={ORDERS.filter((one) => one !== 'relevance' || query.q !== '').map(
            (one) => [one, t(`order.${one}` satisfies Key)] as const,
          )}
        />
        <button className="button">{t('search.apply')}</button>
      </details>
      {used > 0 && (
        <p className="after">
          <a href={addressOf(href('/tender'), { q: query.q })}>{t('search.clear')}</a>
        </p>
      )}
    </form>
  );
}
