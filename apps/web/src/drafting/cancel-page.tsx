import { PostForm, TextArea } from '../look/forms.js';
import type { Page } from '../look/page.js';
import { Card, Choice, Note, Summary } from '../look/parts.js';
import { tenderPageOf, typed, type Editing } from './fields.js';

export const CANCEL_REASONS = ['budget_withdrawn', 'need_changed', 'terms_wrong', 'fraud_suspected', 'other'] as const;

/** Ends a tender without a winner: one person says why, another confirms. */
export function cancelPage(editing: Editing): Page {
  const { visitor, draft } = editing;
  const { t, f } = visitor;
  const { cancellation } = draft.approval;
  const action = `/kerja/paket/${draft.tender.id}/batal`;
  const known = CANCEL_REASONS.find((one) => one === cancellation?.reasonCode) ?? 'other';
  const children = (
    <>
      <Note tone="warn">
        <p>{t('drafting.cancel.sealed')}</p>
      </Note>
      {cancellation !== undefined && (
        <Card id="proposal" title={t('drafting.cancel.proposed')}>
          <Summary
            lines={[
              [t('drafting.cancel.kind'), t(`drafting.cancel.${known}`)],
              [t('drafting.reason'), cancellation.reason],
              [t('drafting.approval.preparer'), cancellation.by],
              [t('drafting.waiting.at'), f.moment(cancellation.proposedAt, draft.pack.calendar.timeZone)],
            ]}
          />
          {draft.approves ? (
            <PostForm visitor={visitor} action={action} className="form">
              <button className="button" name="act" value="confirm">
                {t('drafting.cancel.confirm')}
              </button>
            </PostForm>
          ) : (
            <p>{t('drafting.cancel.waits')}</p>
          )}
        </Card>
      )}
      {draft.prepares && cancellation === undefined && (
        <PostForm visitor={visitor} id="cancel" action={action} className="card form">
          <Choice
            name="reasonCode"
            label={t('drafting.cancel.kind')}
            value={typed(editing, 'reasonCode', 'budget_withdrawn')}
            options={CANCEL_REASONS.map((one) => [one, t(`drafting.cancel.${one}`)] as const)}
          />
          <TextArea
            name="reason"
            label={t('drafting.reason')}
            hint={t('drafting.cancel.reason.hint')}
            value={typed(editing, 'reason', '')}
            required
          />
          <button className="button" name="act" value="propose">
            {t('drafting.cancel.propose')}
          </button>
        </PostForm>
      )}
      {!draft.prepares && cancellation === undefined && <p>{t('drafting.cancel.none')}</p>}
    </>
  );
  return tenderPageOf(editing, { title: t('drafting.cancel.title'), lead: t('drafting.cancel.lead'), children });
}
