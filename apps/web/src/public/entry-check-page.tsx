/** Where the QR code of a document leads: which entry that is, and how to compare. */
import { checkerIsland } from '../auditing/checker-page.js';
import { EntryChecker } from '../auditing/checker-parts.js';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary } from '../look/parts.js';
import type { Leaf } from './log-reader.js';

export function entryCheckPage(visitor: Visitor, index: number, leaf: Leaf, policy: string | undefined): Page {
  const { t, href } = visitor;
  const n = String(index);
  const title = t('entry_check.title', { n });
  const type = leaf.text === undefined ? undefined : (JSON.parse(leaf.text) as { readonly type: string }).type;
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} above={[['/audit', t('nav.check')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <p className="lead">{t('entry_check.lead', { n })}</p>
        <div className="card">
          <Summary
            lines={[
              [t('log.leaf'), <Hash>{leaf.sha256}</Hash>],
              type !== undefined && [t('log.type'), <code>{type}</code>],
            ]}
          />
          <p>
            <a href={href(`/audit/entri/${n}`)}>{t('entry_check.entry', { n })}</a>
          </p>
        </div>
        {type === undefined && (
          <Note tone="seal">
            <p>{t('entry_check.sealed')}</p>
          </Note>
        )}
        <Card id="how" title={t('entry_check.how')}>
          <ol>
            <li>{t('entry_check.step1')}</li>
            <li>{t('entry_check.step2')}</li>
            <li>{t('entry_check.step3')}</li>
          </ol>
          <p className="quiet">{t('entry_check.address')}</p>
        </Card>
        {policy !== undefined && <EntryChecker visitor={visitor} documented />}
        <Card id="home" title={t('aud.home')}>
          <p>{t('check.receipt.t')}</p>
          <pre tabIndex={0}>npm run segel -- receipt verify RECEIPT.tlog-proof --policy policy.txt</pre>
          <p className="quiet">{t('check.policy')}</p>
        </Card>
      </div>
    </>,
    {
      at: '/audit',
      ...(policy === undefined ? {} : { islands: [checkerIsland(visitor, policy, { index, shown: leaf.sha256 })] }),
    },
  );
}

/** An entry that the public log has not reached, or never will. */
export function missingEntryPage({ t, f, href, reply }: Visitor, index: number, size: number): Page {
  void reply.status(404);
  const title = t('entry_check.missing', { n: String(index) });
  return new Page(
    title,
    <div className="stack">
      <h1>{title}</h1>
      <p className="lead">{t('entry_check.missing.t', { size: f.number(size) })}</p>
      <p>
        <a href={href('/audit')}>{t('nav.check')}</a>
      </p>
    </div>,
    { at: '/audit' },
  );
}
