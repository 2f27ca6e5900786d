/** For a bid that is sealed on a computer without a network: what to take there, and the way back in. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';
import { PickFile } from '../look/pick-file.js';

export const ElsewhereCard = ({ visitor: { t, href } }: { readonly visitor: Visitor }): ReactNode => (
  <Card id="elsewhere" title={t('elsewhere.title')}>
    <p>{t('elsewhere.lead')}</p>
    <ol>
      <li>
        <a href={href('/alat-segel')}>{t('elsewhere.program')}</a>
      </li>
      <li>
        <button type="button" className="text-button" id="kit">
          {t('elsewhere.kit')}
        </button>
        <p className="row" id="kit-status" role="status" />
        <p>
          <button type="button" className="button" id="kit-anyway" hidden>
            {t('bid.anyway')}
          </button>
        </p>
      </li>
      <li>{t('elsewhere.seal')}</li>
    </ol>
    <div className="field">
      <PickFile
        id="bundle"
        label={t('elsewhere.bundle')}
        hint={t('elsewhere.bundle.hint')}
        accept=".tar"
        choose={t('bid.file.choose')}
        none={t('bid.file.none')}
      />
    </div>
    <p>
      <button type="button" className="button" id="bring">
        {t('elsewhere.send')}
      </button>
    </p>
  </Card>
);
