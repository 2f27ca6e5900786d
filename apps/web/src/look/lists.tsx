/** Ways between pages, and things to do one after another. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';

type CrumbProps = {
  readonly visitor: Visitor;
  /** The pages above this one, the highest first; addresses without the language. */
  readonly above?: readonly Step[];
  /** Whether the way begins at the visitor's desk. */
  readonly desk?: boolean;
};

export type Step = readonly [to: string, name: string];

export const Crumb = ({ visitor: { t, href }, above = [], desk = false }: CrumbProps): ReactNode => (
  <nav className="crumb" aria-label={t('nav.crumb')}>
    {[...(desk ? [['/kerja', t('nav.work')] as const] : []), ...above].map(([to, name], i) => (
      <span key={to}>
        {i > 0 && ' › '}
        <a href={href(to)}>{name}</a>
      </span>
    ))}
  </nav>
);

type PagerProps = {
  readonly visitor: Visitor;
  /** Where more is, and where it begins; whole addresses. */
  readonly next?: string | undefined;
  readonly first?: string | undefined;
};

/** Below a list that has more; nothing when this page is all there is. */
export function Pager({ visitor: { t }, next, first }: PagerProps): ReactNode {
  if (next === undefined && first === undefined) return null;
  return (
    <p className="row">
      {next !== undefined && (
        <a className="button" rel="next" href={next}>
          {t('search.next')}
        </a>
      )}
      {first !== undefined && <a href={first}>{t('search.first')}</a>}
    </p>
  );
}

export type Task = {
  readonly key: string;
  readonly name: ReactNode;
  /** Where it is done, without the language. */
  readonly to?: string;
  /** How far it is, in words: most often a Tag. */
  readonly state: ReactNode;
};

export const Tasks = ({
  visitor: { href },
  tasks,
}: {
  readonly visitor: Visitor;
  readonly tasks: readonly Task[];
}): ReactNode => (
  <ol className="tasks">
    {tasks.map(({ key, name, to, state }) => (
      <li key={key}>
        {to === undefined ? <span>{name}</span> : <a href={href(to)}>{name}</a>}
        {state}
      </li>
    ))}
  </ol>
);
