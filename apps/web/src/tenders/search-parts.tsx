import type { Schemas } from '@segel/client';
import { REGIONS } from '@segel/procurement';
import type { ReactNode } from 'react';
import { shownDecimal } from '../drafting/numbers.js';
import type { Visitor } from '../http/visitor.js';
import { Choice } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { addressOf, CATEGORIES, ORDERS, STATUSES, type Asked, type WrongFilter } from './search-query.js';

export type Methods = readonly Pick<Schemas['RulePackView'], 'id' | 'title'>[];

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

type FormProps = { readonly visitor: Visitor; readonly asked: Asked; readonly methods: Methods };

/** Everything a search can say. On a phone all but the keyword is folded away, with how much of it is in use. */
export function SearchForm({ visitor, asked, methods }: FormProps): ReactNode {
  const { t, href } = visitor;
  const { query, wrong } = asked;
  const { status, category, region, method, order } = query;
  const amount = query.min ?? query.max;
  const used = [status, category, region, method, amount, order].filter((one) => one !== undefined).length;
  return (
    <form role="search" className="card" action={href('/tender')}>
      <div className="field">
        <label htmlFor="q">{t('search.label')}</label>
        <input id="q" name="q" type="search" defaultValue={query.q} placeholder={t('search.hint')} maxLength={200} />
      </div>
      <button className="button">{t('search.go')}</button>
      <details className="filters fold" open={wrong.length > 0}>
        <summary>
          {t('search.filters')}
          {used > 0 && ` (${used})`}
        </summary>
        <Filters visitor={visitor} asked={asked} methods={methods} />
        <button className="button">{t('search.apply')}</button>
      </details>
      {used + wrong.length > 0 && (
        <p className="after">
          <a href={addressOf(href('/tender'), { q: query.q })}>{t('search.clear')}</a>
        </p>
      )}
    </form>
  );
}

function Filters({ visitor, asked, methods }: FormProps): ReactNode {
  const { t } = visitor;
  const { query } = asked;
  const any = ['', t('search.any')] as const;
  // A method that is no longer offered has tenders still.
  const { method } = query;
  const named = method === undefined || methods.some(({ id }) => id === method) ? [] : [[method, method] as const];
  return (
    <>
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
        name="wilayah"
        label={t('search.region')}
        value={query.region}
        options={[any, ...Object.entries(REGIONS).toSorted(([, a], [, b]) => a.localeCompare(b))]}
      />
      <Choice
        name="metode"
        label={t('search.method')}
        value={query.method}
        options={[any, ...named, ...methods.map(({ id, title }) => [id, title] as const)]}
      />
      <Amount visitor={visitor} asked={asked} name="min" label={t('search.min')} />
      <Amount visitor={visitor} asked={asked} name="max" label={t('search.max')} />
      <Choice
        name="urut"
        label={t('search.order')}
        value={query.order ?? (query.q === '' ? 'newest' : 'relevance')}
        options={ORDERS.filter((one) => one !== 'relevance' || query.q !== '').map(
          (one) => [one, t(`order.${one}` satisfies Key)] as const,
        )}
      />
    </>
  );
}

function Amount({
  visitor: { locale },
  asked: { query, wrong },
  name,
  label,
}: Omit<FormProps, 'methods'> & { readonly name: 'min' | 'max'; readonly label: string }): ReactNode {
  const bad = wrong.find((one) => one.name === name);
  const read = query[name];
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        inputMode="numeric"
        maxLength={40}
        autoComplete="off"
        defaultValue={read === undefined ? bad?.typed : shownDecimal(read, locale)}
        aria-invalid={bad === undefined ? undefined : true}
      />
    </div>
  );
}

/** Each filter that cannot be read, in words that lead to it. */
export const wrongInWords = ({ t }: Pick<Visitor, 't'>, { why, typed }: WrongFilter): string =>
  why === 'range' ? t('search.wrong.range') : t(`search.wrong.${why}` satisfies Key, { typed: typed.slice(0, 60) });

export const WrongFilters = ({
  visitor,
  wrong,
}: {
  readonly visitor: Visitor;
  readonly wrong: readonly WrongFilter[];
}): ReactNode => (
  <div className="card wrong" role="alert" tabIndex={-1} autoFocus>
    <h2>{visitor.t('search.wrong')}</h2>
    <ul>
      {wrong.map((one) => (
        <li key={`${one.name} ${one.why}`}>
          <a href={`#${one.name}`}>{wrongInWords(visitor, one)}</a>
        </li>
      ))}
    </ul>
  </div>
);
