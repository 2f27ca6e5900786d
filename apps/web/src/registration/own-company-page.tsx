/** What a company sees of itself: where its registration stands, its documents and when they end. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { FileField, PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Choice, Field, Note, Summary, Table, Tag } from '../look/parts.js';
import { isKey, type Key } from '../words/words.js';

type Vendor = Schemas['VendorView'];

/** Of documents; the API takes any word, these are the ones that have a name here. */
export const KINDS = ['licence', 'certificate', 'tax', 'deed', 'ownership', 'other'] as const;
const TONE = { submitted: 'warn', approved: 'ok', rejected: 'bad' } as const;
const SOON_MS = 30 * 86_400_000;

export function ownCompanyPage(visitor: Visitor, vendor: Vendor, wrong?: Wrong): Page {
  const { t, href } = visitor;
  const { state } = vendor;
  return new Page(
    t('company.own.title'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{vendor.name}</h1>
        <WrongSummary visitor={visitor} wrong={wrong} />
        <Note tone={TONE[state]} title={t(`company.${state}` satisfies Key)}>
          <p>{t(`company.${state}.next` satisfies Key)}</p>
        </Note>
        <p>
          <a href={href('/penyedia/perusahaan/orang')}>{t('colleagues.link')}</a>
        </p>
        <Documents visitor={visitor} vendor={vendor} />
        {state !== 'rejected' && <AddDocument visitor={visitor} />}
        <Decisions visitor={visitor} decisions={vendor.decisions} />
        {vendor.exclusions.length > 0 && (
          <Card id="exclusions" title={t('company.exclusions')}>
            <ul>
              {vendor.exclusions.map(({ id, reason, fromAt, untilAt }) => (
                <li key={id}>
                  {reason} ({visitor.f.short(fromAt, 'Asia/Jakarta')} – {visitor.f.short(untilAt, 'Asia/Jakarta')})
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Declared visitor={visitor} vendor={vendor} />
      </div>
    </>,
    { at: '/kerja' },
  );
}

type OfVendor = { readonly visitor: Visitor; readonly vendor: Vendor };

export function Documents({ visitor, vendor }: OfVendor): ReactNode {
  const { t, f } = visitor;
  return (
    <Card id="documents" title={t('company.documents')}>
      {vendor.documents.length === 0 ? (
        <p>{t('company.documents.none')}</p>
      ) : (
        <Table
          label={t('company.documents')}
          columns={[
            { name: t('company.document.kind') },
            { name: t('company.documents') },
            { name: t('company.document.expires') },
          ]}
          rows={vendor.documents.map(({ id, kind, fileName, sizeBytes, expiresOn }) => ({
            key: id,
            cells: [
              kindName(visitor, kind),
              <a key={id} href={`/api/vendors/${vendor.id}/documents/${id}`}>
                {fileName} ({f.bytes(sizeBytes)})
              </a>,
              <Expiry key={id} visitor={visitor} day={expiresOn} />,
            ],
          }))}
        />
      )}
    </Card>
  );
}

export const kindName = ({ t }: Visitor, kind: string): string =>
  (KINDS as readonly string[]).includes(kind) ? t(`kind.${kind as (typeof KINDS)[number]}` satisfies Key) : kind;

function Expiry({
  visitor: { t, now },
  day,
}: {
  readonly visitor: Visitor;
  readonly day: string | undefined;
}): ReactNode {
  if (day === undefined) return '–';
  const ends = Date.parse(`${day}T23:59:59Z`);
  if (ends < now.getTime()) return <Tag tone="bad">{t('company.document.expired', { day })}</Tag>;
  if (ends < now.getTime() + SOON_MS) return <Tag tone="warn">{t('company.document.soon', { day })}</Tag>;
  return t('company.document.until', { day });
}

function AddDocument({ visitor }: { readonly visitor: Visitor }): ReactNode {
  const { t } = visitor;
  return (
    <PostForm visitor={visitor} action="/penyedia/perusahaan/berkas" className="card form" files>
      <h2>{t('company.document.add')}</h2>
      <Choice
        name="kind"
        label={t('company.document.kind')}
        value="licence"
        options={KINDS.map((kind) => [kind, t(`kind.${kind}` satisfies Key)])}
      />
      <FileField name="file" label={t('company.document.file')} accept=".pdf,.jpg,.jpeg,.png" />
      <Field name="expiresOn" label={`${t('company.document.expires')} (${t('form.optional')})`} type="date" />
      <button className="button">{t('company.document.add')}</button>
    </PostForm>
  );
}

export function Decisions({
  visitor: { t, f },
  decisions,
}: {
  readonly visitor: Visitor;
  readonly decisions: Vendor['decisions'];
}): ReactNode {
  return (
    <Card id="decisions" title={t('company.decisions')}>
      {decisions.length === 0 && <p>{t('company.decisions.none')}</p>}
      <ul className="list">
        {decisions.map(({ decidedBy, decision, reasons, decidedAt }) => (
          <li key={decidedBy}>
            {f.short(decidedAt, 'Asia/Jakarta')}: {t(`company.decision.${decision}` satisfies Key)}
            {reasons.map((reason) => (
              <p key={reason}>{reason}</p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Declared({ visitor: { t }, vendor }: OfVendor): ReactNode {
  const { name, identifierScheme, identifier, country, address, record } = vendor;
  const declared = (record as { readonly declared?: object }).declared ?? {};
  return (
    <Card id="record" title={t('company.record')}>
      <Summary
        lines={[
          [t('field.name'), name],
          [t('field.identifier'), `${identifierScheme} ${identifier}`],
          [t('field.country'), country],
          [t('field.address'), address],
          ...Object.entries(declared).map(
            ([key, value]) => [fieldName(t, key), typeof value === 'string' ? value : JSON.stringify(value)] as const,
          ),
        ]}
      />
    </Card>
  );
}

/** Programs may declare more than our form asks. */
const fieldName = (t: Visitor['t'], name: string): string => {
  const key = `field.${name}`;
  return isKey(key) ? t(key as 'field.tax') : name;
};
