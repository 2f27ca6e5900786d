import type { Schemas } from '@segel/client';
import { fromBase64, utf8Text } from '@segel/encoding';
import { ENTRY_TYPES } from '@segel/evidence';
import { parseLeaf } from '@segel/tlog';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Choice, Field, Hash, Note, Summary, Table } from '../look/parts.js';
import { isKey, type Key } from '../words/words.js';
import { ActorSearch } from './actor-pages.js';
import { DENIED_ATTEMPTS, trailAddress, ZONE, type TrailFilter, type WrongTrail } from './trail-filter.js';

type TrailPage = Schemas['TrailPage'];

const TYPES = Object.keys(ENTRY_TYPES);

/** An entry type in words; itself where the catalogue is newer than these words. */
export const saysOf = ({ t }: Pick<Visitor, 't'>, type: string): string => {
  const key = `entry.${type}`;
  return isKey(key) ? t(key as 'entry.log.genesis') : type;
};

type Shown = { readonly visitor: Visitor; readonly filter: TrailFilter };

/** @param found the page, or the field that could not be read */
export function trailPage(visitor: Visitor, filter: TrailFilter, found: TrailPage | WrongTrail): Page {
  const { t } = visitor;
  const { after: _, ...asked } = filter;
  const used = Object.values(asked).filter((one) => one !== '').length;
  const page = typeof found === 'string' ? undefined : found;
  return new Page(
    t('aud.trail'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('aud.trail')}</h1>
        <p className="lead">{t('aud.trail.lead')}</p>
        {typeof found === 'string' && <Wrong visitor={visitor} field={found} />}
        <div className="cols filter">
          <details className="fold" open={page === undefined}>
            <summary>{t('aud.trail.filters', { n: used })}</summary>
            <div className="stack">
              <FilterForm visitor={visitor} filter={filter} about={page?.about} />
              <ActorSearch visitor={visitor} filter={filter} words="" />
            </div>
          </details>
          {page !== undefined && <Found visitor={visitor} filter={filter} page={page} />}
        </div>
      </div>
    </>,
    { at: '/kerja' },
  );
}

const Wrong = ({ visitor: { t }, field }: { readonly visitor: Visitor; readonly field: WrongTrail }): ReactNode => (
  <div className="card wrong" role="alert" tabIndex={-1} autoFocus>
    <h2>{t('aud.trail.wrong')}</h2>
    <p>
      {field === 'hal' || field === 'pelaku' ? (
        t(`aud.wrong.${field}` satisfies Key)
      ) : (
        <a href={`#${field}`}>{t(`aud.wrong.${field}` satisfies Key)}</a>
      )}
    </p>
  </div>
);

function FilterForm({ visitor, filter, about }: Shown & { readonly about: string | undefined }): ReactNode {
  const { t, href } = visitor;
  const types = TYPES.map((type) => [type, `${saysOf(visitor, type)} (${type})`] as const);
  const { actorId, vendorId } = filter;
  const chosen = actorId || vendorId;
  const everybody = trailAddress('/kerja/audit', { ...filter, actorId: '', vendorId: '', after: '' });
  return (
    <form className="card" action={href('/kerja/audit')}>
      {chosen !== '' && (
        <>
          <p>
            {t(actorId === '' ? 'aud.by.company' : 'aud.by.person')}: <b>{about ?? chosen}</b>{' '}
            <a href={href(everybody)}>{t('aud.by.everybody')}</a>
          </p>
          <input type="hidden" name={actorId === '' ? 'perusahaan' : 'pelaku'} value={chosen} />
        </>
      )}
      <Choice
        name="jenis"
        label={t('aud.trail.type')}
        value={filter.type}
        options={[['', t('search.any')], [DENIED_ATTEMPTS, t('aud.denied')], ...types]}
      />
      <Field name="dari" label={t('aud.from')} type="date" value={filter.from} />
      <Field name="sampai" label={t('aud.until')} type="date" hint={t('aud.until.hint')} value={filter.until} />
      <Field name="tender" label={t('aud.trail.tender')} value={filter.tenderId} />
      <button className="button">{t('aud.trail.apply')}</button>
      <p className="after">
        <a href={href('/kerja/audit')}>{t('search.clear')}</a>
      </p>
    </form>
  );
}

function Found({ visitor, filter, page }: Shown & { readonly page: TrailPage }): ReactNode {
  const { t, href } = visitor;
  const denied = trailAddress('/kerja/audit', { ...filter, type: DENIED_ATTEMPTS, after: '' });
  return (
    <section aria-labelledby="found">
      <h2 id="found">{filter.type === DENIED_ATTEMPTS ? t('aud.denied') : t('aud.found')}</h2>
      <p className="row">
        {filter.type !== DENIED_ATTEMPTS && <a href={href(denied)}>{t('aud.denied')}</a>}
        {filter.tenderId !== '' && <a href={href(`/kerja/audit/tender/${filter.tenderId}`)}>{t('replay.open')}</a>}
      </p>
      <Rows visitor={visitor} page={page} />
      {page.next !== undefined && (
        <p>
          <a className="button" rel="next" href={href(trailAddress('/kerja/audit', { ...filter, after: page.next }))}>
            {t('aud.trail.next')}
          </a>
        </p>
      )}
      {page.items.length > 0 && (
        <p className="row quiet after">
          {t('aud.export')}
          <a href={href(trailAddress('/kerja/audit.csv', filter))}>CSV</a>
          <a href={href(trailAddress('/kerja/audit.json', filter))}>JSON</a>
          <span>{t('aud.export.t')}</span>
        </p>
      )}
    </section>
  );
}

function Rows({ visitor, page }: { readonly visitor: Visitor; readonly page: TrailPage }): ReactNode {
  const { t, f, href } = visitor;
  if (page.items.length === 0) return <p>{t('aud.trail.none')}</p>;
  const rows = page.items.map(({ id, type, at, actorId, actorName, tenderId }) => ({
    key: id,
    cells: [
      f.short(at, ZONE),
      <a href={href(`/kerja/audit/catatan/${id}`)}>{saysOf(visitor, type)}</a>,
      <a href={href(trailAddress('/kerja/audit', { actorId }))}>{actorName ?? actorId}</a>,
      tenderId === undefined ? '' : <a href={href(`/kerja/audit/tender/${tenderId}`)}>{t('replay.open')}</a>,
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
      <Crumb visitor={visitor} above={[['/kerja/audit', t('aud.trail')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <p className="lead">{saysOf(visitor, type)}</p>
        <div className="card">
          <Summary
            lines={[
              [t('aud.at'), f.moment(at, ZONE)],
              [t('aud.actor'), <a href={href(trailAddress('/kerja/audit', { actorId }))}>{actorId}</a>],
              tenderId !== undefined && [
                t('log.tender'),
                <a href={href(`/kerja/audit/tender/${tenderId}`)}>{t('replay.open')}</a>,
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
