/** What is around every page: header, navigation, footer. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { FORM_FIELD } from '../http/sessions.js';

type Props = { readonly visitor: Visitor; readonly at: string | undefined; readonly children: ReactNode };

export function Shell({ visitor, at, children }: Props): ReactNode {
  const { t } = visitor;
  return (
    <>
      <a className="skip" href="#isi">
        {t('shell.skip')}
      </a>
      <Header visitor={visitor} at={at} />
      {children}
      <Footer visitor={visitor} />
    </>
  );
}

/** The sealed envelope. */
function Mark(): ReactNode {
  return (
    <svg
      width="30"
      height="30"
      viewBox="0 0 30 30"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <path d="M4 10h22v15H4z" />
      <path d="m4 10 11 8 11-8" />
      <path d="M11 10V7.500a4 4 0 0 1 8 0V10" />
    </svg>
  );
}

function Header({ visitor, at }: Omit<Props, 'children'>): ReactNode {
  const { t, href, me, locale, path } = visitor;
  const entries: readonly (readonly [string, string])[] = [
    ['/tender', t('nav.tenders')],
    ['/cara-ikut', t('nav.how')],
    ['/audit', t('nav.check')],
    ...(me === undefined ? [] : [['/kerja', t('nav.work')] as const]),
  ];
  const other =
    locale === 'id'
      ? { lang: 'en', name: 'English', to: `/en${path === '/' ? '' : path}` }
      : { lang: 'id', name: 'Indonesia', to: path };
  return (
    <header className="top">
      <div className="wide">
        <a className="mark" href={href('/')}>
          <Mark />
          {t('site.name')}
        </a>
        <nav aria-label={t('nav.label')}>
          <ul>
            {entries.map(([to, name]) => (
              <li key={to}>
                <a href={href(to)} aria-current={at === to ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="me">
          <a href={other.to} lang={other.lang} hrefLang={other.lang}>
            {other.name}
          </a>
          {me === undefined ? <a href={href('/masuk')}>{t('nav.sign_in')}</a> : <SignOut visitor={visitor} />}
        </div>
      </div>
    </header>
  );
}

function SignOut({ visitor: { t, href, form } }: Pick<Props, 'visitor'>): ReactNode {
  return (
    <form method="post" action={href('/keluar')}>
      <input type="hidden" name={FORM_FIELD} value={form()} />
      <button className="text-button" type="submit">
        {t('nav.sign_out')}
      </button>
    </form>
  );
}

function Footer({ visitor: { t, href, theme, path } }: Pick<Props, 'visitor'>): ReactNode {
  const next = theme === 'dark' ? 'light' : 'dark';
  return (
    <footer className="foot">
      <div className="wide">
        <ul>
          {(['/status', '/cara-ikut', '/audit'] as const).map((to) => (
            <li key={to}>
              <a href={href(to)}>{t(to === '/status' ? 'nav.status' : to === '/audit' ? 'nav.check' : 'nav.how')}</a>
            </li>
          ))}
          <li>
            <a href="/api/docs">{t('nav.api')}</a>
          </li>
        </ul>
        <form className="row" method="post" action={href('/tampilan')}>
          <input type="hidden" name="ke" value={href(path)} />
          <button className="text-button" name="tema" value={next}>
            {t(next === 'dark' ? 'shell.dark' : 'shell.light')}
          </button>
          {theme !== undefined && (
            <button className="text-button" name="tema" value="auto">
              {t('shell.auto')}
            </button>
          )}
        </form>
      </div>
    </footer>
  );
}
