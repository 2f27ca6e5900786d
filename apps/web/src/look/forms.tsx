/** Parts of forms: what went wrong, files, and signatures that are made in the browser. */
import type { CanonicalObject } from '@segel/encoding';
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import { FORM_FIELD } from '../http/sessions.js';
import type { Visitor } from '../http/visitor.js';
import { signing } from '../words/id/forms.js';
import { sentencesOf } from '../words/words.js';
import type { Island } from './page.js';

/** On top of a page whose form was not taken; it takes the focus. */
export const WrongSummary = ({
  visitor: { t },
  wrong,
}: {
  readonly visitor: Visitor;
  readonly wrong: Wrong | undefined;
}): ReactNode =>
  wrong !== undefined && (
    <div className="card narrow wrong" role="alert" tabIndex={-1} autoFocus>
      <h2>{t('form.wrong')}</h2>
      <p>{wrong.field === undefined ? wrong.words : <a href={`#${wrong.field}`}>{wrong.words}</a>}</p>
    </div>
  );

type FormProps = {
  readonly visitor: Visitor;
  /** Without the language. */
  readonly action: string;
  readonly id?: string;
  readonly className?: string;
  /** Of files, which are at most 8 MiB each. */
  readonly files?: boolean;
  readonly children: ReactNode;
};

/** A form of ours: posted to our own page, with the token that no foreign page can show. */
export const PostForm = ({ visitor, action, id, className = 'card narrow', files, children }: FormProps): ReactNode => (
  <form
    id={id}
    className={className}
    method="post"
    action={visitor.href(action)}
    encType={files === true ? 'multipart/form-data' : undefined}
  >
    <input type="hidden" name={FORM_FIELD} value={visitor.form()} />
    {children}
  </form>
);

type FileProps = { readonly name: string; readonly label: string; readonly hint?: string; readonly accept?: string };

export const FileField = ({ name, label, hint, accept }: FileProps): ReactNode => (
  <div className="field">
    <label htmlFor={name}>{label}</label>
    {hint !== undefined && (
      <span className="quiet" id={`${name}-hint`}>
        {hint}
      </span>
    )}
    <input
      id={name}
      name={name}
      type="file"
      accept={accept}
      required
      aria-describedby={hint === undefined ? undefined : `${name}-hint`}
    />
  </div>
);

type TextProps = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly rows?: number;
  readonly required?: boolean;
};

export const TextArea = ({ name, label, hint, value, rows = 4, required }: TextProps): ReactNode => (
  <div className="field">
    <label htmlFor={name}>{label}</label>
    {hint !== undefined && (
      <span className="quiet" id={`${name}-hint`}>
        {hint}
      </span>
    )}
    <textarea
      id={name}
      name={name}
      rows={rows}
      defaultValue={value}
      required={required}
      aria-describedby={hint === undefined ? undefined : `${name}-hint`}
    />
  </div>
);

type CheckProps = {
  readonly id: string;
  readonly name: string;
  readonly value?: string;
  readonly checked: boolean;
  readonly children: ReactNode;
};

export const Check = ({ id, name, value = '1', checked, children }: CheckProps): ReactNode => (
  <label className="check" htmlFor={id}>
    <input id={id} name={name} type="checkbox" value={value} defaultChecked={checked} /> <span>{children}</span>
  </label>
);

/** What a person signs on a page: by the id of its form, the type of the entry and its body. */
export type Statements = Readonly<Record<string, { readonly type: string; readonly body: CanonicalObject }>>;

/** The island that signs forms. The person is signed in, and has a registered key. */
export function signIsland({ locale, me }: Visitor, statements: Statements): Island {
  const keys = me?.keys.map(({ key }) => key) ?? [];
  const words = sentencesOf(locale, signing);
  return { name: 'sign', data: { locale, words, accountId: me?.id, keys, statements } };
}

/** The part of a form that asks for the key and shows what is signed; `signIsland` makes it work. The form's controller
 *  finds `key` and `sig`. */
export function Signature({
  visitor: { t, href, me },
  id,
}: {
  readonly visitor: Visitor;
  readonly id: string;
}): ReactNode {
  if (me?.keys.length === 0)
    return (
      <p className="note warn">
        {t('sign.no_key')} <a href={href('/kerja/kunci')}>{t('sign.make_key')}</a>
      </p>
    );
  return (
    <>
      <div data-sign="parts" hidden>
        <SignatureFields t={t} id={id} />
      </div>
      <noscript>
        <p className="note warn">{t('sign.needs_script')}</p>
      </noscript>
      <input type="hidden" name="key" />
      <input type="hidden" name="sig" />
    </>
  );
}

/** What the island shows and reads. */
export const SignatureFields = ({ t, id }: { readonly t: Visitor['t']; readonly id: string }): ReactNode => (
  <>
    <p data-sign="kept" hidden>
      {t('sign.kept')}{' '}
      <button type="button" className="text-button" data-sign="other">
        {t('sign.other')}
      </button>
    </p>
    <div className="field" data-sign="choose">
      <label htmlFor={`${id}-file`}>{t('sign.key_file')}</label>
      <span className="quiet" id={`${id}-file-hint`}>
        {t('sign.key_file.hint')}
      </span>
      <input id={`${id}-file`} type="file" accept=".age" data-sign="file" aria-describedby={`${id}-file-hint`} />
    </div>
    <div className="field">
      <label htmlFor={`${id}-passphrase`}>{t('sign.passphrase')}</label>
      <input id={`${id}-passphrase`} type="password" autoComplete="off" data-sign="passphrase" />
    </div>
    <p className="quiet">{t('sign.leaves')}</p>
    <details>
      <summary>{t('sign.content')}</summary>
      <pre className="raw" data-sign="content" tabIndex={0} />
    </details>
    <p role="status" data-sign="status" />
  </>
);
