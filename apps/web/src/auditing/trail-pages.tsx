import type { Schemas } from '@segel/client';
import { fromBase64, utf8Text } from '@segel/encoding';
import { parseLeaf } from '@segel/tlog';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Card, Field, Hash, Note, Summary, Table } from '../look/parts.js';

/** Attempts that came to nothing. */
const DENIED = ['access.denied', 'refusal.recorded', 'bid.refused'] as const;

export type TrailFilter = { readonly tenderId: string; readonly type: string; readonly after: string };

const addressOf = ({ tenderId, type, after }: TrailFilter): string =>
  `/kerja/audit?${new URLSearchParams({ tender: tenderId, jenis: type, hal: after }).toString()}`;

/** @param page undefined when the filter could not be read */
export function trailPage(visitor: Visitor, filter: TrailFilter, page: Schemas['TrailPage'] | undefined): Page {
  const { t, href } = visitor;
  return new Page(
    t('aud.trail'),
    <>
      <Crumb visitor={visitor} to="/kerja" name={t('nav.work')} />
      <div className="stack">
        <h1>{t('aud.trail')}</h1>
        <p className="lead">{t('aud.trail.lead')}</p>
        <form className="card narrow" action={href('/kerja/audit')}>
          <Field name="tender" label={t('aud.trail.tender')} value={filter.tenderId} />
          <Field name="jenis" label={t('aud.trail.type')} hint={t('aud.trail.type.hint')} value={filter.type} />
          <button className="button">{t('aud.trail.apply')}</button>
        </form>
        <Card id="denied" title={t('aud.denied')}>
          <p className="row">
            {DENIED.map((type) => (
              <a key={type} href={href(addressOf({ ...filter, type, after: '' }))}>
                {type}
              </a>
            ))}
          </p>
        </Card>
        {page === undefined ? <Note tone="bad">{t('aud.trail.wrong')}</Note> : <Rows visitor={visitor} page={page} />}
        {page?.next !== undefined && (
          <a href={href(addressOf({ ...filter, after: page.next }))}>{t('aud.trail.next')}</a>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

function Rows({ visitor, page }: { readonly visitor: Visitor; readonly page: Schemas['TrailPage'] }): ReactNode {
  const { t, f, href } = visitor;
  if (page.items.length === 0) return <p>{t('aud.trail.none')}</p>;
  const rows = page.items.map(({ id, type, at, actorId, tenderId }) => ({
    key: id,
    cells: [
      f.short(at, 'Asia/Jakarta'),
      <a href={href(`/kerja/audit/catatan/${id}`)}>{type}</a>,
      <Hash>{actorId}</Hash>,
      tenderId === undefined ? '' : <a href={href(addressOf({ tenderId, type: '', after: '' }))}>{tenderId}</a>,
    ],
  }));
  const columns = [t('aud.at'), t('aud.type'), t('aud.actor'), t('log.tender')].map((name) => ({ name }));
  return <Table label={t('aud.trail')} columns={columns} rows={rows} />;
}

export function entryPage(visitor: Visitor, entry: Schemas['OpenedTrailView']): Page {
  const { t, f, href } = visitor;
  const { type, at, actorId, tenderId, index, leafSha256, commitment } = entry;
  const content = contentOf(entry);
  const title = t('aud.one', { type });
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} to="/kerja/audit" name={t('aud.trail')} />
      <div className="stack">
        <h1>{title}</h1>
        <div className="card">
          <Summary
            lines={[
              [t('aud.at'), f.moment(at, 'Asia/Jakarta')],
              [t('aud.actor'), <Hash>{actorId}</Hash>],
              tenderId !== undefined && [
                t('log.tender'),
                <a href={href(addressOf({ tenderId, type: '', after: '' }))}>{tenderId}</a>,
              ],
              [t('log.leaf'), <Hash>{leafSha256}</Hash>],
              commitment !== undefined && [t('aud.commitment'), <Hash>{commitment}</Hash>],
              [
                t('aud.place'),
                index === undefined ? t('aud.waiting') : <a href={href(`/audit/entri/${index}`)}>{f.number(index)}</a>,
              ],
            ]}
          />
        </div>
        {entry.erased === true && <Note tone="warn">{t('aud.erased')}</Note>}
        {content !== undefined && (
          <Card id="content" title={t('aud.why')}>
            <pre className="raw" tabIndex={0}>
              {content}
            </pre>
          </Card>
        )}
      </div>
    </>,
    { at: '/kerja' },
  );
}

/** What the entry says: from its opening, or from its clear leaf. */
function contentOf({ entryBytes, data }: Schemas['OpenedTrailView']): string | undefined {
  const leaf = data === undefined ? undefined : parseLeaf(fromBase64(data));
  const bytes =
    entryBytes === undefined ? (leaf?.blinded === false ? leaf.entryBytes : undefined) : fromBase64(entryBytes);
  return bytes === undefined ? undefined : JSON.stringify(JSON.parse(utf8Text(bytes)), null, 2);
}

export function onlyAuditorsPage({ t, href, reply }: Visitor): Page {
  void reply.status(403);
  return new Page(
    t('aud.only'),
    <div className="stack">
      <h1>{t('aud.only')}</h1>
      <p className="lead">{t('aud.only.t')}</p>
      <p>
        <a href={href('/kerja')}>{t('nav.work')}</a>
      </p>
    </div>,
    { at: '/kerja' },
  );
}

const Crumb = ({
  visitor: { t, href },
  to,
  name,
}: {
  readonly visitor: Visitor;
  readonly to: string;
  readonly name: string;
}): ReactNode => (
  <nav className="crumb" aria-label={t('nav.crumb')}>
    <a href={href(to)}>{name}</a>
  </nav>
);
