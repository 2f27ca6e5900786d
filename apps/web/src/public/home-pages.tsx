import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Card } from '../look/parts.js';
import { SearchBox } from '../tenders/search-parts.js';
import { TenderList, type FoundTender } from '../tenders/tender-list.js';
import type { Key } from '../words/words.js';

export function homePage(visitor: Visitor, soon: readonly FoundTender[]): Page {
  const { t, href } = visitor;
  return new Page(
    t('home.title'),
    <>
      <div className="hero">
        <div className="wide">
          <h1>{t('home.title')}</h1>
          <p className="lead">{t('home.lead')}</p>
          <SearchBox visitor={visitor} />
        </div>
      </div>
      <div className="wide cols aside">
        <section aria-labelledby="soon">
          <h2 id="soon">{t('home.soon')}</h2>
          <div className="card">
            {soon.length === 0 ? <p>{t('home.none')}</p> : <TenderList visitor={visitor} tenders={soon} />}
          </div>
          <p>
            <a href={href('/tender')}>{t('home.all')}</a>
          </p>
        </section>
        <div className="stack">
          <Card id="how" title={t('home.how')}>
            <ol className="steps">
              {(['home.how1', 'home.how2', 'home.how3'] as const).map((key) => (
                <li key={key}>{t(key)}</li>
              ))}
            </ol>
            <p>
              <a href={href('/cara-ikut')}>{t('home.more')}</a>
            </p>
          </Card>
          <Card id="trust" title={t('home.trust')}>
            <ul>
              {(['home.trust1', 'home.trust2', 'home.trust3'] as const).map((key) => (
                <li key={key}>{t(key)}</li>
              ))}
            </ul>
            <p>
              <a href={href('/audit')}>{t('home.check')}</a>
            </p>
          </Card>
        </div>
      </div>
    </>,
    { bare: true },
  );
}

export function howPage({ t, href }: Visitor): Page {
  return new Page(
    t('how.title'),
    <>
      <h1>{t('how.title')}</h1>
      <p className="lead">{t('how.lead')}</p>
      <div className="cols aside">
        <div className="card">
          <ol className="steps">
            {(['1', '2', '3', '4', '5'] as const).map((n) => (
              <li key={n}>
                <h2>{t(`how.${n}` satisfies Key)}</h2>
                <p>{t(`how.${n}t` satisfies Key)}</p>
              </li>
            ))}
          </ol>
        </div>
        <div className="stack">
          <Card id="program" title={t('how.program')}>
            <p>{t('how.program.t', { name: 'segel' })}</p>
            <p>
              <a href={href('/alat-segel')}>{t('tool.title')}</a>
            </p>
          </Card>
          <p>
            <a className="button" href={href('/tender')}>
              {t('home.all')}
            </a>
          </p>
        </div>
      </div>
    </>,
    { at: '/cara-ikut' },
  );
}
