import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { waitingFor, type Seat } from './opener-seats.js';

export function openerListPage(visitor: Visitor, seats: readonly Seat[]): Page {
  const { t } = visitor;
  const waiting = seats.filter((seat) => waitingFor(seat).length > 0);
  const rest = seats.filter((seat) => waitingFor(seat).length === 0);
  return new Page(
    t('open.title'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('open.title')}</h1>
        <p className="lead">{t('open.lead')}</p>
        {seats.length === 0 && <p>{t('open.none')}</p>}
        {waiting.length > 0 && (
          <Card id="waiting" title={t('open.waits')}>
            <Seats visitor={visitor} seats={waiting} />
          </Card>
        )}
        {rest.length > 0 && (
          <Card id="rest" title={t('open.rest')}>
            <Seats visitor={visitor} seats={rest} />
          </Card>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

const Seats = ({
  visitor: { t, f, href },
  seats,
}: {
  readonly visitor: Visitor;
  readonly seats: readonly Seat[];
}): ReactNode => (
  <ul className="list">
    {seats.map((seat) => {
      const { tender } = seat;
      const waiting = waitingFor(seat);
      return (
        <li key={tender.id}>
          <h3>
            <a href={href(`/kerja/pembuka/${tender.id}`)}>{tender.title}</a>
          </h3>
          <p className="row">
            {waiting.length === 0 && <Tag tone="ok">{t('open.do.nothing')}</Tag>}
            {waiting.map((what) => (
              <Tag key={what} tone="warn">
                {t(`open.do.${what}` satisfies Key)}
              </Tag>
            ))}
          </p>
          <p className="quiet">
            {t('open.deadline', { at: f.short(tender.deadlineAt ?? tender.terms.deadlineAt, tender.rules.timeZone) })}
          </p>
        </li>
      );
    })}
  </ul>
);
