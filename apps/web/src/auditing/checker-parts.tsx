/** What the checker's island completes: it is hidden where no script runs, and the command line takes its place. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Field } from '../look/parts.js';

type Props = { readonly visitor: Visitor };

/** Where the outcome is shown. */
export const Outcome = ({ visitor: { t, href } }: Props): ReactNode => (
  <section id="checked" className="card" aria-labelledby="verdict" hidden>
    <div id="verdict-box" className="note">
      <h2 id="verdict" tabIndex={-1}>
        {t('aud.outcome')}
      </h2>
      <p id="verdict-next" />
    </div>
    <p id="verdict-entry" />
    <p>
      <span id="verdict-policy" /> <a href={href('/audit')}>{t('check.witnesses')}</a>
    </p>
    <ul id="doubts" className="note warn" hidden />
    <h3>{t('aud.steps')}</h3>
    <ol id="proof-steps" className="proof-steps" />
  </section>
);

/** Rules of somebody else than this server: only they make the proof independent of it. */
export const PolicyFile = ({ visitor: { t } }: Props): ReactNode => (
  <details>
    <summary>{t('aud.policy')}</summary>
    <p className="quiet" id="policy-file-hint">
      {t('aud.policy.t')}
    </p>
    <div className="field">
      <label htmlFor="policy-file">{t('aud.policy.file')}</label>
      <input id="policy-file" type="file" accept=".txt,text/plain" aria-describedby="policy-file-hint" />
    </div>
  </details>
);

/** On the page of an entry. `documented`: of one to which a document points. */
export const EntryChecker = ({ visitor, documented }: Props & { readonly documented?: boolean }): ReactNode => {
  const { t } = visitor;
  const field = (
    <Field name="document-hash" label={t('aud.document')} hint={t('aud.document.hint')} autoComplete="off" />
  );
  return (
    <>
      <form id="checker" className="card" hidden>
        <h2>{t('aud.entry')}</h2>
        <p>{t('aud.entry.t')}</p>
        {documented === true ? (
          field
        ) : (
          <details>
            <summary>{t('aud.document.have')}</summary>
            {field}
          </details>
        )}
        <PolicyFile visitor={visitor} />
        <button className="button">{t('aud.entry.check')}</button>
        <p role="status" id="check-status" />
      </form>
      <Outcome visitor={visitor} />
      <noscript>
        <p className="note warn">{t('aud.needs_script')}</p>
      </noscript>
    </>
  );
};
