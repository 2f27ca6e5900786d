import { fromLocalText, localText, type TenderTerms } from '@segel/procurement';
import { text, type Form, type Wrong } from '../http/form.js';
import { Card, Field } from '../look/parts.js';
import { Check, MomentField, RuleList, TermsForm, typed, type Editing } from './fields.js';
import { isWrong, type Part } from './part.js';
import { scheduleRules } from './rules.js';

const MINUTE_HINT = 60;

/** When questions end and bids close: each date held to the rules as soon as it is typed and checked. */
export const SCHEDULE: Part = {
  body: (editing) => {
    const { visitor, draft, form } = editing;
    const { t } = visitor;
    const { pack, mode } = draft;
    const zone = pack.calendar.timeZone;
    const changed = form === undefined ? draft.terms : changeOf(editing, form);
    const terms = isWrong(changed) ? draft.terms : changed;
    const value = (name: string, instant: string): string => typed(editing, name, localText(new Date(instant), zone));
    return (
      <div className="cols aside">
        <Card id="rules" title={t('drafting.rules.title')}>
          <RuleList visitor={visitor} rules={scheduleRules(visitor, { terms, pack, mode })} />
        </Card>
        <TermsForm editing={editing} path="jadwal" id="schedule">
          <MomentField
            name="enquiryEndAt"
            label={t('tender.enquiries')}
            hint={t('drafting.zone', { zone })}
            value={value('enquiryEndAt', draft.terms.enquiryEndAt)}
          />
          <MomentField
            name="deadlineAt"
            label={t('tender.deadline')}
            hint={t('drafting.zone', { zone })}
            value={value('deadlineAt', draft.terms.deadlineAt)}
          />
          {pack.precommit?.allowed === true && mode === 'draft' && (
            <Grace editing={editing} most={pack.precommit.maxGraceMinutes} source={pack.precommit.source} />
          )}
          <p>
            <button className="text-button" name="act" value="check">
              {t('drafting.check')}
            </button>
          </p>
        </TermsForm>
      </div>
    );
  },
  change: changeOf,
};

function Grace({
  editing,
  most,
  source,
}: {
  readonly editing: Editing;
  readonly most: number;
  readonly source: string;
}) {
  const { visitor, draft, form } = editing;
  const { t } = visitor;
  const { precommit } = draft.terms;
  return (
    <fieldset>
      <legend>{t('drafting.grace')}</legend>
      <p className="quiet">
        {t('drafting.grace.hint')} {source}
      </p>
      <Check
        id="precommit"
        name="precommit"
        checked={form === undefined ? precommit !== undefined : text(form, 'precommit') === '1'}
      >
        {t('drafting.grace.allow')}
      </Check>
      <Field
        name="graceMinutes"
        type="number"
        label={t('drafting.grace.minutes', { n: most })}
        value={typed(editing, 'graceMinutes', String(precommit?.graceMinutes ?? Math.min(most, MINUTE_HINT)))}
      />
    </fieldset>
  );
}

function changeOf({ visitor: { t }, draft }: Editing, form: Form): TenderTerms | Wrong {
  const { terms, pack, mode } = draft;
  const enquiryEndAt = instantOf(form, 'enquiryEndAt', terms.enquiryEndAt, pack.calendar.timeZone);
  if (enquiryEndAt === undefined) return { words: t('drafting.date.wrong'), field: 'enquiryEndAt' };
  const deadlineAt = instantOf(form, 'deadlineAt', terms.deadlineAt, pack.calendar.timeZone);
  if (deadlineAt === undefined) return { words: t('drafting.date.wrong'), field: 'deadlineAt' };
  const dated = { ...terms, enquiryEndAt, deadlineAt };
  if (pack.precommit?.allowed !== true || mode !== 'draft') return dated;
  const { precommit: _, ...without } = dated;
  if (text(form, 'precommit') !== '1') return without;
  const graceMinutes = Number(text(form, 'graceMinutes'));
  const most = pack.precommit.maxGraceMinutes;
  if (!Number.isInteger(graceMinutes) || graceMinutes < 1 || graceMinutes > most)
    return { words: t('drafting.grace.wrong', { n: most }), field: 'graceMinutes' };
  return { ...without, precommit: { graceMinutes } };
}

/** What is stored stays to the millisecond when nobody touched it: a deadline never moves earlier by being shown. */
function instantOf(form: Form, name: string, stored: string, zone: string): string | undefined {
  const value = text(form, name);
  if (value === localText(new Date(stored), zone)) return stored;
  return fromLocalText(value, zone)?.toISOString();
}
