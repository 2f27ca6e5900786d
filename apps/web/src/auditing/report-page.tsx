/** The checks of a tender, in words: what holds, what does not, what nobody could check here. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Note, Summary, Tag, type Tone } from '../look/parts.js';
import type { Key } from '../words/words.js';
import type { Made } from './reports.js';
import type { Outcome, Report, Result } from './verification.js';

const TONES: Readonly<Record<Outcome, Tone>> = { holds: 'ok', fails: 'bad', unknown: 'warn', waits: 'plain' };

export type Reported = {
  readonly tender: { readonly id: string; readonly title: string; readonly timeZone: string };
  readonly made: Made;
  /** Address of this server, for the command. */
  readonly url: string;
};

export function reportPage(visitor: Visitor, { tender, made, url }: Reported): Page {
  const { t, href } = visitor;
  const title = t('report.title', { title: tender.title });
  return new Page(
    title,
    <>
      <Crumb visitor={visitor} above={[[`/tender/${tender.id}/riwayat`, t('replay.open')]]} />
      <div className="stack">
        <h1>{title}</h1>
        <p className="lead">{t('report.lead')}</p>
        {made === 'busy' || made === 'failed' ? (
          <Note tone={made === 'busy' ? 'info' : 'bad'} title={t(`report.${made}` satisfies Key)}>
            <p role="status">{t(`report.${made}.t` satisfies Key)}</p>
            <p>
              <a href={href(`/tender/${tender.id}/pemeriksaan`)}>{t('report.again')}</a>
            </p>
          </Note>
        ) : (
          <Outcomes visitor={visitor} report={made} timeZone={tender.timeZone} />
        )}
        <Card id="yourself" title={t('report.yourself')}>
          <p>{t('report.yourself.t')}</p>
          <pre tabIndex={0}>{`npm run segel -- verify tender ${tender.id} --url ${url} --policy policy.txt`}</pre>
          <p className="quiet">{t('check.policy')}</p>
        </Card>
        <Card id="not-here" title={t('report.not_here')}>
          <p>{t('report.not_here.t')}</p>
        </Card>
      </div>
    </>,
    { at: '/tender' },
  );
}

type Shown = { readonly visitor: Visitor; readonly report: Report; readonly timeZone: string };

function Outcomes({ visitor, report, timeZone }: Shown): ReactNode {
  const { t, f } = visitor;
  const failed = report.results.some(({ outcome }) => outcome === 'fails');
  const open = report.results.some(({ outcome }) => outcome === 'unknown');
  const sum = failed ? 'fails' : open ? 'unknown' : 'holds';
  return (
    <>
      <Note tone={TONES[sum]} title={t(`report.sum.${sum}` satisfies Key)}>
        <p>{t('report.own_word')}</p>
      </Note>
      <Card id="checks" title={t('report.checks')}>
        <ul className="list">
          {report.results.map((result) => (
            <li key={result.check}>
              <CheckLine visitor={visitor} result={result} />
            </li>
          ))}
        </ul>
      </Card>
      <Card id="measured" title={t('report.measured')}>
        <Summary
          lines={[
            [t('report.at'), f.moment(report.at, timeZone)],
            [t('report.entries'), f.number(report.entries)],
            [t('check.origin'), report.origin],
            [t('check.size'), f.number(report.size)],
            [
              t('check.witnesses'),
              report.witnesses.length === 0
                ? t('report.no_witness')
                : report.witnesses
                    .map(
                      ({ name, independent }) => `${name}: ${t(independent ? 'check.independent' : 'check.dependent')}`,
                    )
                    .join('; '),
            ],
          ]}
        />
      </Card>
    </>
  );
}

const CheckLine = ({
  visitor: { t },
  result: { check, outcome, why },
}: {
  readonly visitor: Visitor;
  readonly result: Result;
}): ReactNode => (
  <>
    <Tag tone={TONES[outcome]}>{t(`report.outcome.${outcome}` satisfies Key)}</Tag>
    <p>{t(`report.check.${check}` satisfies Key)}</p>
    {why !== undefined && (
      <p className="quiet">
        {t('report.why')} <code lang="en">{why}</code>
      </p>
    )}
  </>
);
