/** What is on record about a tender: its files, its changes, who opens, and where it is in the log. */
import { fromBase64, toHex } from '@segel/encoding';
import type { ReactNode } from 'react';
import { Card, Hash, Summary, Table, Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import type { Shown } from './tender-page.js';

export function DocumentsCard({ visitor: { t, f }, facts: { tender } }: Shown): ReactNode {
  const { documents } = tender.terms;
  const base = `/api/tenders/${tender.id}`;
  return (
    <Card id="documents" title={t('tender.documents')}>
      {documents.length === 0 ? (
        <p>{t('tender.documents.none')}</p>
      ) : (
        <Table
          label={t('tender.documents')}
          columns={[{ name: t('tender.document') }, { name: t('tender.file'), number: true }]}
          rows={documents.map(({ id, title, fileName, sizeBytes }) => ({
            key: id,
            cells: [<a href={`${base}/documents/${id}`}>{title}</a>, `${fileName}, ${f.bytes(sizeBytes)}`],
          }))}
        />
      )}
      <p className="row quiet">
        <a href={`${base}/terms/${tender.termsVersion}`}>{t('tender.terms_file')}</a>
        <a href={`${base}/evidence`}>{t('tender.evidence')}</a>
      </p>
    </Card>
  );
}

export function AddendaCard({ visitor: { t, f }, facts: { tender, notices } }: Shown): ReactNode {
  const zone = tender.rules.timeZone;
  const addenda = notices.filter(({ type }) => type === 'tender.addendum');
  if (addenda.length === 0 && tender.outages.length === 0)
    return (
      <Card id="addenda" title={t('tender.addenda')}>
        <p>{t('tender.addenda.none')}</p>
      </Card>
    );
  return (
    <Card id="addenda" title={t('tender.addenda')}>
      <ul className="list">
        {addenda.map(({ at, body, entrySha256 }, i) => {
          const { reason, reseal_required: reseal } = (body ?? {}) as { reason?: string; reseal_required?: boolean };
          return (
            <li key={entrySha256}>
              <h3>{t('tender.addendum', { n: i + 1 })}</h3>
              <p>{reason}</p>
              <p>{t(reseal === true ? 'tender.reseal' : 'tender.reconfirm')}</p>
              <p className="quiet">{f.moment(at, zone)}</p>
            </li>
          );
        })}
        {tender.outages.map(({ from, until, minutes, extendedTo, deadlineBefore, evidenceSha256 }) => (
          <li key={evidenceSha256}>
            <h3>{t('tender.outages')}</h3>
            <p>{t('tender.outage', { n: minutes, from: f.short(from, zone), until: f.short(until, zone) })}</p>
            {extendedTo !== undefined && (
              <p>{t('tender.extended', { before: f.short(deadlineBefore, zone), after: f.short(extendedTo, zone) })}</p>
            )}
            <p>
              <a href={`/api/tenders/${tender.id}/outages/${toHex(fromBase64(evidenceSha256))}`}>
                {t('tender.evidence')}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function OpenersCard({ visitor: { t }, facts: { tender } }: Shown): ReactNode {
  return (
    <Card id="openers" title={t('tender.openers')}>
      <p>{t('tender.openers.how')}</p>
      <Summary
        lines={tender.terms.groups.map(({ name, institution, external, k, openerIds }) => [
          t('tender.group', { k, n: openerIds.length }),
          <>
            {institution}{' '}
            <Tag tone={external ? 'seal' : 'plain'}>{t(external ? 'tender.external' : 'tender.internal')}</Tag>
            <br />
            <span className="quiet">{name}</span>
          </>,
        ])}
      />
    </Card>
  );
}

const NAMED = ['tender.published', 'tender.addendum', 'tender.cancelled', 'box.closed'] as const;

export function LogCard({ visitor: { t, f, href }, facts: { tender, notices, boxes } }: Shown): ReactNode {
  const closed = boxes.map(({ index, leafSha256, closedAt }) => ({
    type: 'box.closed',
    index,
    leafSha256,
    at: closedAt,
  }));
  const rows = [...notices, ...closed].map(({ type, at, index, leafSha256 }) => {
    const known = NAMED.find((one) => one === type);
    const place =
      index === undefined ? (
        t('tender.entry.soon')
      ) : (
        <a href={href(`/audit/entri/${index}`)}>{t('tender.entry', { n: index })}</a>
      );
    const name = known === undefined ? type : t(`entry.${known}` satisfies Key);
    return { key: leafSha256, cells: [name, f.short(at, tender.rules.timeZone), place, <Hash>{leafSha256}</Hash>] };
  });
  const columns = [
    { name: t('account.what') },
    { name: t('account.when') },
    { name: t('tender.log') },
    { name: t('log.leaf') },
  ];
  return (
    <Card id="log" title={t('tender.log')}>
      <p>{t('tender.log.how')}</p>
      <Table label={t('tender.log')} columns={columns} rows={rows} />
      <p className="row">
        <a href={href(`/tender/${tender.id}/riwayat`)}>{t('replay.open')}</a>
        <a href={href(`/tender/${tender.id}/pemeriksaan`)}>{t('report.open')}</a>
        <a href={href('/audit')}>{t('home.check')}</a>
      </p>
    </Card>
  );
}
