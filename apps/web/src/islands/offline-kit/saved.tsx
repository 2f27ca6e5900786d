/** What the kit shows when a bid is sealed: the file that travels, the seed that does not, and what to do next. */
import type { ReactNode } from 'react';
import { Card, Hash, Note, Summary } from '../../look/parts.js';
import type { Reader } from '../../words/reader.js';
import type { SavedBid } from '../sealing/offline-messages.js';
import { Around, type KitFacts } from './views.js';

type Props = {
  readonly visitor: Reader;
  readonly facts: KitFacts;
  readonly bid: SavedBid;
  /** Of the files, in the memory of the browser. */
  readonly addresses: { readonly bundle: string; readonly seed: string };
};

export const Saved = ({ visitor, facts, bid, addresses }: Props): ReactNode => {
  const { t, f } = visitor;
  const { kit } = facts.file;
  return (
    <Around visitor={visitor}>
      <h1 id="sealed" tabIndex={-1}>
        {t('kit.sealed')}
      </h1>
      <Note tone="seal">
        <p>{t('kit.sealed.how')}</p>
        <p>
          <a className="button" id="save" href={addresses.bundle} download={`${bid.bidId}.bid.tar`}>
            {t('kit.save', { size: f.bytes(bid.bundle.size) })}
          </a>
        </p>
        <p>{t('kit.seed.how')}</p>
        <p>
          <a className="button" id="save-seed" href={addresses.seed} download={`${bid.bidId}.seed.age`}>
            {t('kit.seed.save')}
          </a>
        </p>
        <p>
          <button type="button" className="text-button" id="both-saved">
            {t('kit.saved.both')}
          </button>
        </p>
        <p id="saved-state" role="status" />
      </Note>
      <div className="card">
        <Summary
          lines={[
            [t('kit.tender'), kit.title],
            [t('kit.deadline'), f.moment(kit.deadlineAt, facts.zone)],
            [t('kit.sealed_at'), f.moment(bid.sealedAt, facts.zone)],
            [t('bid.fingerprint'), <Hash>{bid.manifestSha256}</Hash>],
          ]}
        />
      </div>
      <Card id="next" title={t('kit.next')}>
        <ol>
          <li>{t('kit.next1')}</li>
          <li>{t('kit.next2')}</li>
          <li>{t('kit.next3')}</li>
        </ol>
      </Card>
      <p>
        <button type="button" className="text-button" id="again">
          {t('kit.again')}
        </button>
      </p>
    </Around>
  );
};
