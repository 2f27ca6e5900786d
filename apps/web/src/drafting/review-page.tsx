import type { ReactNode } from 'react';
import { PostForm, Signature, signIsland } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Card, Note } from '../look/parts.js';
import { Bound, Findings } from './checks.js';
import { tenderPageOf, type Editing } from './fields.js';
import type { Candidate } from './notice.js';
import { findingsOf, missing } from './parts.js';
import { Preview } from './preview.js';

const FORM = 'submit-notice';

/** The last look before the preparer signs: what is missing, what the public will read, what the signature binds. */
export function reviewPage(editing: Editing, candidate: Candidate): Page {
  const { visitor, draft } = editing;
  const { t } = visitor;
  const ready = signable(editing, candidate);
  const children = (
    <>
      <Findings editing={editing} />
      <SubmitForm editing={editing} candidate={candidate} action="tinjau" />
      <Card id="preview" title={t('drafting.review.preview')}>
        <p>{t('drafting.review.preview.how')}</p>
      </Card>
      <Preview editing={editing} />
    </>
  );
  const islands = ready === undefined ? [] : [signIsland(visitor, { [FORM]: ready })];
  const title = t(draft.mode === 'draft' ? 'drafting.review.title' : 'drafting.review.preview');
  return tenderPageOf(editing, { title, lead: t('drafting.review.lead'), children }, islands);
}

/** What the preparer signs now; undefined when there is nothing to sign. */
export function signable({ visitor, draft }: Editing, candidate: Candidate) {
  const blocked = findingsOf(draft, visitor.now).some(({ severity }) => severity === 'error');
  const waits = draft.approval.submission !== undefined;
  if ('refused' in candidate || blocked || waits || !draft.prepares || missing(draft).approver) return undefined;
  return { type: candidate.kind, body: candidate.draft.body };
}

/** Hands the newest version over, with the preparer's signature. */
export function SubmitForm({
  editing,
  candidate,
  action,
}: {
  readonly editing: Editing;
  readonly candidate: Candidate;
  readonly action: 'tinjau' | 'adendum';
}): ReactNode {
  const { visitor, draft } = editing;
  const { t } = visitor;
  if (!draft.prepares) return null;
  if (draft.approval.submission !== undefined)
    return (
      <Note tone="info">
        <p>{t('drafting.waits', { name: draft.approval.submission.preparer })}</p>
      </Note>
    );
  if (signable(editing, candidate) === undefined)
    return (
      <Card id="sign" title={t('drafting.review.sign')}>
        <p>{t('drafting.review.blocked')}</p>
        {'refused' in candidate && <Bound editing={editing} candidate={candidate} />}
      </Card>
    );
  return (
    <PostForm visitor={visitor} id={FORM} action={`/kerja/paket/${draft.tender.id}/${action}`} className="card form">
      <h2>{t('drafting.review.sign')}</h2>
      <p>{t('drafting.review.sign.how')}</p>
      <Bound editing={editing} candidate={candidate} />
      <input type="hidden" name="version" value={draft.approval.version} />
      <input type="hidden" name="act" value="submit" />
      <Signature visitor={visitor} id={FORM} />
      <button className="button">{t('drafting.review.submit')}</button>
    </PostForm>
  );
}

export { FORM as SUBMIT_FORM };
