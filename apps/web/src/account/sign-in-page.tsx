import type { Visitor } from '../http/visitor.js';
import { FORM_FIELD } from '../http/sessions.js';
import { Page } from '../look/page.js';
import { Field } from '../look/parts.js';

type Form = { readonly to: string; readonly email: string; readonly wrong?: string };

export function signInPage({ t, href, form }: Visitor, { to, email, wrong }: Form): Page {
  return new Page(
    t('sign_in.title'),
    <div className="cols aside">
      <div>
        <h1>{t('sign_in.title')}</h1>
        {wrong !== undefined && (
          <div className="card narrow wrong" role="alert">
            <h2>{t('sign_in.wrong')}</h2>
            <p>
              <a href="#email">{wrong}</a>
            </p>
          </div>
        )}
        {wrong === undefined && to !== '' && <p className="lead">{t('sign_in.first')}</p>}
        <form className="card narrow" method="post" action={href('/masuk')}>
          <input type="hidden" name={FORM_FIELD} value={form()} />
          <input type="hidden" name="ke" value={to} />
          <Field name="email" label={t('sign_in.email')} type="email" value={email} autoComplete="username" required />
          <Field
            name="password"
            label={t('sign_in.password')}
            type="password"
            autoComplete="current-password"
            required
          />
          <button className="button">{t('sign_in.go')}</button>
        </form>
        <p>
          <a href={href('/akun/sandi')}>{t('reset.forgot')}</a>
        </p>
        <p>
          <a href={href('/daftar')}>{t('join.none')}</a>
        </p>
      </div>
    </div>,
  );
}
