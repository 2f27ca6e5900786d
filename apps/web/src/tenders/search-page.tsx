import { address, type Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Pager } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Note } from '../look/parts.js';
import { SearchForm, WrongFilters, type Methods } from './search-parts.js';
import { addressOf, askedOf, withoutFilter, type Asked, type Hidden, type SearchQuery } from './search-query.js';
import { TenderList } from './tender-list.js';

export type Found = Schemas['TenderPageView'];

/** @param found undefined when a filter could not be read */
export function searchPage(visitor: Visitor, asked: Asked, methods: Methods, found: Found | undefined): Page {
  const { t, href } = visitor;
  const { query, wrong } = asked;
  const title = query.q === '' ? t('search.title') : `${query.q} · ${t('search.title')}`;
  return new Page(
    title,
    <>
      <h1>{t('search.title')}</h1>
      {wrong.length > 0 && <WrongFilters visitor={visitor} wrong={wrong} />}
      <div className="cols filter">
        <SearchForm visitor={visitor} asked={asked} methods={methods} />
        {found !== undefined && <Results visitor={visitor} query={query} found={found} />}
      </div>
    </>,
    { at: '/tender', feed: addressOf(href('/tender.atom'), { ...query, after: undefined }) },
  );
}

type Shown = { readonly visitor: Visitor; readonly query: SearchQuery; readonly found: Found };

function Results({ visitor, query, found }: Shown): ReactNode {
  const { t, href } = visitor;
  return (
    <section aria-labelledby="found">
      <h2 id="found">{t('search.count', { n: found.total ?? found.items.length })}</h2>
      {found.approximate === true && found.items.length > 0 && (
        <Note tone="info">
          <p>{t('search.near', { q: query.q })}</p>
        </Note>
      )}
      {(query.min ?? query.max) !== undefined && <p className="quiet">{t('search.amount.note')}</p>}
      {found.items.length === 0 ? (
        <Nothing visitor={visitor} query={query} found={found} />
      ) : (
        <div className="card">
          <TenderList visitor={visitor} tenders={found.items} />
        </div>
      )}
      <Pager
        visitor={visitor}
        next={found.next && addressOf(href('/tender'), { ...query, after: found.next })}
        first={query.after && addressOf(href('/tender'), { ...query, after: undefined })}
      />
      <Formats visitor={visitor} query={query} />
    </section>
  );
}

/** Which filter to drop, and how much is found then. */
function Nothing({ visitor: { t, href }, query, found: { without = [] } }: Shown): ReactNode {
  const name = ({ filter, total }: Hidden): string => t(`search.without.${filter}`, { n: total });
  return (
    <Note tone="plain" title={t('search.empty')}>
      {without.length === 0 ? (
        <p>{t('search.empty.how')}</p>
      ) : (
        <ul>
          {without.map((hidden) => (
            <li key={hidden.filter}>
              <a href={addressOf(href('/tender'), withoutFilter(query, hidden.filter))}>{name(hidden)}</a>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={href('/tender')}>{t('home.all')}</a>
      </p>
    </Note>
  );
}

function Formats({
  visitor: { t, href },
  query,
}: {
  readonly visitor: Visitor;
  readonly query: SearchQuery;
}): ReactNode {
  const whole = { ...query, after: undefined };
  const json = address('/api/tenders', {}, askedOf(whole));
  return (
    <p className="row quiet">
      {t('search.as')}
      <a href={addressOf(href('/tender.csv'), whole)}>CSV</a>
      <a href={addressOf(href('/tender.xlsx'), whole)}>XLSX</a>
      <a href={json}>JSON</a>
      <a href={addressOf(href('/tender.atom'), whole)}>{t('search.follow')}</a>
    </p>
  );
}
