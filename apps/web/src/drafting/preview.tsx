import type { ReactNode } from 'react';
import { DocumentsCard, OpenersCard } from '../tenders/tender-records.js';
import { ItemsCard, PrepareCard, RulesCard, WhatCard } from '../tenders/tender-terms.js';
import type { TenderFacts } from '../tenders/tender.controller.js';
import type { Editing } from './fields.js';

/** The newest terms in the very parts of the public page: what is approved is what people will read. */
export function Preview({ editing: { visitor, draft } }: { readonly editing: Editing }): ReactNode {
  const { t, f } = visitor;
  const { terms, approval, pack } = draft;
  const tender = { ...draft.tender, terms, termsVersion: approval.version };
  const facts: TenderFacts = { tender, notices: [], boxes: [], minutes: undefined, awards: [] };
  const shown = { visitor, facts };
  return (
    <div className="stack">
      <p>
        <b>{terms.title}</b>
      </p>
      <p>
        {t('tender.deadline')}:{' '}
        <time dateTime={terms.deadlineAt}>{f.moment(terms.deadlineAt, pack.calendar.timeZone)}</time>
      </p>
      <WhatCard {...shown} />
      <ItemsCard {...shown} />
      <PrepareCard {...shown} />
      <RulesCard {...shown} />
      <DocumentsCard {...shown} />
      <OpenersCard {...shown} />
    </div>
  );
}
