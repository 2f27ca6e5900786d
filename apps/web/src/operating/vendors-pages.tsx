/** The queue of registrations, and one of them with what was declared, its documents and the decision. */
import type { Schemas } from '@segel/client';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, TextArea, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Note, Table, Tag } from '../look/parts.js';
import { Declared, Decisions, Documents } from '../registration/own-company-page.js';
import type { Key } from '../words/words.js';

export const STATES = ['submitted', 'approved', 'rejected'] as const;
export type VendorState = (typeof STATES)[number];
const TONE = { submitted: 'warn', approved: 'ok', rejected: 'bad' } as const;

export function vendorsPage(visitor: Visitor, state: VendorState, { items, next }: Schemas['VendorPage']): Page {
  const { t, f, href } = visitor;
  return new Page(
    t('op.vendors'),
    <>
      <Crumb visitor={visitor} desk />
      <h1>{t('op.vendors')}</h1>
      <p className="row">
        {STATES.map((one) => (
          <a
            key={one}
            href={href(`/kerja/pendaftaran?status=${one}`)}
            aria-current={one === state ? 'page' : undefined}
          >
            {stateWords(visitor, one)}
          </a>
        ))}
      </p>
      {items.length === 0 ? (
        <p>{t('op.vendors.none')}</p>
      ) : (
        <Table
          label={t('op.vendors')}
          columns={[
            { name: t('field.name') },
            { name: t('field.identifier') },
            { name: t('op.state') },
            { name: t('account.when') },
          ]}
          rows={items.map(({ id, name, identifierScheme, identifier, registeredAt, approvals, state: now }) => ({
            key: id,
            cells: [
              <a key={id} href={href(`/kerja/pendaftaran/${id}`)}>
                {name}
              </a>,
              `${identifierScheme} ${identifier}`,
              now === 'submitted' ? t('op.vendors.approvals', { n: approvals }) : stateWords(visitor, now),
              f.short(registeredAt, 'Asia/Jakarta'),
            ],
          }))}
        />
      )}
      {next !== undefined && (
        <p>
          <a href={href(`/kerja/pendaftaran?status=${state}&hal=${encodeURIComponent(next)}`)}>{t('search.next')}</a>
        </p>
      )}
    </>,
    { at: '/kerja' },
  );
}

const stateWords = ({ t }: Visitor, state: VendorState): string =>
  state === 'submitted' ? t('op.vendors.waiting') : t(`company.${state}` satisfies Key);

type Said = { readonly wrong?: Wrong | undefined; readonly done?: boolean };

export function vendorPage(visitor: Visitor, vendor: Schemas['VendorView'], { wrong, done }: Said): Page {
  const { t, href } = visitor;
  return new Page(
    vendor.name,
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{vendor.name}</h1>
        <p className="row">
          <Tag tone={TONE[vendor.state]}>{stateWords(visitor, vendor.state)}</Tag>
          <a href={href('/kerja/pendaftaran')}>{t('op.vendors')}</a>
        </p>
        <WrongSummary visitor={visitor} wrong={wrong} />
        {done === true && <Note tone="ok">{t('op.decide.done')}</Note>}
        <div className="cols">
          <Declared visitor={visitor} vendor={vendor} />
          <div className="stack">
            <Documents visitor={visitor} vendor={vendor} />
            <p className="quiet">{t('op.vendor.own_record')}</p>
          </div>
        </div>
        <Decisions visitor={visitor} decisions={vendor.decisions} />
        {vendor.state === 'submitted' ? <Decide visitor={visitor} id={vendor.id} /> : <p>{t('op.vendor.decided')}</p>}
      </div>
    </>,
    { at: '/kerja' },
  );
}

function Decide({ visitor, id }: { readonly visitor: Visitor; readonly id: string }) {
  const { t } = visitor;
  const action = `/kerja/pendaftaran/${id}`;
  return (
    <div className="cols">
      <PostForm visitor={visitor} action={action}>
        <h2>{t('op.vendor.approve')}</h2>
        <p>{t('op.vendor.approve.hint')}</p>
        <button className="button" name="decision" value="approve">
          {t('op.vendor.approve')}
        </button>
      </PostForm>
      <PostForm visitor={visitor} action={action}>
        <h2>{t('op.vendor.reject')}</h2>
        <p>{t('op.vendor.reject.hint')}</p>
        <TextArea name="reasons" label={t('op.vendor.reasons')} required />
        <button className="button" name="decision" value="reject">
          {t('op.vendor.reject')}
        </button>
      </PostForm>
    </div>
  );
}
