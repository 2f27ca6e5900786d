import { address, type Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Note } from '../look/parts.js';
import { SearchForm } from './search-parts.js';
import { addressOf, askedOf, type SearchQuery } from './search-query.js';
import { TenderList } from './tender-list.js';

export type Found = Schemas['TenderPageView'];

export function searchPage(visitor: Visitor, query: SearchQuery, found: Found): Page {
  const { t, href } = visitor;
  const title = query.q === '' ? t('search.title') : `${query.q} · ${t('search.title')}`;
  return new Page(
    title,
    <>
      <h1>{t('search.title')}</h1>
      <div className="cols filter">
        <SearchForm visitor={visitor} query={query} />
        <section aria-labelledby="found">
          <h2 id="found">{t('search.count', { n: found.total ?? found.items.length })}</h2>
          {found.approximate === true && found.items.length > 0 && (
            <Note tone="info">
              <p>{t('search.near', { q: query.q })}</p>
            </Note>
          )}
          {found.items.length === 0 ? (
            <Note tone="plain" title={t('search.empty')}>
              <p>{t('search.empty.how')}</p>
              <p>
                <a href={href('/tender')}>{t('home.all')}</a>
              </p>
            </Note>
          ) : (
            <div className="card">
              <TenderList visitor={visitor} tenders={found.items} />
            </div>
          )}
          <Pager visitor={visitor} query={query} next={found.next} />
          <Formats visitor={visitor} query={query} />
        </section>
      </div>
    </>,
    { at: '/tender', feed: addressOf(href('/tender.atom'), { ...query, after: undefined }) },
  );
}

function Pager({
  visitor: { t, href },
  query,
  next,
}: {
  readonly visitor: Visitor;
  readonly query: SearchQuery;
  readonly next: string | undefined;
}): ReactNode {
  if (next === undefined && query.after === undefined) return null;
  return (
    <p className="row">
      {next !== undefined && (
        <a className="button" rel="next" href={addressOf(href('/tender'), { ...query, after: next })}>
          {t('search.next')}
        </a>
      )}
      {query.after !== undefined && (
        <a href={addressOf(href('/tender'), { ...query, after: undefined })}>{t('search.first')}</a>
      )}
    </p>
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
      <a href={json}>JSON</a>
      <a href={addressOf(href('/tender.atom'), whole)}>{t('search.follow')}</a>
    </p>
  );
}
