import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import { text, type Form, type Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { FileField, PostForm, TextArea, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Choice, Field, Note } from '../look/parts.js';
import { CATEGORIES } from '../tenders/search-query.js';

export type Choices = {
  readonly packs: readonly Schemas['RulePackView'][];
  readonly buyers: readonly { readonly id: string; readonly name: string }[];
};

type Around = {
  readonly visitor: Visitor;
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
};

const around = ({ visitor, title, lead, children }: Around): Page =>
  new Page(
    title,
    <>
      <Crumb visitor={visitor} desk above={[['/kerja/paket', visitor.t('drafting.list')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
        {children}
      </div>
    </>,
    { at: '/kerja' },
  );

type Given = { readonly visitor: Visitor; readonly choices: Choices; readonly form: Form };

/** Whose tender it is, and under which rules. */
const Beginning = ({ visitor: { t }, choices: { packs, buyers }, form }: Given): ReactNode => (
  <>
    <Choice
      name="buyerId"
      label={t('tender.buyer')}
      value={text(form, 'buyerId')}
      options={buyers.map(({ id, name }) => [id, name] as const)}
    />
    <Choice
      name="rulePackId"
      label={t('tender.pack')}
      value={text(form, 'rulePackId')}
      options={packs.map(({ id, title, unverified }) => [
        id,
        `${title} (${id})${unverified.length > 0 ? `: ${t('drafting.pack.unverified')}` : ''}`,
      ])}
    />
  </>
);

export function newPage(visitor: Visitor, choices: Choices, form: Form, wrong?: Wrong): Page {
  const { t, href } = visitor;
  const children = (
    <>
      <WrongSummary visitor={visitor} wrong={wrong} />
      {choices.buyers.length === 0 ? (
        <Note tone="warn">
          <p>{t('drafting.buyer.none')}</p>
        </Note>
      ) : (
        <PostForm visitor={visitor} id="new" action="/kerja/paket/baru" className="card form">
          <Beginning visitor={visitor} choices={choices} form={form} />
          <Field
            name="title"
            label={t('drafting.title')}
            hint={t('drafting.title.hint')}
            value={text(form, 'title')}
            required
          />
          <TextArea
            name="description"
            label={t('drafting.description')}
            hint={t('drafting.description.hint')}
            value={text(form, 'description')}
            required
          />
          <Choice
            name="category"
            label={t('tender.category')}
            value={text(form, 'category') || 'goods'}
            options={CATEGORIES.map((one) => [one, t(`category.${one}`)] as const)}
          />
          <Field
            name="currency"
            label={t('drafting.currency')}
            hint={t('drafting.currency.hint')}
            value={text(form, 'currency') || 'IDR'}
            required
          />
          <button className="button">{t('drafting.begin')}</button>
        </PostForm>
      )}
      <p>
        <a href={href('/kerja/paket/impor')}>{t('drafting.import.title')}</a>
      </p>
    </>
  );
  return around({ visitor, title: t('drafting.new'), lead: t('drafting.new.lead'), children });
}

export function importPage(visitor: Visitor, choices: Choices, form: Form, wrong?: Wrong): Page {
  const { t } = visitor;
  const children = (
    <>
      <WrongSummary visitor={visitor} wrong={wrong} />
      <PostForm visitor={visitor} id="import" action="/kerja/paket/impor" className="card form" files>
        <Beginning visitor={visitor} choices={choices} form={form} />
        <FileField
          name="file"
          label={t('drafting.import.file')}
          hint={t('drafting.import.file.hint')}
          accept=".json,application/json"
        />
        <button className="button">{t('drafting.import.go')}</button>
      </PostForm>
    </>
  );
  return around({ visitor, title: t('drafting.import.title'), lead: t('drafting.import.lead'), children });
}

/** The notes are said once, and stay with the terms as their source. */
export function importedPage(visitor: Visitor, imported: Schemas['ImportedView']): Page {
  const { t, href } = visitor;
  const children = (
    <>
      <Card id="notes" title={t('drafting.import.notes')}>
        {imported.notes.length === 0 && <p>{t('drafting.import.notes.none')}</p>}
        <ul>
          {imported.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Card>
      <p>
        <a className="button" href={href(`/kerja/paket/${imported.id}`)}>
          {t('drafting.import.continue')}
        </a>
      </p>
    </>
  );
  return around({ visitor, title: t('drafting.import.done'), lead: t('drafting.import.done.lead'), children });
}
