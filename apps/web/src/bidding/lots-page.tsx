/** A tender of several lots: which one is bid for. */
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import { standingBid, type OwnBid, type Tender } from './bid-facts.js';
import { bidTone, bidWords } from './bid-states.js';
import { TenderCrumb } from './needs-page.js';

export function lotsPage(visitor: Visitor, tender: Tender, bids: readonly OwnBid[]): Page {
  const { t, href } = visitor;
  const at = `/tender/${tender.id}/penawaran`;
  return new Page(
    t('bid.title', { title: tender.title }),
    <>
      <TenderCrumb visitor={visitor} tender={tender} />
      <div className="stack">
        <h1>{t('bid.title', { title: tender.title })}</h1>
        <Card id="lots" title={t('bid.lots')}>
          <p>{t('bid.lots.how')}</p>
          <ol className="tasks">
            {tender.terms.lots.map((lot) => {
              const bid = standingBid(bids, lot.id);
              return (
                <li key={lot.id}>
                  <a href={href(`${at}?lot=${lot.id}`)}>{lot.title}</a>
                  <Tag tone={bid === undefined ? 'plain' : bidTone(bid.state)}>
                    {bid === undefined ? t('bid.lot.none') : bidWords(visitor, bid.state)}
                  </Tag>
                </li>
              );
            })}
          </ol>
        </Card>
      </div>
    </>,
    { at: '/tender' },
  );
}
