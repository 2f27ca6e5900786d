/** One lot under evaluation: the matrix, then the result and who signs it. */
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, Signature, signIsland, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page, type Island } from '../look/page.js';
import { Card, Hash, Note } from '../look/parts.js';
import { shownResult, unjudged, type LotFacts, type ShownResult } from './lot-facts.js';
import { Matrix } from './matrix.js';
import { LowPrices, Ranking } from './ranking.js';
import { failureName, namesOf, type Names } from './reasons.js';

type Said = { readonly wrong?: Wrong | undefined; readonly signed?: boolean };
type Props = { readonly visitor: Visitor; readonly facts: LotFacts };
type Evaluation = NonNullable<LotFacts['evaluation']>;
type ResultProps = Props & { readonly evaluation: Evaluation; readonly shown: ShownResult };

export function lotPage(visitor: Visitor, facts: LotFacts, { wrong, signed }: Said = {}): Page {
  const { t } = visitor;
  const { tender, evaluation, lotTitle } = facts;
  const title = `${t('matrix.title')}: ${lotTitle}`;
  const shown = evaluation && shownResult(evaluation);
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} desk above={stepsTo(visitor, facts)} />
      <div className="stack">
        <div>
          <h1>{title}</h1>
          <p className="lead">{tender.title}</p>
        </div>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {signed === true && <Note tone="ok">{t('eval.result.signed')}</Note>}
        <MatrixCard visitor={visitor} facts={facts} />
        {evaluation === undefined || shown === undefined ? (
          <Card id="result" title={t('eval.result.title')}>
            <p>{t('eval.result.wait')}</p>
          </Card>
        ) : (
          <Result visitor={visitor} facts={facts} evaluation={evaluation} shown={shown} />
        )}
      </div>
    </>,
    { at: '/kerja', islands: signing(visitor, facts, shown) },
  );
}

export const stepsTo = ({ t }: Visitor, { tender }: LotFacts): readonly (readonly [string, string])[] => [
  ['/kerja/evaluasi', t('eval.title')],
  [`/kerja/evaluasi/${tender.id}`, tender.title],
];

function MatrixCard({ visitor, facts }: Props): ReactNode {
  const { t, href } = visitor;
  const { tender, lotId, bids } = facts;
  const next = unjudged(visitor, bids)[0];
  const own = bids.filter(({ outcome }) => outcome === 'opened');
  return (
    <Card id="matrix" title={t('matrix.title')}>
      {bids.length === 0 ? (
        <p>{t('matrix.none')}</p>
      ) : (
        <>
          <p>{t('eval.lot.progress', { found: own.length - unjudged(visitor, bids).length, n: own.length })}</p>
          <p className="quiet screen">{t('matrix.how')}</p>
          <Matrix visitor={visitor} facts={facts} />
        </>
      )}
      <p className="row after screen">
        {next !== undefined && (
          <a className="button" href={href(`/kerja/evaluasi/${tender.id}/${lotId}/${next.id}`)}>
            {t('matrix.next', { name: next.vendorName })}
          </a>
        )}
        <a href={href(`/kerja/evaluasi/${tender.id}/${lotId}/matriks.csv`)}>{t('matrix.csv')}</a>
        <span className="quiet">{t('matrix.print')}</span>
      </p>
    </Card>
  );
}

function Result(props: ResultProps): ReactNode {
  const { visitor, facts, evaluation, shown } = props;
  const { t, f } = visitor;
  const { result } = shown;
  const names = namesOf(facts.tender.terms, new Map(facts.bids.map(({ id, vendorName }) => [id, vendorName])));
  return (
    <Card id="result" title={t('eval.result.title')}>
      {evaluation.missing.length > 0 && <Note tone="warn">{t('eval.result.wait.others')}</Note>}
      <Verdict visitor={visitor} result={result} names={names} />
      {evaluation.completed && (
        <Note tone="ok">
          {t(result.failure === undefined ? 'eval.result.completed' : 'eval.result.completed.failed')}
        </Note>
      )}
      <LowPrices visitor={visitor} result={result} names={names} />
      {result.bids.length > 0 && (
        <Ranking
          visitor={visitor}
          result={result}
          names={names}
          label={t('eval.result.label', { lot: facts.lotTitle })}
        />
      )}
      <h3 className="after">{t('eval.result.hash')}</h3>
      <p>
        <Hash>{shown.sha256}</Hash>
      </p>
      <p className="quiet">{t('eval.result.hash.how')}</p>
      <h3>{t('eval.result.signatures')}</h3>
      <Signatures visitor={visitor} facts={facts} evaluation={evaluation} sha256={shown.sha256} f={f} />
      <SignForm {...props} />
    </Card>
  );
}

