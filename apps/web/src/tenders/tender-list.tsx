import type { Schemas } from '@segel/client';
import { REGIONS } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { leftUntil, nameOf, toneOf } from './states.js';

export type FoundTender = Schemas['TenderSummaryView'];

const CATEGORIES = ['goods', 'works', 'services'] as const;

export const categoryOf = ({ t }: Visitor, category: string | undefined): string | undefined => {
  const known = CATEGORIES.find((one) => one === category);
  return known && t(`category.${known}` satisfies Key);
};

type Props = { readonly visitor: Visitor; readonly tenders: readonly FoundTender[]; readonly heading?: 'h2' | 'h3' };

export const TenderList = ({ visitor, tenders, heading = 'h3' }: Props): ReactNode => (
  <ul className="list">
    {tenders.map((tender) => (
      <li key={tender.id}>
        <FoundItem visitor={visitor} tender={tender} heading={heading} />
      </li>
    ))}
  </ul>
);

function FoundItem({
  visitor,
  tender,
  heading: Heading,
}: {
  readonly visitor: Visitor;
  readonly tender: FoundTender;
  readonly heading: 'h2' | 'h3';
}): ReactNode {
  const { t, f, href } = visitor;
  const { deadlineAt, timeZone = 'UTC', estimate, region } = tender;
  const left = deadlineAt === undefined ? undefined : leftUntil(visitor, deadlineAt);
  return (
    <>
      <Tag tone={toneOf(tender.state)}>{nameOf(visitor, tender.state)}</Tag>
      <Heading>
        <a href={href(`/tender/${tender.id}`)}>{tender.title}</a>
      </Heading>
      <p>{tender.buyerName}</p>
      <p className="facts">
        {tender.category !== undefined && <span>{categoryOf(visitor, tender.category)}</span>}
        {region !== undefined && <span>{REGIONS[region]}</span>}
        {estimate !== undefined && <span>{f.money(estimate)}</span>}
        {deadlineAt !== undefined && (
          <span>
            {t(left === undefined ? 'tender.closed' : 'tender.closes', { at: f.short(deadlineAt, timeZone) })}
            {left !== undefined && (
              <>
                {' · '}
                <span className={left.urgent ? 'urgent' : undefined}>{left.words}</span>
              </>
            )}
          </span>
        )}
      </p>
    </>
  );
}
