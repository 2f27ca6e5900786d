/** One bid of a lot: what was opened, and beside it the evaluator's own finding. */
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note } from '../look/parts.js';
import { outcomeName } from '../tenders/outcomes.js';
import { Answers, Documents, Prices } from './bid-parts.js';
import { FindingForm, type FindingTyped } from './finding-form.js';
import { offerOf, ownFinding, unjudged, type BoxBid, type LotFacts } from './lot-facts.js';
import { stepsTo } from './lot-page.js';
import { verdictOf } from './matrix.js';

type Said = { readonly wrong?: Wrong | undefined; readonly typed?: FindingTyped; readonly done?: boolean };
type Props = { readonly visitor: Visitor; readonly facts: LotFacts; readonly bid: BoxBid };

export function bidPage(visitor: Visitor, facts: LotFacts, bid: BoxBid, said: Said = {}): Page {
  const { t } = visitor;
  const { tender, lotId, lotTitle, bids } = facts;
  const offer = offerOf(bid);
  const title = `${bid.vendorName}: ${lotTitle}`;
  return new Page(
    title,
    <>
      <Crumb
        visitor={visitor}
        desk
        above={[
          ...stepsTo(visitor, facts),
          [`/kerja/evaluasi/${tender.id}/${lotId}`, `${t('eval.bid.back')}: ${lotTitle}`],
        ]}
      />
      <h1>{bid.vendorName}</h1>
      <p className="lead">{`${lotTitle} · ${t('eval.bid.position', { i: bids.indexOf(bid) + 1, n: bids.length })}`}</p>
      <div className="stack">
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done === true && <Done visitor={visitor} facts={facts} bid={bid} />}
        {offer === undefined ? (
          <Note tone="warn">{t('eval.bid.not_opened', { why: outcomeName(t, bid.outcome) })}</Note>
        ) : (
          <div className="cols aside">
            <div className="stack">
              <Documents visitor={visitor} facts={facts} bid={bid} offer={offer} />
              <Answers visitor={visitor} facts={facts} offer={offer} />
              <Prices visitor={visitor} facts={facts} offer={offer} />
            </div>
            <div className="stack">
              {ownFinding(visitor, bid) === undefined ? (
                <FindingForm visitor={visitor} facts={facts} bid={bid} typed={said.typed} />
              ) : (
                <Findings visitor={visitor} facts={facts} bid={bid} />
              )}
            </div>
          </div>
        )}
        <Neighbours visitor={visitor} facts={facts} bid={bid} />
      </div>
    </>,
    { at: '/kerja' },
  );
}

function Done({ visitor: { t, href }, visitor, facts }: Props): ReactNode {
  const { tender, lotId, bids } = facts;
  const lot = `/kerja/evaluasi/${tender.id}/${lotId}`;
  const next = unjudged(visitor, bids)[0];
  return (
    <>
      <Note tone="ok">{t('eval.find.done')}</Note>
      <p>
        {next === undefined ? (
          <a href={href(`${lot}#result`)}>{t('eval.result.title')}</a>
        ) : (
          <a href={href(`${lot}/${next.id}`)}>{t('matrix.next', { name: next.vendorName })}</a>
        )}
      </p>
    </>
  );
}

/** The own finding first, then those of the others: whoever reads them has committed the own one. */
function Findings({ visitor, facts, bid }: Props): ReactNode {
  const { t, me } = visitor;
  const own = ownFinding(visitor, bid);
  const others = bid.findings.filter(({ evaluatorId }) => evaluatorId !== me?.id);
  const nameOf = (id: string): string => facts.committee.members.find(({ accountId }) => accountId === id)?.name ?? id;
  return (
    <>
      <Card id="finding" title={t('eval.find.title')}>
        <p>
          <b>{t('eval.find.yours', { verdict: verdictOf(visitor, bid).words })}</b>
        </p>
        {own !== undefined && <Grounds visitor={visitor} facts={facts} finding={own} />}
      </Card>
      <Card id="others" title={t('eval.find.others')}>
        {others.length === 0 && <p>{t('eval.find.others.none')}</p>}
        <ul className="list">
          {others.map((finding) => (
            <li key={finding.evaluatorId}>
              <h3>
                {`${nameOf(finding.evaluatorId)}: ${t(finding.admitted ? 'matrix.admitted' : 'matrix.rejected')}`}
              </h3>
              <Grounds visitor={visitor} facts={facts} finding={finding} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Grounds({
  visitor: { t },
  facts,
  finding: { admitted, criterionId, evidence = '', reason },
}: Omit<Props, 'bid'> & { readonly finding: BoxBid['findings'][number] }): ReactNode {
  if (admitted) return null;
  const criterion = facts.tender.terms.criteria.find(({ id }) => id === criterionId)?.title ?? '';
  return (
    <>
      <p className="pre">{reason}</p>
      <p className="quiet">{t('eval.find.on', { criterion, evidence })}</p>
    </>
  );
}

/** One bidder after the other, as one reads them on a phone. */
function Neighbours({ visitor: { t, href }, facts: { tender, lotId, bids }, bid }: Props): ReactNode {
  const at = bids.indexOf(bid);
  const [before, after] = [bids[at - 1], bids[at + 1]];
  const link = (to: BoxBid, key: 'eval.bid.previous' | 'eval.bid.next'): ReactNode => (
    <a href={href(`/kerja/evaluasi/${tender.id}/${lotId}/${to.id}`)}>{t(key, { name: to.vendorName })}</a>
  );
  if (before === undefined && after === undefined) return null;
  return (
    <p className="row screen">
      {before !== undefined && link(before, 'eval.bid.previous')}
      {after !== undefined && link(after, 'eval.bid.next')}
    </p>
  );
}
