/** Small pages around accounts: one form each, or one sentence. */
import type { ReactNode } from 'react';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Page } from '../look/page.js';
import { Field } from '../look/parts.js';

type FormPage = {
  readonly title: string;
  readonly lead?: string;
  readonly action: string;
  readonly go: string;
  readonly wrong?: Wrong | undefined;
  readonly children?: ReactNode;
  readonly after?: ReactNode;
};

function formPage(visitor: Visitor, { title, lead, action, go, wrong, children, after }: FormPage): Page {
  return new Page(
    title,
    <div className="stack">
      <h1>{title}</h1>
      {lead !== undefined && <p className="lead">{lead}</p>}
      <WrongSummary visitor={visitor} wrong={wrong} />
      <PostForm visitor={visitor} action={action}>
        {children}
        <button className="button">{go}</button>
      </PostForm>
      {after}
    </div>,
  );
}

/** One sentence, and where it goes on. */
export function saidPage({ t, href }: Visitor, title: string, text: string): Page {
  return new Page(
    title,
    <div className="stack">
      <h1>{title}</h1>
      <p className="lead">{text}</p>
      <p>
        <a className="button" href={href('/masuk')}>
          {t('nav.sign_in')}
        </a>
      </p>
    </div>,
  );
}

const token = (value: string): ReactNode => <input type="hidden" name="token" value={value} />;

export type Typed = { readonly name?: string; readonly email?: string; readonly wrong?: Wrong };

export function joinPage(visitor: Visitor, { name, email, wrong }: Typed): Page {
  const { t, href } = visitor;
  return formPage(visitor, {
    title: t('join.title'),
    lead: t('join.lead'),
    action: '/daftar',
    go: t('join.go'),
    wrong,
    children: (
      <>
        <Field name="name" label={t('join.name')} value={name} autoComplete="name" required />
        <Field name="email" label={t('sign_in.email')} type="email" value={email} autoComplete="username" required />
        <NewPassword visitor={visitor} label={t('join.password')} />
      </>
    ),
    after: (
      <p>
        <a href={href('/masuk')}>{t('join.have')}</a>
      </p>
    ),
  });
}

const NewPassword = ({ visitor: { t }, label }: { readonly visitor: Visitor; readonly label: string }): ReactNode => (
  <Field
    name="password"
    label={label}
    hint={t('join.password.hint')}
    type="password"
    autoComplete="new-password"
    required
  />
);

export const confirmPage = (visitor: Visitor, link: string, wrong?: Wrong): Page =>
  formPage(visitor, {
    title: visitor.t('link.confirm.title'),
    lead: visitor.t('link.confirm.text'),
    action: '/akun/konfirmasi',
    go: visitor.t('link.confirm.go'),
    wrong,
    children: token(link),
  });

export const forgottenPage = (visitor: Visitor, wrong?: Wrong): Page =>
  formPage(visitor, {
    title: visitor.t('reset.title'),
    lead: visitor.t('reset.ask'),
    action: '/akun/sandi',
    go: visitor.t('reset.go'),
    wrong,
    children: <Field name="email" label={visitor.t('sign_in.email')} type="email" autoComplete="username" required />,
  });

export const resetPage = (visitor: Visitor, link: string, wrong?: Wrong): Page =>
  formPage(visitor, {
    title: visitor.t('reset.title'),
    action: '/akun/sandi',
    go: visitor.t('reset.save'),
    wrong,
    children: (
      <>
        {token(link)}
        <NewPassword visitor={visitor} label={visitor.t('password.new')} />
      </>
    ),
  });

export const invitationPage = (visitor: Visitor, link: string, wrong?: Wrong): Page =>
  formPage(visitor, {
    title: visitor.t('invite.title'),
    lead: visitor.t('invite.text'),
    action: '/akun/undangan',
    go: visitor.t('invite.go'),
    wrong,
    children: (
      <>
        {token(link)}
        <Field name="name" label={visitor.t('join.name')} autoComplete="name" />
        <Field
          name="password"
          label={visitor.t('join.password')}
          hint={visitor.t('join.password.hint')}
          type="password"
          autoComplete="new-password"
        />
      </>
    ),
  });
