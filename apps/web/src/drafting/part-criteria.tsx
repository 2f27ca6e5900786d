import { text } from '../http/form.js';
import { Choice, Field, Note, Table } from '../look/parts.js';
import { TermsForm, typed } from './fields.js';
import { RemoveButton } from './part-items.js';
import type { Part } from './part.js';
import { newId } from './terms-changes.js';

const KINDS = ['administrative', 'technical', 'price'] as const;

/** What a bid may be rejected on. The lowest price decides among those that are not: nothing is weighed. */
export const CRITERIA: Part = {
  body: (editing) => {
    const { t } = editing.visitor;
    const { criteria } = editing.draft.terms;
    return (
      <>
        <Note tone="info">
          <p>{t('drafting.criteria.how')}</p>
        </Note>
        {criteria.length === 0 ? (
          <p>{t('drafting.criteria.none')}</p>
        ) : (
          <TermsForm editing={editing} path="kriteria" id="criteria" silent>
            <Table
              label={t('drafting.task.kriteria')}
              columns={[
                { name: t('drafting.criterion') },
                { name: t('drafting.kind') },
                { name: t('drafting.change') },
              ]}
              rows={criteria.map(({ id, title, kind }) => ({
                key: id,
                cells: [
                  title,
                  t(`drafting.criterion.${kind}`),
                  <RemoveButton editing={editing} id={id} what={title} />,
                ],
              }))}
            />
          </TermsForm>
        )}
        <TermsForm editing={editing} path="kriteria" id="add">
          <h2>{t('drafting.criterion.add')}</h2>
          <Field
            name="title"
            label={t('drafting.criterion')}
            hint={t('drafting.criterion.hint')}
            value={typed(editing, 'title', '')}
            required
          />
          <Choice
            name="kind"
            label={t('drafting.kind')}
            value={typed(editing, 'kind', 'administrative')}
            options={KINDS.map((kind) => [kind, t(`drafting.criterion.${kind}`)] as const)}
          />
        </TermsForm>
      </>
    );
  },
  change: ({ visitor: { t, now }, draft: { terms } }, form) => {
    const removed = text(form, 'remove');
    if (removed !== '') return { ...terms, criteria: terms.criteria.filter(({ id }) => id !== removed) };
    const title = text(form, 'title');
    if (title === '' || title.length > 250) return { words: t('drafting.title.wrong', { n: 250 }), field: 'title' };
    const kind = KINDS.find((one) => one === text(form, 'kind')) ?? 'administrative';
    return { ...terms, criteria: [...terms.criteria, { id: newId(now), title, kind }] };
  },
};
