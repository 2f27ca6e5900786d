/** A tender as its evaluators meet it: the declaration first, then the committee and the lots. */
import type { Schemas } from '@segel/client';
import type { CanonicalObject } from '@segel/encoding';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, Signature, signIsland, WrongSummary, type Statements } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note } from '../look/parts.js';
import { DutyList } from './evaluating-parts.js';
import { placeOf, titleOfLot, type Committee, type Tender } from './lot-facts.js';

export type Duty = Schemas['EvaluationDutyView'];
export type Assignment = {
  readonly tender: Tender;
  readonly committee: Committee;
  readonly lots: Duty['lots'];
  /** Names of the bidders once they are public. */
  readonly bidders: readonly string[] | undefined;
  readonly done?: boolean;
  readonly wrong?: Wrong | undefined;
};
type Props = { readonly visitor: Visitor; readonly assignment: Assignment };

export function dutiesPage(visitor: Visitor, duties: readonly Duty[]): Page {
  const { t } = visitor;
  return new Page(
    t('eval.title'),
    <>
      <Crumb visitor={visitor} desk />
      <h1>{t('eval.title')}</h1>
      {duties.length === 0 ? <p>{t('eval.none')}</p> : <DutyList visitor={visitor} duties={duties} heading="h2" />}
    </>,
    { at: '/kerja' },
  );
}

export function assignmentPage(visitor: Visitor, assignment: Assignment): Page {
  const { t, me } = visitor;
  const { tender, committee, wrong, done } = assignment;
  const place = placeOf(visitor, committee);
  const title = t('eval.of', { title: tender.title });
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} desk above={[['/kerja/evaluasi', t('eval.title')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {done === true && <Note tone="ok">{t('declare.done')}</Note>}
        {place === 'apart' && (
          <Note tone="warn" title={t('declare.title')}>
            {t('declare.apart')}
          </Note>
        )}
        {place === 'undeclared' && <Declaration visitor={visitor} assignment={assignment} />}
        {place === 'member' && <Lots visitor={visitor} assignment={assignment} />}
        {place !== 'apart' && <CommitteeCard visitor={visitor} assignment={assignment} />}
        {place === 'member' && (
          <details>
            <summary>{t('declare.later')}</summary>
            <ConflictForm visitor={visitor} assignment={assignment} />
          </details>
        )}
      </div>
    </>,
    {
      at: '/kerja',
      islands: place === 'apart' || me === undefined ? [] : [signIsland(visitor, statements(tender.id, me.id, place))],
    },
  );
}

function statements(tenderId: string, accountId: string, place: 'undeclared' | 'member'): Statements {
  const type = 'evaluation.conflict_declared';
  const body = (conflict: boolean): CanonicalObject => ({ tender_id: tenderId, account_id: accountId, conflict });
  const apart = { apart: { type, body: body(true) } };
  return place === 'member' ? apart : { free: { type, body: body(false) }, ...apart };
}

function Declaration({ visitor, assignment }: Props): ReactNode {
  const { t } = visitor;
  const { tender, bidders } = assignment;
  return (
    <>
      <Card id="declaration" title={t('declare.title')}>
        <p>{t('declare.first')}</p>
        <p>{t('declare.what')}</p>
        {bidders === undefined ? (
          <p>{t('declare.bidders.hidden')}</p>
        ) : (
          <>
            <p>{t('declare.bidders')}</p>
            <ul>
              {bidders.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </>
        )}
      </Card>
      <div className="cols two">
        <PostForm visitor={visitor} action={`/kerja/evaluasi/${tender.id}`} id="free" className="card">
          <h2>{t('declare.none.title')}</h2>
          <input type="hidden" name="conflict" value="no" />
          <Signature visitor={visitor} id="free" />
          <button className="button">{t('declare.none.go')}</button>
        </PostForm>
        <ConflictForm visitor={visitor} assignment={assignment} />
      </div>
    </>
  );
}

const ConflictForm = ({ visitor, assignment: { tender } }: Props): ReactNode => (
  <PostForm visitor={visitor} action={`/kerja/evaluasi/${tender.id}`} id="apart" className="card">
    <h2>{visitor.t('declare.conflict.title')}</h2>
    <p className="note warn">{visitor.t('declare.conflict.what')}</p>
    <input type="hidden" name="conflict" value="yes" />
    <Signature visitor={visitor} id="apart" />
    <button className="button">{visitor.t('declare.conflict.go')}</button>
  </PostForm>
);

const Lots = ({ visitor: { t, href }, assignment: { tender, lots } }: Props): ReactNode => (
  <Card id="lots" title={t('eval.lots')}>
    {lots.length === 0 && <p>{t('eval.sealed')}</p>}
    <ul className="list">
      {lots.map(({ lotId, bids, found }) => (
        <li key={lotId}>
          <h3>{titleOfLot(tender, lotId)}</h3>
          <p>{t('eval.lot.progress', { found, n: bids })}</p>
          <p>
            <a href={href(`/kerja/evaluasi/${tender.id}/${lotId}`)}>
              {t('eval.lot.open')}
              {tender.lots.length > 1 && <span className="unseen">{`: ${titleOfLot(tender, lotId)}`}</span>}
            </a>
          </p>
        </li>
      ))}
    </ul>
  </Card>
);

const CommitteeCard = ({ visitor: { t, f }, assignment: { tender, committee } }: Props): ReactNode => (
  <Card id="committee" title={t('committee.title')}>
    <p>{t('committee.rule', { n: committee.minimum })}</p>
    <ul className="tasks">
      {committee.members.map(({ accountId, name, conflict, declaredAt }) => (
        <li key={accountId}>
          <span>{name}</span>
          <span>
            {conflict === undefined || declaredAt === undefined
              ? t('committee.undeclared')
              : conflict
                ? t('committee.conflict')
                : t('committee.free', { at: f.short(declaredAt, tender.rules.timeZone) })}
          </span>
        </li>
      ))}
    </ul>
    <p>{t(committee.complete ? 'committee.complete' : 'committee.incomplete')}</p>
  </Card>
);
