/** A tender step by step, in the order of the log. */
import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Note, Tag } from '../look/parts.js';
import { nameOf, toneOf } from '../tenders/states.js';
import type { Key } from '../words/words.js';
import { trailAddress } from './trail-filter.js';
import { saysOf } from './trail-pages.js';

type Step = Schemas['StepView'];

export type Replay = {
  readonly tender: Pick<Schemas['TenderView'], 'id' | 'title' | 'lots'> & {
    readonly rules: Pick<Schemas['TenderView']['rules'], 'timeZone'>;
    readonly terms: { readonly lots: readonly { readonly id: string; readonly title: string }[] };
  };
  readonly steps: Schemas['StepPage'];
  /** Everything, for an auditor; else what anybody may read by now. */
  readonly everything: boolean;
};

export const replayAddress = ({ tender, everything }: Pick<Replay, 'tender' | 'everything'>): string =>
  everything ? `/kerja/audit/tender/${tender.id}` : `/tender/${tender.id}/riwayat`;

export function replayPage(visitor: Visitor, replay: Replay): Page {
  const { t, href } = visitor;
  const { tender, steps, everything } = replay;
  const title = t(everything ? 'replay.title.all' : 'replay.title', { title: tender.title });
  return new Page(
    title,
    <>
      {everything ? (
        <Crumb visitor={visitor} above={[[trailAddress('/kerja/audit', { tenderId: tender.id }), t('aud.trail')]]} />
      ) : (
        <Crumb visitor={visitor} above={[[`/tender/${tender.id}`, tender.title]]} />
      )}
      <div className="stack">
        <h1>{title}</h1>
        <p className="lead">{t(everything ? 'replay.lead.all' : 'replay.lead')}</p>
        <p className="row">
          <a href={href(`/tender/${tender.id}/pemeriksaan`)}>{t('report.open')}</a>
          {everything && <a href={href(`/tender/${tender.id}/riwayat`)}>{t('replay.public')}</a>}
        </p>
        {steps.items.length === 0 ? (
          <Note tone="plain">
            <p>{t('replay.none')}</p>
          </Note>
        ) : (
          <section className="card" aria-label={t('replay.steps')}>
            <ol className="line">
              {steps.items.map((step) => (
                <li key={step.id} className="done">
                  <StepLine visitor={visitor} replay={replay} step={step} />
                </li>
              ))}
            </ol>
          </section>
        )}
        <Pager visitor={visitor} replay={replay} />
      </div>
    </>,
    { at: everything ? '/kerja' : '/tender' },
  );
}

type StepProps = { readonly visitor: Visitor; readonly replay: Replay; readonly step: Step };

function StepLine({ visitor, replay: { tender, everything }, step }: StepProps): ReactNode {
  const { t, f, href } = visitor;
  const { lots } = tender.terms;
  const lot = lots.length > 1 ? lots.findIndex(({ id }) => id === step.lotId) : -1;
  return (
    <>
      <b>{saysOf(visitor, step.type)}</b>
      <span className="quiet">
        <time dateTime={step.at}>{f.moment(step.at, tender.rules.timeZone)}</time>
        {' · '}
        <Who visitor={visitor} step={step} />
        {lot >= 0 && ` · ${t('tender.lot')} ${lot + 1}: ${lots[lot]!.title}`}
      </span>
      <p className="row">
        {step.state !== undefined && (
          <span>
            {t('replay.state')} <Tag tone={toneOf(step.state)}>{nameOf(visitor, step.state)}</Tag>
          </span>
        )}
        <a href={href(`/audit/entri/${step.index}`)}>{t('replay.proof', { n: step.index })}</a>
        {everything && <a href={href(`/kerja/audit/catatan/${step.id}`)}>{t('replay.content')}</a>}
      </p>
      {step.erased && <p className="quiet">{t('aud.erased')}</p>}
    </>
  );
}

/** Who acts in entries of these types; a person's name is no part of the log. */
const ROLES: readonly (readonly [RegExp, Extract<Key, `role.${string}`>])[] = [
  [/^(tender\.(drafted|document_added|submitted|cancellation_proposed)$|question\.answered)/, 'role.preparer'],
  [/^tender\.(approved|published|addendum|cancelled|draft_cancelled)$/, 'role.approver'],
  [
    /^(bid\.(submitted|replaced|withdrawn|reconfirmed|upload_announced)|opening\.seed_disclosed|question\.asked)/,
    'role.vendor',
  ],
  [/^(key\.opener\.|opening\.(readiness|share_released))/, 'role.opener'],
  [/^box\.attested$/, 'role.auditor'],
  [/^evaluation\./, 'role.evaluator'],
  [/^award\.(intended|decided)$/, 'role.award_authority'],
];

function Who({ visitor: { t, href }, step }: Omit<StepProps, 'replay'>): ReactNode {
  const role = ROLES.find(([types]) => types.test(step.type))?.[1];
  const acted =
    step.actor === 'person'
      ? (role ?? 'replay.person')
      : step.actor === 'system'
        ? 'replay.system'
        : 'replay.public_actor';
  const name = step.actor === 'person' ? (step.actorName ?? step.actorId) : undefined;
  if (name === undefined || step.actorId === undefined) return t(acted);
  return (
    <>
      {t(acted)}: <a href={href(trailAddress('/kerja/audit', { actorId: step.actorId }))}>{name}</a>
    </>
  );
}

function Pager({ visitor: { t, href }, replay }: Omit<StepProps, 'step'>): ReactNode {
  const { next, previous } = replay.steps;
  const base = replayAddress(replay);
  if (next === undefined && previous === undefined) return null;
  return (
    <p className="row">
      {previous !== undefined && (
        <a rel="prev" href={href(`${base}?sebelum=${previous}`)}>
          {t('replay.previous')}
        </a>
      )}
      {next !== undefined && (
        <a className="button" rel="next" href={href(`${base}?hal=${next}`)}>
          {t('replay.next')}
        </a>
      )}
      {previous !== undefined && <a href={href(base)}>{t('replay.first')}</a>}
    </p>
  );
}
