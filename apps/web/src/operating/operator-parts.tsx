import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';

export const OperatorCrumb = ({ visitor: { t, href } }: { readonly visitor: Visitor }): ReactNode => (
  <nav className="crumb" aria-label={t('nav.crumb')}>
    <a href={href('/kerja')}>{t('nav.work')}</a>
  </nav>
);

/** What operators find on their desk. */
export const OperatorCard = ({ visitor: { t, href } }: { readonly visitor: Visitor }): ReactNode => (
  <Card id="operation" title={t('op.card')}>
    <ul>
      <li>
        <a href={href('/kerja/pendaftaran')}>{t('op.vendors')}</a>
      </li>
      <li>
        <a href={href('/kerja/orang')}>{t('op.people')}</a>
      </li>
      <li>
        <a href={href('/kerja/kesehatan')}>{t('op.health')}</a>
      </li>
    </ul>
  </Card>
);
