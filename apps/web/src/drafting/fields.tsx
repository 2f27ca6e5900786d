/** Forms of one part of the terms, and what is around them. */
import type { ReactNode } from 'react';
import { text, type Form, type Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Note, Tag } from '../look/parts.js';
import type { Draft } from './draft.js';
import type { Rule } from './rules.js';

/** A part being worked on: with what was typed, when it was not taken. */
export type Editing = {
  readonly visitor: Visitor;
  readonly draft: Draft;
  readonly form?: Form;
  readonly wrong?: Wrong;
  readonly done?: boolean;
};

export { Check } from '../look/forms.js';

/** What was typed, else what is stored. */
export const typed = ({ form }: Pick<Editing, 'form'>, name: string, stored: string): string =>
  form?.[name] === undefined ? stored : text(form, name);

type FormProps = {
  readonly editing: Editing;
  readonly path: string;
  readonly id: string;
  readonly files?: boolean;
  /** Its buttons are among its children. */
  readonly silent?: boolean;
  readonly children: ReactNode;
};

/** A form that changes the terms: it says which version it changes and, after the publication, why. */
export function TermsForm({ editing, path, id, files, silent, children }: FormProps): ReactNode {
  const { visitor, draft } = editing;
  const { t } = visitor;
  return (
    <PostForm
      visitor={visitor}
      id={id}
      className="card form"
      action={`/kerja/paket/${draft.tender.id}/${path}`}
      {...(files === true ? { files } : {})}
    >
      <input type="hidden" name="version" value={draft.approval.version} />
      {children}
      {draft.mode === 'addendum' && (
        <div className="field">
          <label htmlFor={`${id}-reason`}>{t('drafting.reason')}</label>
          <span className="quiet" id={`${id}-reason-hint`}>
            {t('drafting.reason.hint')}
          </span>
          <textarea
            id={`${id}-reason`}
            name="reason"
            rows={2}
            required
            defaultValue={typed(editing, 'reason', draft.approval.reason ?? '')}
            aria-describedby={`${id}-reason-hint`}
          />
        </div>
      )}
      {silent !== true && <button className="button">{t('drafting.save')}</button>}
    </PostForm>
  );
}

type Around = {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
};

/** A page below a tender of the team. */
export function tenderPageOf(
  { visitor, draft, wrong, done }: Editing,
  { title, lead, children }: Around,
  islands: Page['options']['islands'] = [],
): Page {
  const { t, href } = visitor;
  const conflict = wrong !== undefined && visitor.reply.statusCode === 409;
  return new Page(
    `${title} · ${draft.terms.title}`,
    <>
      <Crumb
        visitor={visitor}
        desk
        above={[
          ['/kerja/paket', t('drafting.list')],
          [`/kerja/paket/${draft.tender.id}`, draft.terms.title],
        ]}
      />
      <div className="stack">
        <h1>{title}</h1>
        {lead !== undefined && <p className="lead">{lead}</p>}
        <WrongSummary visitor={visitor} wrong={wrong} />
        {conflict && (
          <p>
            <a href={href(visitor.path.replace(/\?.*/, ''))}>{t('drafting.reload')}</a>
          </p>
        )}
        {done === true && (
          <Note tone="ok">
            <p role="status">{t('drafting.saved')}</p>
          </Note>
        )}
        {children}
      </div>
    </>,
    { at: '/kerja', islands },
  );
}

const TONES = { pass: 'ok', warn: 'warn', block: 'bad' } as const;

/** Rules with their state in words, and where their figures come from. */
export const RuleList = ({
  visitor: { t },
  rules,
}: {
  readonly visitor: Visitor;
  readonly rules: readonly Rule[];
}): ReactNode => (
  <ul className="list">
    {rules.map(({ state, words, source, unverified }) => (
      <li key={words}>
        <Tag tone={TONES[state]}>{t(`drafting.rules.${state}`)}</Tag> {words}
        <p className="quiet">
          {t('drafting.rules.source')}: {source}
          {unverified && ` ${t('drafting.rules.unverified')}`}
        </p>
      </li>
    ))}
  </ul>
);

type MomentProps = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
};

/** A date and time on the clock of the tender's zone, which the label names. */
export const MomentField = ({ name, label, hint, value }: MomentProps): ReactNode => (
  <div className="field">
    <label htmlFor={name}>{label}</label>
    <span className="quiet" id={`${name}-hint`}>
      {hint}
    </span>
    <input
      id={name}
      name={name}
      type="datetime-local"
      step="1"
      defaultValue={value}
      required
      aria-describedby={`${name}-hint`}
    />
  </div>
);
