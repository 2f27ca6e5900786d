import { envelopesOf, type Slot, type TenderTerms } from '@segel/procurement';
import { text, type Form, type Wrong } from '../http/form.js';
import { Choice, Field, Table } from '../look/parts.js';
import { Check, TermsForm, typed, type Editing } from './fields.js';
import { RemoveButton } from './part-items.js';
import type { Part } from './part.js';
import { newId } from './terms-changes.js';

const MIB = 2 ** 20;
const OFFICE = 'application/vnd.openxmlformats-officedocument';
/** What a vendor may give, in the words of the form. */
const FORMATS = {
  pdf: ['application/pdf'],
  pdf_image: ['application/pdf', 'image/jpeg', 'image/png'],
  sheet: [`${OFFICE}.spreadsheetml.sheet`, 'application/vnd.oasis.opendocument.spreadsheet', 'application/pdf'],
} as const;
const KINDS = ['pdf', 'pdf_image', 'sheet', 'yes_no', 'text', 'number'] as const;

/** What every bid brings besides its prices: files, statements, answers. */
export const SLOTS: Part = {
  body: (editing) => {
    const { t } = editing.visitor;
    const slots = editing.draft.terms.slots.filter(({ kind }) => kind !== 'price');
    return (
      <>
        {slots.length === 0 ? (
          <p>{t('drafting.slots.none')}</p>
        ) : (
          <TermsForm editing={editing} path="syarat" id="slots" silent>
            <Table
              label={t('drafting.task.syarat')}
              columns={[{ name: t('drafting.slot') }, { name: t('drafting.kind') }, { name: t('drafting.change') }]}
              rows={slots.map((slot) => ({
                key: slot.id,
                cells: [
                  `${slot.label} (${t(slot.required ? 'tender.required' : 'tender.optional')})`,
                  inWords(editing, slot),
                  <RemoveButton editing={editing} id={slot.id} what={slot.label} />,
                ],
              }))}
            />
          </TermsForm>
        )}
        <AddForm editing={editing} />
        <TermsForm editing={editing} path="syarat" id="size">
          <Field
            name="maxMegabytes"
            type="number"
            label={t('drafting.size')}
            hint={t('drafting.size.hint')}
            value={typed(editing, 'maxMegabytes', String(Math.round(editing.draft.terms.maxBidBytes / MIB)))}
            required
          />
        </TermsForm>
      </>
    );
  },
  change: (editing, form) => {
    const { terms } = editing.draft;
    const removed = text(form, 'remove');
    if (removed !== '')
      return { ...terms, slots: terms.slots.filter(({ id, kind }) => id !== removed || kind === 'price') };
    return text(form, 'maxMegabytes') === '' ? added(editing, form) : resized(editing, form);
  },
};

function AddForm({ editing }: { readonly editing: Editing }) {
  const { t } = editing.visitor;
  return (
    <TermsForm editing={editing} path="syarat" id="add">
      <h2>{t('drafting.slot.add')}</h2>
      <Field
        name="label"
        label={t('drafting.slot')}
        hint={t('drafting.slot.hint')}
        value={typed(editing, 'label', '')}
        required
      />
      <Choice
        name="kind"
        label={t('drafting.kind')}
        value={typed(editing, 'kind', 'pdf')}
        options={KINDS.map((kind) => [kind, t(`drafting.slot.${kind}`)] as const)}
      />
      <Field
        name="megabytes"
        type="number"
        label={t('drafting.slot.size')}
        value={typed(editing, 'megabytes', '20')}
        required
      />
      <Check
        id="required"
        name="required"
        checked={editing.form === undefined || text(editing.form, 'required') === '1'}
      >
        {t('drafting.slot.required')}
      </Check>
    </TermsForm>
  );
}

function added({ visitor: { t, now }, draft: { terms, pack } }: Editing, form: Form): TenderTerms | Wrong {
  const label = text(form, 'label');
  if (label === '' || label.length > 250) return { words: t('drafting.title.wrong', { n: 250 }), field: 'label' };
  const kind = KINDS.find((one) => one === text(form, 'kind')) ?? 'pdf';
  const megabytes = Number(text(form, 'megabytes'));
  if (!Number.isInteger(megabytes) || megabytes < 1 || megabytes > 2048)
    return { words: t('drafting.size.wrong'), field: 'megabytes' };
  const envelope = envelopesOf(pack)[0] ?? 'single';
  const common = { id: newId(now), envelope, label, required: text(form, 'required') === '1' };
  const slot: Slot =
    kind === 'yes_no' || kind === 'text' || kind === 'number'
      ? { ...common, kind: 'answer', answer: kind }
      : { ...common, kind: 'document', mediaTypes: FORMATS[kind], maxBytes: megabytes * MIB };
  return { ...terms, slots: [...terms.slots, slot] };
}

function resized({ visitor: { t }, draft: { terms } }: Editing, form: Form): TenderTerms | Wrong {
  const megabytes = Number(text(form, 'maxMegabytes'));
  if (!Number.isInteger(megabytes) || megabytes < 1 || megabytes > 2 ** 20)
    return { words: t('drafting.size.wrong'), field: 'maxMegabytes' };
  const same = megabytes === Math.round(terms.maxBidBytes / MIB);
  return same ? terms : { ...terms, maxBidBytes: megabytes * MIB };
}

function inWords({ visitor: { t, f } }: Editing, slot: Slot): string {
  if (slot.kind === 'answer') return t(`drafting.slot.${slot.answer}`);
  if (slot.kind === 'price') return t('tender.price');
  const known = (['pdf', 'pdf_image', 'sheet'] as const).find((one) => FORMATS[one].join() === slot.mediaTypes.join());
  const types = known === undefined ? slot.mediaTypes.join(', ') : t(`drafting.slot.${known}`);
  return `${types}, ${f.bytes(slot.maxBytes)}`;
}
