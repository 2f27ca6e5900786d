/** What somebody must do before a bid can be prepared, each with the way there. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb, type Step } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Note, Tag } from '../look/parts.js';
import { isOpen, type Standing, type Tender } from './bid-facts.js';

type Need = { readonly words: string; readonly done: boolean; readonly how?: string | undefined; readonly to?: string };

export function needsPage(visitor: Visitor, tender: Tender, standing: Standing): Page {
  const { t, href, now } = visitor;
  return new Page(
    t('bid.title', { title: tender.title }),
    <>
      <TenderCrumb visitor={visitor} tender={tender} />
      <div className="stack">
        <h1>{t('bid.title', { title: tender.title })}</h1>
        {isOpen(tender, now) ? (
          <section className="card" aria-labelledby="needs">
            <h2 id="needs">{t('bid.needs')}</h2>
            <p>{t('bid.needs.lead')}</p>
            <ol className="tasks">
              {needs(visitor, tender, standing).map((need) => (
                <NeedLine key={need.words} visitor={visitor} need={need} />
              ))}
            </ol>
          </section>
        ) : (
          <Note tone="plain">
            <p>{t('bid.closed')}</p>
            <p>{t('bid.closed.how')}</p>
          </Note>
        )}
        <p>
          <a href={href(`/tender/${tender.id}`)}>{t('bid.terms')}</a>
        </p>
      </div>
    </>,
    { at: '/tender' },
  );
}

export const TenderCrumb = ({
  visitor,
  tender,
  below = [],
}: {
  readonly visitor: Visitor;
  readonly tender: Pick<Tender, 'id' | 'title'>;
  readonly below?: readonly Step[];
}): ReactNode => (
  <Crumb
    visitor={visitor}
    above={[['/tender', visitor.t('nav.tenders')], [`/tender/${tender.id}`, tender.title], ...below]}
  />
);

const NeedLine = ({ visitor: { t }, need }: { readonly visitor: Visitor; readonly need: Need }): ReactNode => (
  <li>
    <span>
      {need.to === undefined || need.done ? need.words : <a href={need.to}>{need.words}</a>}
      {need.how !== undefined && !need.done && (
        <>
          <br />
          <span className="quiet">{need.how}</span>
        </>
      )}
    </span>
    <Tag tone={need.done ? 'ok' : 'warn'}>{t(need.done ? 'bid.needs.done' : 'bid.needs.open')}</Tag>
  </li>
);

function needs({ t, f, href }: Visitor, tender: Tender, standing: Standing): readonly Need[] {
  const { signedIn, company, state, excludedUntil, hasKey } = standing;
  const excluded =
    excludedUntil === undefined
      ? undefined
      : t('bid.needs.excluded', { at: f.short(excludedUntil, tender.rules.timeZone) });
  const approval = state === 'rejected' ? t('bid.needs.rejected') : t('bid.needs.approval.how');
  return [
    {
      words: t('bid.needs.sign_in'),
      done: signedIn,
      to: `${href('/masuk')}?ke=${encodeURIComponent(`/tender/${tender.id}/penawaran`)}`,
    },
    {
      words: t('bid.needs.company'),
      done: company,
      how: t('bid.needs.company.how'),
      ...(signedIn ? { to: href('/daftar/perusahaan') } : {}),
    },
    {
      words: t('bid.needs.approval'),
      done: state === 'approved' && excluded === undefined,
      how: excluded ?? approval,
    },
    { words: t('bid.needs.key'), done: hasKey, ...(signedIn ? { to: href('/kerja/kunci') } : {}) },
  ];
}
