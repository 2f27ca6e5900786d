/** Where there is no PDF: why, and what to do next. */
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';

/** The entries that the document would name are not public yet. */
export const soonPage = (visitor: Visitor, tenderId: string): Page => trouble(visitor, tenderId, 'soon');

/** No typesetter on this machine, or too many ask. */
export const nonePage = (visitor: Visitor, tenderId: string): Page => trouble(visitor, tenderId, 'none');

function trouble({ t, href, reply }: Visitor, tenderId: string, why: 'soon' | 'none'): Page {
  void reply.status(503).header('retry-after', '60');
  const title = t(`doc.${why}.title`);
  return new Page(
    title,
    <div className="stack">
      <h1>{title}</h1>
      <p className="lead">{t(`doc.${why}.text`)}</p>
      <p className="row">
        <a className="button" href={href(`/tender/${tenderId}`)}>
          {t('doc.back')}
        </a>
        <a href={href('/audit')}>{t('nav.check')}</a>
      </p>
    </div>,
  );
}
