import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import { ROLES } from '@segel/procurement';
import { AuditorCard } from '../auditing/work-card.js';
import { OwnBidsCard } from '../bidding/own-bids-card.js';
import { AwardingCard, EvaluatingCard, holds } from '../evaluating/evaluating-parts.js';
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import { AttestCard, OpenerCard } from '../opening/opener-parts.js';
import { OperatorCard } from '../operating/operator-parts.js';
import { DraftingCard } from '../drafting/work-card.js';
import { TenderList } from '../tenders/tender-list.js';
import type { Key } from '../words/words.js';

type Work = {
  readonly me: Schemas['Me'];
  /** Undefined for people whom it does not concern. */
  readonly tenders: readonly Schemas['TenderSummaryView'][] | undefined;
  readonly evaluations: readonly Schemas['EvaluationDutyView'][] | undefined;
  readonly bids: readonly Schemas['OwnBidView'][] | undefined;
  readonly notices: readonly Schemas['NotificationView'][];
};

export function workPage(visitor: Visitor, { me, tenders, evaluations, bids, notices }: Work): Page {
  const { t, href } = visitor;
  const roles = ROLES.filter((role) => me.roles.some((held) => held.role === role));
  return new Page(
    t('work.title'),
    <>
      <h1>{t('work.title')}</h1>
      <p className="lead">{t('work.hello', { name: me.name })}</p>
      <div className="cols aside">
        <div className="stack">
          {evaluations !== undefined && <EvaluatingCard visitor={visitor} duties={evaluations} />}
          {tenders !== undefined && holds(visitor, 'award_authority') && (
            <AwardingCard visitor={visitor} tenders={tenders} />
          )}
          {tenders !== undefined && (
            <Card id="tenders" title={t('work.tenders')}>
              {tenders.length === 0 ? (
                <p>{t('work.tenders.none')}</p>
              ) : (
                <TenderList visitor={visitor} tenders={tenders} />
              )}
            </Card>
          )}
          {bids !== undefined && <OwnBidsCard visitor={visitor} bids={bids} />}
          <Notices visitor={visitor} notices={notices} />
        </div>
        <div className="stack">
          {roles.includes('operator') && <OperatorCard visitor={visitor} />}
          {roles.includes('auditor') && <AuditorCard visitor={visitor} />}
          <DraftingCard visitor={visitor} />
          {roles.includes('opener') && <OpenerCard visitor={visitor} />}
          {roles.includes('auditor') && <AttestCard visitor={visitor} />}
          <Card id="roles" title={t('work.roles')}>
            {roles.length === 0 ? (
              <p>{t('work.roles.none')}</p>
            ) : (
              <p className="row">
                {roles.map((role) => (
                  <Tag key={role} tone="info">
                    {t(`role.${role}` satisfies Key)}
                  </Tag>
                ))}
              </p>
            )}
            <p>
              <a href={href('/akun')}>{t('account.title')}</a>
            </p>
            {(me.vendorId !== undefined || roles.length === 0) && (
              <p>
                <a href={href(me.vendorId === undefined ? '/daftar/perusahaan' : '/penyedia/perusahaan')}>
                  {t(me.vendorId === undefined ? 'company.title' : 'company.own.title')}
                </a>
              </p>
            )}
          </Card>
        </div>
      </div>
    </>,
    { at: '/kerja' },
  );
}

type Told = Pick<Work, 'notices'> & { readonly visitor: Visitor };

const Notices = ({ visitor: { t, f }, notices }: Told): ReactNode => (
  <Card id="notices" title={t('work.notices')}>
    {notices.length === 0 && <p>{t('work.notices.none')}</p>}
    <ul className="list">
      {notices.map(({ id, subject, text, at }) => (
        <li key={id}>
          <h3>{subject}</h3>
          <p className="pre">{text}</p>
          <p className="quiet">{f.short(at, 'Asia/Jakarta')}</p>
        </li>
      ))}
    </ul>
  </Card>
);
