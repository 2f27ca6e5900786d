import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';

/** What auditors find on their desk. */
export const AuditorCard = ({ visitor: { t, href } }: { readonly visitor: Visitor }): ReactNode => (
  <Card id="audit" title={t('aud.work')}>
    <ul>
      <li>
        <a href={href('/kerja/audit')}>{t('aud.trail')}</a>
      </li>
      <li>
        <a href={href('/kerja/penghapusan')}>{t('aud.erasures')}</a>
      </li>
    </ul>
  </Card>
);
