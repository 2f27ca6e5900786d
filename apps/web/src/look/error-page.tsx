/** When something is not there, not allowed or broken: what happened, and what to do next. */
import type { Visitor } from '../http/visitor.js';
import type { Key } from '../words/words.js';
import { refusalWords } from '../words/refusals.js';
import { Page } from './page.js';

const KNOWN: Readonly<Record<number, 'not_found' | 'forbidden' | 'many' | 'away'>> = {
  404: 'not_found',
  403: 'forbidden',
  429: 'many',
  502: 'away',
  503: 'away',
};

export function errorPage({ t, href, locale }: Visitor, status: number, code?: string): Page {
  const kind = KNOWN[status] ?? (status < 500 ? 'refused' : 'broken');
  const title = t(`error.${kind}.title` satisfies Key);
  const refused = kind === 'refused' ? refusalWords(locale, code) : undefined;
  return new Page(
    title,
    <div className="stack">
      <h1>{title}</h1>
      <p className="lead">{refused ?? t(`error.${kind}.text` satisfies Key)}</p>
      <p className="row">
        <a className="button" href={href('/')}>
          {t('error.home')}
        </a>
        <a href={href('/status')}>{t('nav.status')}</a>
      </p>
      <p className="quiet">{t('error.number', { status: String(status) })}</p>
    </div>,
  );
}

/** For when not even the visitor is known, in both languages. */
export function plainError(): string {
  const text = 'Layanan tidak menjawab. Coba lagi sebentar lagi. · The service does not answer. Try again in a moment.';
  return `<!doctype html><html lang="id"><meta charset="utf-8"><title>Segel</title><h1>Segel</h1><p>${text}</p></html>`;
}
