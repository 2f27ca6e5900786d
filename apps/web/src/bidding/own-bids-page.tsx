/** The vendor's list: every bid with its state, its receipt, and the result with its reasons once that is public. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import type { OwnBid } from './bid-facts.js';
import { bidTone, bidWords } from './bid-states.js';

type Mine = {
  readonly bids: readonly OwnBid[];
  readonly next: string | undefined;
  readonly awards: readonly Schemas['AwardView'][];
  readonly documents: readonly Schemas['VendorDocumentView'][];
};

export function ownBidsPage(visitor: Visitor, { bids, next, awards, documents }: Mine): Page {
  const { t, href } = visitor;
  return new Page(
    t('mine.title'),
    <>
      <Crumb visitor={visitor} desk />
      <h1>{t('mine.title')}</h1>
      <p className="lead">{t('mine.lead')}</p>
      <div className="cols aside">
        <div className="stack">
          {bids.length === 0 ? (
            <div className="card">
              <p>{t('mine.none')}</p>
              <p>
                <a className="button" href={href('/tender?status=open')}>
                  {t('mine.find')}
                </a>
              </p>
            </div>
          ) : (
            <div className="card">
              <ul className="list">
                {bids.map((bid) => (
                  <BidLine
                    key={bid.id}
                    visitor={visitor}
                    bid={bid}
                    award={awards.find((one) => one.lotId === bid.lotId)}
                  />
                ))}
              </ul>
            </div>
          )}
          {next !== undefined && (
            <p>
              <a href={href(`/penyedia/saya?setelah=${next}`)}>{t('mine.next')}</a>
            </p>
          )}
        </div>
        <div className="stack">
          <DocumentsCard visitor={visitor} documents={documents} />
        </div>
      </div>
    </>,
    { at: '/kerja' },
  );
}

type LineProps = {
  readonly visitor: Visitor;
  readonly bid: OwnBid;
  readonly award: Schemas['AwardView'] | undefined;
};

/** The list is of many tenders: their zones may differ, ours is said with every time. */
const ZONE = 'Asia/Jakarta';

function BidLine({ visitor, bid, award }: LineProps): ReactNode {
  const { t, f, href } = visitor;
  const result = award === undefined || bid.state !== 'opened' ? undefined : resultOf(visitor, bid, award);
  return (
    <li>
      <Tag tone={bidTone(bid.state)}>{bidWords(visitor, bid.state)}</Tag>
      <h2>
        <a href={href(`/tender/${bid.tenderId}`)}>{bid.tenderTitle}</a>
      </h2>
      <p className="quiet">
        {t('mine.sent', { at: f.short(bid.submittedAt, ZONE) })} ·{' '}
        {t('mine.deadline', { at: f.short(bid.deadlineAt, ZONE) })}
      </p>
      {result !== undefined && <p>{result}</p>}
      <p>
        <a href={href(`/tender/${bid.tenderId}/penawaran/${bid.id}`)}>{t('mine.see')}</a>
      </p>
    </li>
  );
}

type Ranked = {
  readonly bid_id: string;
  readonly rank?: number;
  readonly reasons?: readonly { readonly text: string }[];
};

/** What the committee found of the bid, in its own words. */
export function resultOf(
  { t }: Pick<Visitor, 't'>,
  { id }: Pick<OwnBid, 'id'>,
  award: Schemas['AwardView'],
): string | undefined {
  const result = award.result as { readonly bids: readonly Ranked[] } | undefined;
  const own = result?.bids.find(({ bid_id }) => bid_id === id);
  if (award.award?.bidId === id) return t('mine.won');
  if (own === undefined) return award.state === 'failed' ? t('mine.lot_failed') : undefined;
  if (own.rank !== undefined) return t('mine.rank', { n: own.rank });
  const reasons = own.reasons?.map(({ text }) => text).join(' ') ?? '';
  return reasons === '' ? t('mine.refused.plain') : t('mine.refused', { reasons });
}

const SOON_MS = 60 * 86_400_000;

type DocumentsProps = { readonly visitor: Visitor; readonly documents: Mine['documents'] };

function DocumentsCard({ visitor: { t, now }, documents }: DocumentsProps): ReactNode {
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + SOON_MS).toISOString().slice(0, 10);
  const ending = documents.filter(({ expiresOn }) => expiresOn !== undefined && expiresOn <= soon);
  return (
    <Card id="documents" title={t('mine.documents')}>
      {ending.length === 0 && <p>{t('mine.documents.fine')}</p>}
      <ul>
        {ending.map(({ id, fileName: name, expiresOn: day = '' }) => (
          <li key={id}>{t(day < today ? 'mine.document.over' : 'mine.document.soon', { name, day })}</li>
        ))}
      </ul>
    </Card>
  );
}
