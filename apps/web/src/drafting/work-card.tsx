import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';

/** On the landing page of those who draft tenders or approve them. */
export function DraftingCard({ visitor: { t, href, me } }: { readonly visitor: Visitor }): ReactNode {
  const own = me?.roles.some(({ role }) => role === 'preparer' || role === 'approver') === true;
  if (!own) return null;
  return (
    <Card id="drafting" title={t('drafting.list')}>
      <p>{t('drafting.card')}</p>
      <p>
        <a className="button" href={href('/kerja/paket')}>
          {t('drafting.open')}
        </a>
      </p>
    </Card>
  );
}
