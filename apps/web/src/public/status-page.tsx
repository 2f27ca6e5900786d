import type { Schemas } from '@segel/client';
import type { Visitor } from '../http/visitor.js';
import { Page } from '../look/page.js';
import { Card, Note, Summary, Tag } from '../look/parts.js';
import { WitnessList } from './check-pages.js';
import type { LogState, WitnessState } from './log-reader.js';

type State = {
  readonly health: Schemas['Health'];
  readonly bidding: Schemas['BiddingHealthView'];
  readonly log: LogState | undefined;
  readonly witnesses: readonly WitnessState[];
};

export function statusPage(visitor: Visitor, { health, bidding, log, witnesses }: State): Page {
  const { t, f, now, href } = visitor;
  const standing = health.clock.standing as 'right' | 'wrong' | 'unknown';
  const well = bidding.ok && standing !== 'wrong' && log !== undefined;
  const offset = health.clock.offsetMs === undefined ? '' : ` (${t('health.offset', { ms: health.clock.offsetMs })})`;
  return new Page(
    t('health.title'),
    <div className="stack">
      <h1>{t('health.title')}</h1>
      <Note tone={well ? 'ok' : 'bad'} title={t(well ? 'health.ok' : 'health.trouble')}>
        <p>{t('health.at', { at: f.moment(now, 'Asia/Jakarta') })}</p>
      </Note>
      <div className="cols aside">
        <Card id="parts" title={t('health.title')}>
          <Summary
            lines={[
              [
                t('health.bidding'),
                <Tag tone={bidding.ok ? 'ok' : 'bad'}>
                  {bidding.ok ? t('health.works') : t('health.fails', { what: bidding.failed.join(', ') })}
                </Tag>,
              ],
              [t('health.clock'), `${t(`clock.${standing}`)}${offset}`],
              [
                t('health.log'),
                log === undefined ? (
                  t('health.silent')
                ) : (
                  <a href={href('/audit')}>{t('health.entries', { n: log.size })}</a>
                ),
              ],
            ]}
          />
        </Card>
        <Card id="witnesses" title={t('health.witnesses')}>
          <WitnessList visitor={visitor} witnesses={witnesses} />
        </Card>
      </div>
      <p className="quiet">{t('health.outage')}</p>
      <p>
        <a href={href('/komponen')}>{t('parts.title')}</a>
      </p>
    </div>,
  );
}
