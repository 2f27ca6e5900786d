/** The form of one finding on one bid: what came of it, and what is refused before it is sent. */
import type { ReactNode } from 'react';
import { text, type Form, type Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, TextArea } from '../look/forms.js';
import { Choice, Field } from '../look/parts.js';
import type { BoxBid, LotFacts } from './lot-facts.js';

export type FindingTyped = {
  readonly decision: string;
  readonly criterionId: string;
  readonly evidence: string;
  readonly reason: string;
};
type Body = {
  readonly bidId: string;
  readonly admitted: boolean;
  readonly criterionId?: string;
  readonly evidence?: string;
  readonly reason?: string;
};

/** The least that says something; the API has the last word. */
const REASON_CHARACTERS = 10;

export const findingTyped = (form: Form): FindingTyped => ({
  decision: text(form, 'decision'),
  criterionId: text(form, 'criterionId'),
  evidence: text(form, 'evidence'),
  reason: text(form, 'reason'),
});

/** The finding as it goes to the API, or what is wrong with it. Nobody admits by forgetting a field, and no reason that
 *  somebody wrote is dropped in silence: a finding is final. */
export function findingOf({ t }: Visitor, bidId: string, typed: FindingTyped): { body: Body } | { wrong: Wrong } {
  const { decision, criterionId, evidence, reason } = typed;
  if (decision === 'admit') {
    const field = (
      [
        ['criterionId', criterionId],
        ['evidence', evidence],
        ['reason', reason],
      ] as const
    ).find(([, value]) => value !== '');
    if (field === undefined) return { body: { bidId, admitted: true } };
    return { wrong: { words: t('eval.find.contradiction'), field: field[0] } };
  }
  if (decision !== 'reject') return { wrong: { words: t('eval.find.choose'), field: 'admit' } };
  const missing = criterionId === '' ? 'criterionId' : evidence === '' ? 'evidence' : undefined;
  const field = missing ?? (reason.length < REASON_CHARACTERS ? 'reason' : undefined);
  if (field !== undefined) return { wrong: { words: t('eval.find.incomplete'), field } };
  return { body: { bidId, admitted: false, criterionId, evidence, reason } };
}

export function FindingForm({
  visitor,
  facts: { tender, lotId },
  bid,
  typed,
}: {
  readonly visitor: Visitor;
  readonly facts: LotFacts;
  readonly bid: BoxBid;
  readonly typed: FindingTyped | undefined;
}): ReactNode {
  const { t } = visitor;
  const criteria = tender.terms.criteria.map(({ id, title }) => [id, title] as const);
  return (
    <PostForm visitor={visitor} action={`/kerja/evaluasi/${tender.id}/${lotId}/${bid.id}`} className="card">
      <h2>{t('eval.find.title')}</h2>
      <fieldset>
        <legend className="unseen">{t('eval.find.decision')}</legend>
        {(['admit', 'reject'] as const).map((decision) => (
          <label key={decision} className="check" htmlFor={decision}>
            <input
              type="radio"
              id={decision}
              name="decision"
              value={decision}
              required
              defaultChecked={typed?.decision === decision}
            />
            {t(`eval.find.${decision}`)}
          </label>
        ))}
      </fieldset>
      <p className="quiet">{t('eval.find.rejecting')}</p>
      <Choice
        name="criterionId"
        label={t('eval.find.criterion')}
        value={typed?.criterionId}
        options={[['', t('eval.find.criterion.none')], ...criteria]}
      />
      <Field
        name="evidence"
        label={t('eval.find.evidence')}
        hint={t('eval.find.evidence.hint')}
        value={typed?.evidence}
      />
      <TextArea name="reason" label={t('eval.find.reason')} hint={t('eval.find.reason.hint')} value={typed?.reason} />
      <p className="note warn">{t('eval.find.final')}</p>
      <button className="button">{t('eval.find.save')}</button>
    </PostForm>
  );
}
