/** The page that offers the offline kit, and says how to find out whether it is the one that everybody gets. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Hash, Note, Summary } from '../look/parts.js';
import type { BuiltKit } from './kit-file.js';

type Releases = readonly Schemas['ClientReleaseView'][];
type Offered = { readonly visitor: Visitor; readonly kit: BuiltKit; readonly releases: Releases };

const NAME = 'segel-luring.html';

export function kitPage(visitor: Visitor, kit: BuiltKit | undefined, releases: Releases): Page {
  const { t } = visitor;
  return new Page(
    t('tool.title'),
    <>
      <Crumb visitor={visitor} above={[['/cara-ikut', t('nav.how')]]} />
      <div className="stack">
        <h1>{t('tool.title')}</h1>
        <p className="lead">{t('tool.lead')}</p>
        {kit === undefined ? (
          <Note tone="warn">
            <p>{t('tool.missing')}</p>
          </Note>
        ) : (
          <Offer visitor={visitor} kit={kit} releases={releases} />
        )}
        <Card id="use" title={t('tool.use')}>
          <ol className="steps">
            {(['tool.use1', 'tool.use2', 'tool.use3', 'tool.use4', 'tool.use5'] as const).map((key) => (
              <li key={key}>{t(key)}</li>
            ))}
          </ol>
        </Card>
        <Checking visitor={visitor} />
        <Note tone="warn" title={t('tool.limits')}>
          <p>{t('tool.limits.t')}</p>
        </Note>
      </div>
    </>,
    { at: '/cara-ikut' },
  );
}

function Offer({ visitor, kit, releases }: Offered): ReactNode {
  const { t, f, href } = visitor;
  const entry = releases.find(({ name, sha256 }) => name === 'segel-offline.html' && sha256 === kit.sha256);
  return (
    <div className="card">
      <p>
        <a className="button" href={href(`/alat-segel/${NAME}`)} download={NAME}>
          {t('tool.get', { size: f.bytes(kit.bytes.length) })}
        </a>
      </p>
      <Summary
        lines={[
          [t('tool.sha'), <Hash>{kit.hex}</Hash>],
          [t('tool.sha64'), <Hash>{kit.sha256}</Hash>],
          [t('tool.size'), `${f.number(kit.bytes.length)} B`],
          entry !== undefined && [t('tool.version'), `${entry.version}, ${f.short(entry.releasedAt, 'Asia/Jakarta')}`],
          entry !== undefined && [t('tool.entry'), <EntryLink visitor={visitor} index={entry.index} />],
        ]}
      />
      {entry === undefined && <Note tone="bad">{t('tool.unlogged')}</Note>}
    </div>
  );
}

const EntryLink = ({
  visitor: { t, href },
  index,
}: {
  readonly visitor: Visitor;
  readonly index: number | undefined;
}): ReactNode =>
  index === undefined ? (
    t('tool.entry.soon')
  ) : (
    <a href={href(`/audit/entri/${index}`)}>{t('tool.entry.link', { n: String(index) })}</a>
  );

const Checking = ({ visitor: { t } }: { readonly visitor: Visitor }): ReactNode => (
  <Card id="check" title={t('tool.check')}>
    <p>{t('tool.check.why')}</p>
    <ol>
      <li>
        {t('tool.check1')}
        <Summary
          lines={[
            [t('tool.check.windows'), <code>certutil -hashfile {NAME} SHA256</code>],
            [t('tool.check.linux'), <code>sha256sum {NAME}</code>],
            [t('tool.check.mac'), <code>shasum -a 256 {NAME}</code>],
          ]}
        />
      </li>
      <li>{t('tool.check2')}</li>
      <li>{t('tool.check3')}</li>
    </ol>
    <p className="quiet">{t('tool.same_build')}</p>
  </Card>
);
