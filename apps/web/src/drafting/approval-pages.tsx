import type { Schemas } from '@segel/client';
import type { ReactNode } from 'react';
import { PostForm, Signature, signIsland, TextArea } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Card, Hash, Note, Summary, Tag } from '../look/parts.js';
import { DifferenceCard } from './addendum-page.js';
import { Bound, Findings } from './checks.js';
import { tenderPageOf, typed, type Editing } from './fields.js';
import { checkSubmission, type Candidate, type Checked } from './notice.js';
import { Preview } from './preview.js';

const FORM = 'approve-notice';

/** What the second person sees before signing: the whole, the rules, and whether the first signature holds. */
export async function approvalPage(editing: Editing, candidate: Candidate): Promise<Page> {
  const { visitor, draft } = editing;
  const { t } = visitor;
  const { submission } = draft.approval;
  const title = t(draft.inForce === undefined ? 'drafting.approval.title' : 'drafting.approval.addendum');
  if (submission === undefined)
    return tenderPageOf(editing, { title, children: <Note tone="info">{t('drafting.approval.nothing')}</Note> });
  const checked = await checkSubmission(visitor, draft, candidate);
  const sound = checked.same && checked.holds && checked.registered;
  const children = (
    <>
      <Submitted editing={editing} candidate={candidate} checked={checked} />
      {draft.inForce !== undefined && <DifferenceCard editing={editing} candidate={candidate} />}
      <Findings editing={editing} />
      {sound && <ApproveForm editing={editing} candidate={candidate} />}
      <ReturnForm editing={editing} />
      <Card id="preview" title={t('drafting.review.preview')}>
        <p>{t('drafting.review.preview.how')}</p>
      </Card>
      <Preview editing={editing} />
    </>
  );
  const islands =
    sound && 'draft' in candidate
      ? [signIsland(visitor, { [FORM]: { type: candidate.kind, body: candidate.draft.body } })]
      : [];
  return tenderPageOf(editing, { title, lead: t('drafting.approval.lead'), children }, islands);
}

function Submitted({
  editing: { visitor, draft },
  candidate,
  checked,
}: {
  readonly editing: Editing;
  readonly candidate: Candidate;
  readonly checked: Checked;
}): ReactNode {
  const { t, f } = visitor;
  const { submission } = draft.approval;
  const says = (right: boolean, yes: string, no: string): ReactNode => (
    <Tag tone={right ? 'ok' : 'bad'}>{right ? yes : no}</Tag>
  );
  return (
    <Card id="submitted" title={t('drafting.approval.what')}>
      <Bound editing={{ visitor, draft }} candidate={candidate} />
      <Summary
        lines={[
          [t('drafting.approval.preparer'), submission?.preparer],
          [t('drafting.waiting.at'), submission && f.moment(submission.submittedAt, draft.pack.calendar.timeZone)],
          [
            t('drafting.approval.signature'),
            <>
              {says(checked.holds && checked.registered, t('drafting.approval.holds'), t('drafting.approval.breaks'))}{' '}
              <Hash>{submission?.key ?? ''}</Hash>
            </>,
          ],
          [
            t('drafting.approval.same'),
            says(checked.same, t('drafting.approval.unchanged'), t('drafting.approval.changed')),
          ],
        ]}
      />
    </Card>
  );
}

function ApproveForm({ editing, candidate }: { readonly editing: Editing; readonly candidate: Candidate }): ReactNode {
  const { visitor, draft } = editing;
  const { t } = visitor;
  return (
    <PostForm visitor={visitor} id={FORM} action={`/kerja/paket/${draft.tender.id}/persetujuan`} className="card form">
      <h2>{t('drafting.approval.approve')}</h2>
      <p>{t(draft.inForce === undefined ? 'drafting.approval.approve.how' : 'drafting.approval.approve.addendum')}</p>
      <input type="hidden" name="version" value={'draft' in candidate ? candidate.draft.version : 0} />
      <input type="hidden" name="act" value="approve" />
      <Signature visitor={visitor} id={FORM} />
      <button className="button">{t('drafting.approval.go')}</button>
    </PostForm>
  );
}

function ReturnForm({ editing }: { readonly editing: Editing }): ReactNode {
  const { visitor, draft } = editing;
  const { t } = visitor;
  return (
    <PostForm
      visitor={visitor}
      id="return"
      action={`/kerja/paket/${draft.tender.id}/persetujuan`}
      className="card form"
    >
      <h2>{t('drafting.approval.return')}</h2>
      <input type="hidden" name="version" value={draft.approval.version} />
      <TextArea
        name="reason"
        label={t('drafting.reason')}
        hint={t('drafting.approval.return.hint')}
        value={typed(editing, 'reason', '')}
        rows={3}
        required
      />
      <button className="button" name="act" value="return">
        {t('drafting.approval.return.go')}
      </button>
    </PostForm>
  );
}

const KNOWN = ['tender.published', 'tender.addendum', 'tender.cancelled'] as const;

/** The public page and the entries that two people's signatures made. */
export function publishedPage(editing: Editing, notices: readonly Schemas['NoticeEntryView'][]): Page {
  const { visitor, draft } = editing;
  const { t, f, href } = visitor;
  const children = (
    <>
      <Note tone="ok" title={draft.terms.title}>
        <p>{t('drafting.published.open')}</p>
        <p>
          <a className="button" href={href(`/tender/${draft.tender.id}`)}>
            {t('drafting.public')}
          </a>
        </p>
      </Note>
      <Card id="entries" title={t('tender.log')}>
        <p>{t('tender.log.how')}</p>
        <ul className="list">
          {notices.map(({ type, at, entrySha256, leafSha256, index }) => (
            <li key={leafSha256}>
              <h3>{t(`drafting.entry.${KNOWN.find((one) => one === type) ?? 'tender.published'}`)}</h3>
              <Summary
                lines={[
                  [t('drafting.waiting.at'), f.moment(at, draft.pack.calendar.timeZone)],
                  [
                    t('tender.log'),
                    index === undefined ? (
                      t('tender.entry.soon')
                    ) : (
                      <a href={href(`/audit/entri/${index}`)}>{t('tender.entry', { n: index })}</a>
                    ),
                  ],
                  [t('drafting.published.hash'), <Hash>{entrySha256}</Hash>],
                ]}
              />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
  return tenderPageOf(editing, { title: t('drafting.published.title'), children });
}
