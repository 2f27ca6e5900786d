/** A receipt or a promise, checked by whoever holds it. */
import type { Visitor } from '../http/visitor.js';
import { TextArea } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page, type Island } from '../look/page.js';
import { Card, Note } from '../look/parts.js';
import { checking } from '../words/id/auditing.js';
import { sentencesOf } from '../words/words.js';
import type { Checker } from './checker.js';
import { Outcome, PolicyFile } from './checker-parts.js';

export function checkerIsland({ locale }: Visitor, policy: string, entry?: Checker['entry']): Island {
  const words = sentencesOf(locale, checking);
  const data: Checker = { locale, words, policy, ...(entry === undefined ? {} : { entry }) };
  return { name: 'checker', data };
}

export function checkerPage(visitor: Visitor, policy: string | undefined): Page {
  const { t } = visitor;
  return new Page(
    t('aud.check'),
    <>
      <Crumb visitor={visitor} above={[['/audit', t('nav.check')]]} />
      <div className="stack">
        <h1>{t('aud.check')}</h1>
        <p className="lead">{t('aud.check.lead')}</p>
        {policy === undefined ? <Note tone="warn">{t('check.empty')}</Note> : <ReceiptForm visitor={visitor} />}
        <noscript>
          <p className="note warn">{t('aud.needs_script')}</p>
        </noscript>
        <Outcome visitor={visitor} />
        <Card id="home" title={t('aud.home')}>
          <p>{t('aud.home.t')}</p>
          <pre tabIndex={0}>npm run segel -- receipt verify RECEIPT.tlog-proof --policy policy.txt</pre>
          <p className="quiet">{t('check.policy')}</p>
        </Card>
      </div>
    </>,
    { at: '/audit', ...(policy === undefined ? {} : { islands: [checkerIsland(visitor, policy)] }) },
  );
}

const ReceiptForm = ({ visitor }: { readonly visitor: Visitor }) => {
  const { t } = visitor;
  return (
    <form id="checker" className="card" hidden>
      <div className="field">
        <label htmlFor="receipt-file">{t('aud.file')}</label>
        <span className="quiet" id="receipt-file-hint">
          {t('aud.file.hint')}
        </span>
        <input
          id="receipt-file"
          type="file"
          accept=".tlog-proof,.json,.txt,text/plain"
          aria-describedby="receipt-file-hint"
        />
      </div>
      <TextArea name="receipt" label={t('aud.paste')} rows={5} />
      <PolicyFile visitor={visitor} />
      <button className="button">{t('aud.check.do')}</button>
      <p role="status" id="check-status" />
      <p className="quiet" id="offline" role="status" />
    </form>
  );
};
