/** Vendors as rows, criteria as columns: the findings of one evaluator, and what may be seen of the others'. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Tag } from '../look/parts.js';
import { arithmeticOf, offerOf, ownFinding, type Arithmetic, type BoxBid, type LotFacts } from './lot-facts.js';

type Props = { readonly visitor: Visitor; readonly facts: LotFacts };

/** One row of the matrix, in words: for the page and for the spreadsheet. */
export type MatrixRow = {
  readonly bid: BoxBid;
  readonly written: string | undefined;
  readonly arithmetic: Arithmetic | undefined;
  /** In the order of the criteria. */
  readonly criteria: readonly Verdict[];
  readonly mine: Verdict;
  readonly others: string;
};
export type Verdict = { readonly words: string; readonly tone: 'ok' | 'bad' | 'plain' };

export function matrixRows(visitor: Visitor, facts: LotFacts): readonly MatrixRow[] {
  const { criteria } = facts.tender.terms;
  return facts.bids.map((bid) => {
    const offer = offerOf(bid);
    return {
      bid,
      written: offer?.total,
      arithmetic: offer && arithmeticOf(facts, offer),
      criteria: criteria.map(({ id }) => verdictOn(visitor, bid, id)),
      mine: verdictOf(visitor, bid),
      others: othersOn(visitor, bid),
    };
  });
}

function verdictOn(visitor: Visitor, bid: BoxBid, criterionId: string): Verdict {
  const { t } = visitor;
  const own = ownFinding(visitor, bid);
  if (own?.admitted === true) return { words: t('matrix.met'), tone: 'ok' };
  return own?.criterionId === criterionId ? { words: t('matrix.not_met'), tone: 'bad' } : { words: '–', tone: 'plain' };
}

export function verdictOf(visitor: Visitor, bid: BoxBid): Verdict {
  const { t } = visitor;
  if (bid.outcome !== 'opened') return { words: t('matrix.by_itself'), tone: 'plain' };
  const own = ownFinding(visitor, bid);
  if (own === undefined) return { words: t('matrix.unjudged'), tone: 'plain' };
  return own.admitted ? { words: t('matrix.admitted'), tone: 'ok' } : { words: t('matrix.rejected'), tone: 'bad' };
}

function othersOn(visitor: Visitor, bid: BoxBid): string {
  const { t, me } = visitor;
  if (bid.outcome !== 'opened') return '–';
  if (ownFinding(visitor, bid) === undefined) return t('matrix.others.hidden');
  const others = bid.findings.filter(({ evaluatorId }) => evaluatorId !== me?.id);
  if (others.length === 0) return t('matrix.others.none');
  const admitted = others.filter((finding) => finding.admitted).length;
  return t('matrix.others.counts', { admitted, rejected: others.length - admitted });
}

export function Matrix({ visitor, facts }: Props): ReactNode {
  const { t, f, href } = visitor;
  const { tender, lotId, lotTitle } = facts;
  const { criteria, currency } = tender.terms;
  const money = (amount: string): string => f.money({ amount, currency });
  const before = [t('matrix.written'), t('matrix.corrected')];
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={t('matrix.label', { lot: lotTitle })}>
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">{t('tender.bidder')}</th>
            {before.map((name) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
            {[...criteria.map(({ title }) => title), t('matrix.mine'), t('matrix.others')].map((name, i) => (
              <th key={i} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrixRows(visitor, facts).map(({ bid, written, arithmetic, criteria: verdicts, mine, others }) => (
            <tr key={bid.id}>
              <th scope="row">
                <a href={href(`/kerja/evaluasi/${tender.id}/${lotId}/${bid.id}`)}>{bid.vendorName}</a>
              </th>
              <td className="num">{written === undefined ? '–' : money(written)}</td>
              <td className="num">
                {arithmetic === undefined ? '–' : money(arithmetic.total)}
                {arithmetic !== undefined && arithmetic.corrections.length > 0 && (
                  <span className="quiet below">{t('matrix.changed')}</span>
                )}
              </td>
              {verdicts.map(({ words }, i) => (
                <td key={i}>{words}</td>
              ))}
              <td>
                <Tag tone={mine.tone}>{mine.words}</Tag>
              </td>
              <td>{others}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
