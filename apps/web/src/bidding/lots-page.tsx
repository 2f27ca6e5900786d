/** A tender of several lots: which one is bid for. */
import type { Visitor } from '../http/visitor.js';
import { Tasks } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Tag } from '../look/parts.js';
import { standingBid, type OwnBid, type Tender } from './bid-facts.js';
import { bidTone, bidWords } from './bid-states.js';
import { TenderCrumb } from './needs-page.js';

export function lotsPage(visitor: Visitor, tender: Tender, bids: readonly OwnBid[]): Page {
  const { t } = visitor;
  const at = `/tender/${tender.id}/penawaran`;
  return new Page(
    t('bid.title', { title: tender.title }),
    <>
      <TenderCrumb visitor={visitor} tender={tender} />
      <div className="stack">
        <h1>{t('bid.title', { title: tender.title })}</h1>
        <Card id="lots" title={t('bid.lots')}>
          <p>{t('bid.lots.how')}</p>
          <Tasks
            visitor={visitor}
            tasks={tender.terms.lots.map((lot) => {
              const bid = standingBid(bids, lot.id);
              const tone = bid === undefined ? 'plain' : bidTone(bid.state);
              const words = bid === undefined ? t('bid.lot.none') : bidWords(visitor, bid.state);
              return { key: lot.id, name: lot.title, to: `${at}?lot=${lot.id}`, state: <Tag tone={tone}>{words}</Tag> };
            })}
          />
        </Card>
      </div>
    </>,
    { at: '/tender' },
  );
}
