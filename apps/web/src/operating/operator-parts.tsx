import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';

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
