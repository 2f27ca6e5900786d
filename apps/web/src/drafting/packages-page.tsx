import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb, Pager } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import { nameOf, toneOf } from '../tenders/states.js';

/** Instants on lists of several tenders are said in one zone. */
const ZONE = 'Asia/Jakarta';
const APPROVAL_PATH = { publication: 'persetujuan', addendum: 'persetujuan', cancellation: 'batal' } as const;

type Given = {
  readonly tenders: Schemas['TenderPageView'];
  readonly waiting: readonly Schemas['WaitingView'][];
  readonly prepares: boolean;
};

export function packagesPage(visitor: Visitor, { tenders, waiting, prepares }: Given): Page {
  const { t, href } = visitor;
  const drafts = tenders.items.filter(({ state }) => state === 'draft');
  const others = tenders.items.filter(({ state }) => state !== 'draft');
  return new Page(
    t('drafting.list'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('drafting.list')}</h1>
        {prepares && (
          <p className="row">
            <a className="button" href={href('/kerja/paket/baru')}>
              {t('drafting.new')}
            </a>
            <a href={href('/kerja/paket/impor')}>{t('drafting.import.title')}</a>
          </p>
        )}
        <Card id="waiting" title={t('drafting.waiting')}>
          {waiting.length === 0 && (!prepares || drafts.length === 0) && <p>{t('drafting.waiting.none')}</p>}
          <ul className="list">
            {waiting.map((one) => (
              <li key={one.id}>
                <Waiting visitor={visitor} one={one} />
              </li>
            ))}
            {drafts.map((tender) => (
              <li key={tender.id}>
                <Own visitor={visitor} tender={tender} />
              </li>
            ))}
          </ul>
        </Card>
        <Card id="others" title={t('drafting.mine')}>
          {others.length === 0 && <p>{t('work.tenders.none')}</p>}
          <ul className="list">
            {others.map((tender) => (
              <li key={tender.id}>
                <Own visitor={visitor} tender={tender} />
              </li>
            ))}
          </ul>
        </Card>
        <Pager visitor={visitor} next={tenders.next && `${href('/kerja/paket')}?sesudah=${tenders.next}`} />
      </div>
    </>,
    { at: '/kerja' },
  );
}

function Waiting({
  visitor: { t, f, href },
  one,
}: {
  readonly visitor: Visitor;
  readonly one: Schemas['WaitingView'];
}): ReactNode {
  return (
    <>
      <Tag tone="warn">{t(`drafting.waiting.${one.kind}`)}</Tag>
      <h3>
        <a href={href(`/kerja/paket/${one.tenderId}/${APPROVAL_PATH[one.kind]}`)}>{one.title}</a>
      </h3>
      <p className="quiet">{t('drafting.waiting.by', { name: one.by, at: f.short(one.at, ZONE) })}</p>
    </>
  );
}

const Own = ({
  visitor,
  tender,
}: {
  readonly visitor: Visitor;
  readonly tender: Schemas['TenderSummaryView'];
}): ReactNode => (
  <>
    <Tag tone={toneOf(tender.state)}>{nameOf(visitor, tender.state)}</Tag>
    <h3>
      <a href={visitor.href(`/kerja/paket/${tender.id}`)}>{tender.title}</a>
    </h3>
    <p>{tender.buyerName}</p>
    {tender.deadlineAt !== undefined && (
      <p className="quiet">
        {visitor.t('tender.closes', { at: visitor.f.short(tender.deadlineAt, tender.timeZone ?? ZONE) })}
      </p>
    )}
  </>
);
