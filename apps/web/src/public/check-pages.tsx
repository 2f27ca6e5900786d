import type { ReactNode } from 'react';
import { checkerIsland } from '../auditing/checker-page.js';
import { EntryChecker } from '../auditing/checker-parts.js';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary } from '../look/parts.js';
import type { Leaf, LogState, WitnessState } from './log-reader.js';

type Witnesses = { readonly visitor: Visitor; readonly witnesses: readonly WitnessState[] };

export const WitnessList = ({ visitor: { t }, witnesses }: Witnesses): ReactNode => (
  <ul>
    {witnesses.map(({ name, independent }) => (
      <li key={name}>
        {name}: {t(independent ? 'check.independent' : 'check.dependent')}
      </li>
    ))}
  </ul>
);

type Check = { readonly log: LogState | undefined; readonly witnesses: readonly WitnessState[]; readonly url: string };

export function checkPage(visitor: Visitor, check: Check): Page {
  const { t, href } = visitor;
  const { url } = check;
  return new Page(
    t('check.title'),
    <>
      <h1>{t('check.title')}</h1>
      <p className="lead">{t('check.lead')}</p>
      <div className="cols aside">
        <div className="stack">
          <LogCard visitor={visitor} check={check} />
          <Card id="tender" title={t('check.tender')}>
            <p>{t('check.tender.t')}</p>
            <pre tabIndex={0}>{`npm run segel -- verify tender TENDER --url ${url} --policy policy.txt`}</pre>
            <p className="quiet">{t('check.policy')}</p>
          </Card>
          <Card id="receipt" title={t('check.receipt')}>
            <p>{t('check.receipt.t')}</p>
            <p>
              <a className="button" href={href('/audit/periksa')}>
                {t('aud.check')}
              </a>
            </p>
            <p className="quiet">{t('aud.home.t')}</p>
            <pre tabIndex={0}>npm run segel -- receipt verify RECEIPT.tlog-proof --policy policy.txt</pre>
          </Card>
        </div>
        <div className="stack">
          <Card id="witnesses" title={t('check.witnesses')}>
            <WitnessList visitor={visitor} witnesses={check.witnesses} />
          </Card>
          <Note tone="warn" title={t('check.limits')}>
            <p>{t('check.limits.t')}</p>
          </Note>
        </div>
      </div>
    </>,
    { at: '/audit' },
  );
}

function LogCard({
  visitor: { t, f, href },
  check: { log },
}: {
  readonly visitor: Visitor;
  readonly check: Check;
}): ReactNode {
  return (
    <Card id="log" title={t('check.log')}>
      <p>{t('check.log.t')}</p>
      {log === undefined ? (
        <p>{t('check.empty')}</p>
      ) : (
        <Summary
          lines={[
            [
              t('check.size'),
              log.size === 0 ? '0' : <a href={href(`/audit/entri/${log.size - 1}`)}>{f.number(log.size)}</a>,
            ],
            [t('check.origin'), <Hash>{log.origin}</Hash>],
            [t('check.root'), <Hash>{log.root}</Hash>],
            [
              t('check.files'),
              <span className="row">
                <a href="/log/checkpoint">checkpoint</a> <a href="/log/policy">policy</a> <a href="/log/vkey">vkey</a>
              </span>,
            ],
          ]}
        />
      )}
    </Card>
  );
}

type Shown = {
  readonly index: number;
  readonly size: number;
  readonly leaf: Leaf;
  readonly policy: string | undefined;
};

export function leafPage(visitor: Visitor, { index, size, leaf, policy }: Shown): Page {
  const { t, href } = visitor;
  const entry = leaf.text === undefined ? undefined : (JSON.parse(leaf.text) as { type: string; tender_id?: string });
  const title = t('log.title', { n: index });
  const to = (n: number, name: string): ReactNode =>
    n >= 0 && n < size && <a href={href(`/audit/entri/${n}`)}>{name}</a>;
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} above={[['/audit', t('nav.check')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <p>{t('log.what', { n: index })}</p>
        <div className="card">
          <Summary
            lines={[
              entry !== undefined && [t('log.type'), <code>{entry.type}</code>],
              entry?.tender_id !== undefined && [
                t('log.tender'),
                <a href={href(`/tender/${entry.tender_id}`)}>{entry.tender_id}</a>,
              ],
              [t('log.leaf'), <Hash>{leaf.sha256}</Hash>],
            ]}
          />
        </div>
        {entry === undefined ? (
          <Note tone="seal">
            <p>{t('log.sealed')}</p>
            <p>{t('log.chaff')}</p>
          </Note>
        ) : (
          <Card id="content" title={t('log.content')}>
            <pre tabIndex={0}>{JSON.stringify(entry, null, 2)}</pre>
          </Card>
        )}
        {policy !== undefined && <EntryChecker visitor={visitor} />}
        <p>
          <a href={href(`/r/${index}`)}>{t('entry_check.title', { n: index })}</a>
        </p>
        <p className="row">
          {to(index - 1, t('log.previous'))}
          {to(index + 1, t('log.next'))}
        </p>
      </div>
    </>,
    {
      at: '/audit',
      ...(policy === undefined ? {} : { islands: [checkerIsland(visitor, policy, { index, shown: leaf.sha256 })] }),
    },
  );
}
