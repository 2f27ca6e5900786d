/** The award authority's page of a tender: what must hold, then the intended award, the standstill, the award. */
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, Signature, signIsland, WrongSummary, type Statements } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note, Tag } from '../look/parts.js';
import { checksOf, type Check, type LotAward } from './award-checks.js';
import { titleOfLot, type Tender } from './lot-facts.js';
import { LowPrices, Ranking } from './ranking.js';
import { failureName, namesOf, type Names } from './reasons.js';

export const DONE = ['intend', 'decide'] as const;
export type AwardFacts = {
  readonly tender: Tender;
  readonly lots: readonly LotAward[];
  /** Names of the bidders by their bids. */
  readonly bidders: ReadonlyMap<string, string>;
  readonly done?: (typeof DONE)[number] | undefined;
  readonly wrong?: Wrong | undefined;
};
type Props = { readonly visitor: Visitor; readonly facts: AwardFacts; readonly lot: LotAward };

export function awardPage(visitor: Visitor, facts: AwardFacts): Page {
  const { t, href } = visitor;
  const { tender, lots, done, wrong } = facts;
  const title = t('awarding.of', { title: tender.title });
  const statements: Statements = Object.assign({}, ...lots.map((lot) => statementsOf(visitor, lot)));
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <div>
          <h1>{title}</h1>
          <p>
            <a href={href(`/tender/${tender.id}`)}>{tender.title}</a>
          </p>
        </div>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {done !== undefined && <Note tone="ok">{t(`awarding.${done}.done`)}</Note>}
        {lots.map((lot) => (
          <LotCard key={lot.lotId} visitor={visitor} facts={facts} lot={lot} />
        ))}
      </div>
    </>,
    { at: '/kerja', islands: Object.keys(statements).length === 0 ? [] : [signIsland(visitor, statements)] },
  );
}

/** What is signed for a lot now, and only while every check holds: made of the winner that the page shows. Of the
 *  server's draft it takes the end of the standstill, which the page shows too; the API compares the whole. */
function statementsOf(visitor: Visitor, lot: LotAward): Statements {
  const { lotId, view, shown } = lot;
  const act = actOf(visitor, lot);
  const winner = shown?.result.winner;
  if (view === undefined || shown === undefined || winner === undefined || act === undefined) return {};
  const body = {
    lot_id: lotId,
    bid_commitment: winner.commitment,
    vendor_id: winner.vendorId,
    amount: winner.amount,
    currency: shown.result.currency,
    result_sha256: shown.sha256,
  };
  const statement =
    act === 'intend'
      ? { type: 'award.intended', body: { ...body, standstill_end: standstillEndOf(view) } }
      : { type: 'award.decided', body };
  return { [`${act}-${lotId}`]: statement };
}

/** The act that can be signed now. */
function actOf(visitor: Visitor, lot: LotAward): 'intend' | 'decide' | undefined {
  const { view } = lot;
  if (view === undefined || checksOf(visitor, lot).some(({ holds }) => !holds)) return undefined;
  if (view.body !== undefined) return 'intend';
  return view.decisionBody === undefined ? undefined : 'decide';
}

function LotCard({ visitor, facts, lot }: Props): ReactNode {
  const { t, f } = visitor;
  const { tender, bidders } = facts;
  const { view, shown, lotId } = lot;
  const title = titleOfLot(tender, lotId);
  const names = namesOf(tender.terms, bidders);
  const award = view?.award;
  const decided = award?.decidedAt;
  const failure = shown?.result.failure ?? view?.failure;
  return (
    <Card id={`lot-${lotId}`} title={title}>
      {isOver(lot) ? (
        <Note tone="bad">
          {failure !== undefined && <p>{t('eval.result.failed', { why: failureName(visitor, failure) })}</p>}
          <p>{t('awarding.failed')}</p>
        </Note>
      ) : decided !== undefined && award !== undefined ? (
        <Note tone="ok">
          {t('awarding.decided', {
            at: f.moment(decided, tender.rules.timeZone),
            name: award.vendorName,
            amount: f.money(award),
          })}
        </Note>
      ) : (
        <>
          <h3>{t('awarding.check')}</h3>
          <Checklist visitor={visitor} checks={checksOf(visitor, lot)} />
        </>
      )}
      {shown !== undefined && <ShownRanking visitor={visitor} facts={facts} lot={lot} names={names} />}
      {view !== undefined && decided === undefined && <Act visitor={visitor} facts={facts} lot={lot} />}
    </Card>
  );
}

const Checklist = ({
  visitor: { t },
  checks,
}: {
  readonly visitor: Visitor;
  readonly checks: readonly Check[];
}): ReactNode => (
  <ul className="tasks">
    {checks.map(({ key, name, holds, words }) => (
      <li key={key}>
        <span>{name}</span>
        <span>
          <Tag tone={holds ? 'ok' : 'warn'}>{t(holds ? 'awarding.yes' : 'awarding.no')}</Tag>
          {words !== undefined && ` ${words}`}
        </span>
      </li>
    ))}
  </ul>
);

function ShownRanking({ visitor, facts, lot, names }: Props & { readonly names: Names }): ReactNode {
  if (lot.shown === undefined) return null;
  const { result } = lot.shown;
  const label = visitor.t('eval.result.label', { lot: titleOfLot(facts.tender, lot.lotId) });
  return (
    <>
      <h3 className="after">{visitor.t('eval.result.title')}</h3>
      <LowPrices visitor={visitor} result={result} names={names} />
      <Ranking visitor={visitor} result={result} names={names} label={label} />
    </>
  );
}

function Act({ visitor, facts: { tender, bidders }, lot }: Props): ReactNode {
  const { t, f, now } = visitor;
  const { lotId, view } = lot;
  const act = actOf(visitor, lot);
  const zone = tender.rules.timeZone;
  if (view === undefined || isOver(lot)) return null;
  if (act === undefined) {
    const end = view.award?.standstillEndAt;
    const running = end !== undefined && new Date(end) > now;
    return (
      <p className="note warn after">
        {running ? t('awarding.wait', { at: f.moment(end, zone) }) : t('awarding.waits')}
      </p>
    );
  }
  const id = `${act}-${lotId}`;
  const end = standstillEndOf(view);
  const { winner, currency = '' } = lot.shown?.result ?? {};
  return (
    <PostForm visitor={visitor} action={`/kerja/penetapan/${tender.id}/${lotId}`} id={id} className="form after">
      <h3>{t(`awarding.${act}`)}</h3>
      {winner !== undefined && (
        <p>
          <b>
            {t('eval.result.winner', {
              name: bidders.get(winner.bidId) ?? winner.bidId,
              amount: f.money({ amount: winner.amount, currency }),
            })}
          </b>
        </p>
      )}
      <p>{act === 'intend' ? t('awarding.intend.how', { at: f.moment(end, zone) }) : t('awarding.decide.how')}</p>
      <input type="hidden" name="act" value={act} />
      {act === 'intend' && <input type="hidden" name="standstillEndAt" value={end} />}
      <Signature visitor={visitor} id={id} />
      <button className="button">{t(`awarding.${act}.go`)}</button>
    </PostForm>
  );
}

/** Nothing is awarded any more. */
const isOver = ({ state, shown }: LotAward): boolean =>
  shown?.result.failure !== undefined || state === 'failed' || state === 'cancelled';

/** As the draft says it: it is signed, and must come back as it was. */
const standstillEndOf = ({ body }: NonNullable<LotAward['view']>): string => {
  const end = (body as { readonly standstill_end?: unknown } | undefined)?.standstill_end;
  return typeof end === 'string' ? end : '';
};
