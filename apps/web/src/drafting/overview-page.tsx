import type { ReactNode } from 'react';
import { Card, Note, Tag } from '../look/parts.js';
import type { Page } from '../look/page.js';
import { nameOf, toneOf } from '../tenders/states.js';
import { tenderPageOf, type Editing } from './fields.js';
import { findingsOf, missing, PARTS, taskStates, type TaskState } from './parts.js';

const TONES = { todo: 'warn', partly: 'warn', done: 'ok', optional: 'plain' } as const;

/** Where the tender is, what is still to do, and who does it. */
export function overviewPage(editing: Editing): Page {
  const { visitor, draft } = editing;
  const { t, f } = visitor;
  const { tender, approval, pack } = draft;
  return tenderPageOf(editing, {
    title: t('drafting.tender'),
    children: (
      <>
        <p className="row">
          <Tag tone={toneOf(tender.state)}>{nameOf(visitor, tender.state)}</Tag>
          <span>{tender.terms.buyer.name}</span>
        </p>
        <Now editing={editing} />
        {approval.returned !== undefined && tender.state === 'draft' && (
          <Note tone="warn" title={t('drafting.returned')}>
            <p className="pre">{approval.returned.reason}</p>
            <p className="quiet">
              {approval.returned.approver}, {f.short(approval.returned.returnedAt, pack.calendar.timeZone)}
            </p>
          </Note>
        )}
        {(tender.state === 'draft' || draft.mode === 'addendum') && draft.prepares && <Tasks editing={editing} />}
        <Others editing={editing} />
      </>
    ),
  });
}

/** The one next step, for the one who takes it. */
function Now({ editing: { visitor, draft } }: { readonly editing: Editing }): ReactNode {
  const { t, href } = visitor;
  const { tender, approval, mode } = draft;
  const to = (path: string, words: string): ReactNode => (
    <p>
      <a className="button" href={href(`/kerja/paket/${tender.id}/${path}`)}>
        {words}
      </a>
    </p>
  );
  if (approval.cancellation !== undefined && draft.approves) return to('batal', t('drafting.cancel.decide'));
  if (approval.submission !== undefined) {
    if (draft.approves) return to('persetujuan', t('drafting.approval.decide'));
    return (
      <Note tone="info">
        <p>{t('drafting.waits', { name: approval.submission.preparer })}</p>
      </Note>
    );
  }
  if (!draft.prepares) return null;
  if (tender.state === 'draft') return to('tinjau', t('drafting.review.title'));
  return mode === 'addendum' ? to('adendum', t('drafting.addendum.title')) : null;
}

function Tasks({ editing: { visitor, draft } }: { readonly editing: Editing }): ReactNode {
  const { t, href } = visitor;
  const states = taskStates(draft, findingsOf(draft, visitor.now));
  const { keys, openers } = missing(draft);
  return (
    <Card id="tasks" title={t(draft.mode === 'draft' ? 'drafting.tasks' : 'drafting.tasks.addendum')}>
      <ol className="tasks">
        {PARTS.map((part) => (
          <li key={part}>
            <a href={href(`/kerja/paket/${draft.tender.id}/${part}`)}>{t(`drafting.task.${part}`)}</a>
            <TaskTag t={t} state={states[part]} />
          </li>
        ))}
        <li>
          <a href={`${href(`/kerja/paket/${draft.tender.id}/pembuka`)}#keys`}>{t('drafting.keys')}</a>
          <span>
            {openers > 0 && `${t('drafting.keys.count', { ready: openers - keys, n: openers })} `}
            <TaskTag t={t} state={openers === 0 ? 'todo' : keys === 0 ? 'done' : 'partly'} />
          </span>
        </li>
      </ol>
    </Card>
  );
}

const TaskTag = ({ t, state }: { readonly t: Editing['visitor']['t']; readonly state: TaskState }): ReactNode => (
  <Tag tone={TONES[state]}>{t(`drafting.task.state.${state}`)}</Tag>
);

function Others({ editing: { visitor, draft } }: { readonly editing: Editing }): ReactNode {
  const { t, href } = visitor;
  const { tender, approval } = draft;
  const base = `/kerja/paket/${tender.id}`;
  const over = ['intended_award', 'standstill', 'awarded', 'cancelled', 'failed'].includes(tender.state);
  return (
    <Card id="others" title={t('drafting.others')}>
      <ul>
        {tender.publishedAt === undefined ? (
          <li>
            <a href={href(`${base}/tinjau`)}>{t('drafting.review.preview')}</a>
          </li>
        ) : (
          <>
            <li>
              <a href={href(`/tender/${tender.id}`)}>{t('drafting.public')}</a>
            </li>
            <li>
              <a href={href(`${base}/terbit`)}>{t('drafting.published.title')}</a>
            </li>
            <li>
              <a href={href(`${base}/kesiapan`)}>{t('drafting.ready.title')}</a>
            </li>
          </>
        )}
        {!over && (draft.prepares || approval.cancellation !== undefined) && (
          <li>
            <a href={href(`${base}/batal`)}>{t('drafting.cancel.title')}</a>
          </li>
        )}
      </ul>
    </Card>
  );
}
