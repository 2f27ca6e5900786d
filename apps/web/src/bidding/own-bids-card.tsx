/** On a vendor's desk: the latest bids, and the way to all of them. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card, Tag } from '../look/parts.js';
import type { OwnBid } from './bid-facts.js';
import { bidTone, bidWords } from './bid-states.js';

type Props = { readonly visitor: Visitor; readonly bids: readonly OwnBid[] };

export function OwnBidsCard({ visitor, bids }: Props): ReactNode {
  const { t, href } = visitor;
  return (
    <Card id="bids" title={t('work.bids')}>
      {bids.length === 0 && <p>{t('work.bids.none')}</p>}
      <ul className="list">
        {bids.map((bid) => (
          <li key={bid.id}>
            <h3>
              <a href={href(`/tender/${bid.tenderId}/penawaran/${bid.id}`)}>{bid.tenderTitle}</a>
            </h3>
            <Tag tone={bidTone(bid.state)}>{bidWords(visitor, bid.state)}</Tag>
          </li>
        ))}
      </ul>
      <p>
        <a href={href('/penyedia/saya')}>{t('mine.card.all')}</a>
      </p>
    </Card>
  );
}
