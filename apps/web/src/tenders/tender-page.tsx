import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Tag, Timeline } from '../look/parts.js';
import { milestones } from './milestones.js';
import { leftUntil, nameOf, toneOf } from './states.js';
import { AddendaCard, DocumentsCard, LogCard, OpenersCard } from './tender-records.js';
import { AwardCard, OpeningCard } from './tender-results.js';
import { ItemsCard, PrepareCard, RulesCard, WhatCard } from './tender-terms.js';
import type { TenderFacts } from './tender.controller.js';

export type Shown = { readonly visitor: Visitor; readonly facts: TenderFacts };

export function tenderPage(visitor: Visitor, facts: TenderFacts): Page {
  const { t } = visitor;
  const { tender } = facts;
  const shown = { visitor, facts };
  return new Page(
    tender.title,
    <>
      <Crumb visitor={visitor} above={[['/tender', t('nav.tenders')]]} />
      <Tag tone={toneOf(tender.state)}>{nameOf(visitor, tender.state)}</Tag>
      <h1>{tender.title}</h1>
      <p className="lead">{tender.terms.buyer.name}</p>
      <div className="cols aside">
        <div className="first stack">
          <ClockBox {...shown} />
          <section className="card" aria-labelledby="timeline">
            <details className="fold">
              <summary>{t('tender.timeline')}</summary>
              <h2 id="timeline">{t('tender.timeline')}</h2>
              <Timeline t={t} steps={milestones(visitor, facts)} />
            </details>
          </section>
        </div>
        <div className="stack">
          <OpeningCard {...shown} />
          <AwardCard {...shown} />
          <WhatCard {...shown} />
          <ItemsCard {...shown} />
          <PrepareCard {...shown} />
          <RulesCard {...shown} />
          <DocumentsCard {...shown} />
          <AddendaCard {...shown} />
          <OpenersCard {...shown} />
          <LogCard {...shown} />
        </div>
      </div>
    </>,
    { at: '/tender' },
  );
}

/** When it closes, in one glance: the first thing on a phone. */
function ClockBox({ visitor, facts: { tender } }: Shown): ReactNode {
  const { t, f, href } = visitor;
  const { deadlineAt } = tender;
  if (deadlineAt === undefined) return null;
  const left = tender.state === 'tendering' ? leftUntil(visitor, deadlineAt) : undefined;
  const tone = left === undefined ? 'plain' : left.urgent ? 'bad' : 'ok';
  return (
    <section className={`card clock ${tone}`} aria-labelledby="deadline">
      <h2 id="deadline">{t('tender.deadline')}</h2>
      <p className="big">{left?.words ?? t('left.over')}</p>
      <p>
        <time dateTime={deadlineAt}>{f.moment(deadlineAt, tender.rules.timeZone)}</time>
      </p>
      <p className="quiet">{t('tender.clock')}</p>
      <p>
        <a href={href(`/tender/${tender.id}/kalender.ics`)}>{t('tender.calendar')}</a>
      </p>
      {left !== undefined && (
        <p>
          <a className="button" href={href(`/tender/${tender.id}/penawaran`)}>
            {t('bid.prepare')}
          </a>
        </p>
      )}
    </section>
  );
}