const Verdict = ({
  visitor,
  result: { winner, failure, currency },
  names,
}: {
  readonly visitor: Visitor;
  readonly result: ShownResult['result'];
  readonly names: Names;
}): ReactNode => (
  <p>
    <b>
      {winner !== undefined
        ? visitor.t('eval.result.winner', {
            name: names.bidder(winner.bidId),
            amount: visitor.f.money({ amount: winner.amount, currency }),
          })
        : visitor.t('eval.result.failed', { why: failureName(visitor, failure ?? '') })}
    </b>
  </p>
);

type SignaturesProps = Props & Pick<Visitor, 'f'> & { readonly evaluation: Evaluation; readonly sha256: string };

function Signatures({ visitor: { t }, facts, evaluation, sha256, f }: SignaturesProps): ReactNode {
  const { tender, committee } = facts;
  const stateOf = (accountId: string): string => {
    const owed = evaluation.missing.filter(({ evaluatorId }) => evaluatorId === accountId).length;
    if (owed > 0) return t('committee.owes', { n: owed });
    const own = evaluation.signatures.filter(({ evaluatorId }) => evaluatorId === accountId);
    const same = own.find((signature) => signature.resultSha256 === sha256);
    if (same !== undefined) return t('committee.signed', { at: f.short(same.signedAt, tender.rules.timeZone) });
    return t(own.length > 0 ? 'committee.signed_other' : 'committee.unsigned');
  };
  const members = committee.members.filter(({ accountId }) => evaluation.committee.includes(accountId));
  return (
    <ul className="tasks">
      {members.map(({ accountId, name }) => (
        <li key={accountId}>
          <span>{name}</span>
          <span>{stateOf(accountId)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Whether the visitor's signature is what is missing now. */
function maySign({ me }: Visitor, { evaluation, committee }: LotFacts, { sha256, holds }: ShownResult): boolean {
  if (evaluation === undefined || !holds || !committee.complete || evaluation.missing.length > 0) return false;
  return !evaluation.signatures.some((one) => one.evaluatorId === me?.id && one.resultSha256 === sha256);
}

function SignForm({ visitor, facts, shown }: ResultProps): ReactNode {
  const { t } = visitor;
  const { tender, lotId, committee } = facts;
  if (!shown.holds)
    return (
      <p className="note bad" role="alert">
        {t('eval.result.hash.differs')}
      </p>
    );
  if (!committee.complete) return <p className="note warn">{t('committee.incomplete')}</p>;
  if (!maySign(visitor, facts, shown)) return null;
  return (
    <PostForm visitor={visitor} action={`/kerja/evaluasi/${tender.id}/${lotId}/hasil`} id="sign" className="form after">
      <h3>{t('eval.result.sign')}</h3>
      <p>{t('eval.result.sign.how')}</p>
      <input type="hidden" name="resultSha256" value={shown.sha256} />
      <Signature visitor={visitor} id="sign" />
      <button className="button">{t('eval.result.sign')}</button>
    </PostForm>
  );
}

function signing(visitor: Visitor, facts: LotFacts, shown: ShownResult | undefined): readonly Island[] {
  if (shown === undefined || !maySign(visitor, facts, shown)) return [];
  const body = { lot_id: facts.lotId, sha256: shown.sha256 };
  return [signIsland(visitor, { sign: { type: 'evaluation.consensus', body } })];
}
