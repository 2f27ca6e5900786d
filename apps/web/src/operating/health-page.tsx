/** Storage as the last readings found it; log and witnesses have their public page. */
import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Table } from '../look/parts.js';
import type { Key } from '../words/words.js';

export function healthPage(visitor: Visitor, { whole, audits, items }: Schemas['StorageView']): Page {
  const { t, f, href } = visitor;
  const at = { name: t('op.storage.at') };
  return new Page(
    t('op.health'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('op.health')}</h1>
        <p>
          <a href={href('/status')}>{t('health.title')}</a>
        </p>
        <Note tone={whole ? 'ok' : 'bad'} title={t('op.storage')}>
          <p>{t(whole ? 'op.storage.whole' : 'op.storage.damaged')}</p>
        </Note>
        {items.length > 0 && (
          <Card id="damages" title={t('op.storage.damaged')}>
            <p>{t('op.storage.vendor')}</p>
            <Table
              label={t('op.storage.damaged')}
              columns={[{ name: t('op.storage.sha') }, { name: t('op.storage.found') }, at]}
              rows={items.map(({ id, sha256, found, foundAt }) => ({
                key: id,
                cells: [
                  <Hash key={id}>{sha256}</Hash>,
                  t(`op.storage.${found}` satisfies Key),
                  f.short(foundAt, 'Asia/Jakarta'),
                ],
              }))}
            />
          </Card>
        )}
        <Card id="audits" title={t('op.storage.audits')}>
          {audits.length === 0 ? (
            <p>{t('op.storage.audits.none')}</p>
          ) : (
            <Table
              label={t('op.storage.audits')}
              columns={[at, { name: t('op.storage.found') }]}
              rows={audits.map(({ id, completedAt, damaged, missing }) => ({
                key: id,
                cells: [f.short(completedAt, 'Asia/Jakarta'), t('op.storage.counts', { damaged, missing })],
              }))}
            />
          )}
        </Card>
      </div>
    </>,
    { at: '/kerja' },
  );
}
