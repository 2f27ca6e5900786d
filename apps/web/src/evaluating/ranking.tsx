/** The ranking of a lot with its arithmetic and reasons: for evaluators, for the award authority, for everybody. */
import type { EvaluationResult } from '@segel/procurement';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Note, Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import { correctionsOf, reasonsFor, type Names } from './reasons.js';

type Props = {
  readonly visitor: Visitor;
  readonly result: EvaluationResult;
  readonly names: Names;
  readonly label: string;
};

/** One below the other: the reasons are what a phone must show, and a table would hide them at its right. */
export function Ranking({ visitor, result, names, label }: Props): ReactNode {
  const { t, f } = visitor;
  const money = (amount: string): string => f.money({ amount, currency: result.currency });
  return (
    <ol className="list ranking" aria-label={label}>
      {result.bids.map((bid) => (
        <li key={bid.bidId} className={bid.bidId === result.winner?.bidId ? 'winner' : undefined}>
          <h3>
            {names.bidder(bid.bidId)}{' '}
            <Tag tone={bid.rank === undefined ? 'bad' : bid.rank === 1 ? 'ok' : 'plain'}>
              {bid.rank === undefined ? t('tender.rejected') : `${t('tender.rank')} ${bid.rank}`}
            </Tag>
          </h3>
          <p className="facts n">
            {bid.correctedTotal !== undefined && (
              <span>
                {t('tender.amount')}: <b>{money(bid.correctedTotal)}</b>
              </span>
            )}
            {bid.originalTotal !== undefined && <span>{`${t('matrix.written')}: ${money(bid.originalTotal)}`}</span>}
          </p>
          <Reasons visitor={visitor} result={result} names={names} bid={bid} />
        </li>
      ))}
    </ol>
  );
}

function Reasons({
  visitor,
  result,
  names,
  bid,
}: Omit<Props, 'label'> & { readonly bid: EvaluationResult['bids'][number] }): ReactNode {
  const { t } = visitor;
  const corrections = correctionsOf(visitor, result, bid.corrections, names);
  return (
    <>
      {reasonsFor(visitor, result, bid, names).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {bid.tieKey !== undefined && <p className="hash">{t('eval.result.tie_key', { key: bid.tieKey })}</p>}
      {corrections.length > 0 && (
        <p className="quiet">{`${t('eval.result.corrections')}: ${corrections.join('; ')}`}</p>
      )}
    </>
  );
}

/** Prices that are so low that the bidder is asked; none is rejected for it. */
export function LowPrices({ visitor: { t }, result, names }: Omit<Props, 'label'>): ReactNode {
  const flagged = result.bids.flatMap(({ bidId, flags }) => flags.map((flag) => ({ bidId, ...flag })));
  if (flagged.length === 0) return null;
  return (
    <Note tone="warn" title={t('eval.flag.title')}>
      <ul>
        {flagged.map(({ bidId, trigger, percent }) => (
          <li key={`${bidId} ${trigger}`}>
            {t(`eval.flag.${trigger}` satisfies Key, { name: names.bidder(bidId), percent })}
          </li>
        ))}
      </ul>
      <p>{t('eval.flag.how')}</p>
    </Note>
  );
}
