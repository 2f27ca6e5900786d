import type { Item, Lot, TenderTerms } from '@segel/procurement';
import type { ReactNode } from 'react';
import { text, type Form, type Wrong } from '../http/form.js';
import { TextArea } from '../look/forms.js';
import { Choice, Field, Table } from '../look/parts.js';
import { TermsForm, typed, type Editing } from './fields.js';
import { decimalOf, shownDecimal } from './numbers.js';
import type { Part } from './part.js';
import { newId, withItem, withLot, withoutItem, withoutLot } from './terms-changes.js';

/** Lots with their estimates, and what is bought in each, row by row. */
export const ITEMS: Part = {
  body: (editing) => (
    <>
      {editing.draft.terms.lots.map((lot, i) => (
        <LotCard key={lot.id} editing={editing} lot={lot} n={i + 1} />
      ))}
      <ItemForm editing={editing} />
      <LotForm editing={editing} />
    </>
  ),
  change: (editing, form) => {
    const { draft, visitor } = editing;
    const removed = text(form, 'remove');
    if (draft.terms.items.some(({ id }) => id === removed)) return withoutItem(draft.terms, removed);
    if (draft.terms.lots.some(({ id }) => id === removed)) return withoutLot(draft.terms, removed);
    const now = visitor.now;
    return text(form, 'what') === 'lot' ? lotOf(editing, form, now) : itemOf(editing, form, now);
  },
};

function LotCard({ editing, lot, n }: { readonly editing: Editing; readonly lot: Lot; readonly n: number }): ReactNode {
  const { visitor, draft } = editing;
  const { t, f, href } = visitor;
  const items = draft.terms.items.filter(({ lotId }) => lotId === lot.id);
  const change = (id: string): string => `${href(`/kerja/paket/${draft.tender.id}/barang`)}?ubah=${id}`;
  return (
    <TermsForm editing={editing} path="barang" id={`lot-${n}`} silent>
      <h2>
        {t('tender.lot')} {n}: {lot.title}
      </h2>
      {lot.estimate !== undefined && (
        <p>
          {t('tender.estimate')}: {f.money(lot.estimate)}
        </p>
      )}
      {items.length === 0 ? (
        <p>{t('drafting.items.none')}</p>
      ) : (
        <Table
          label={`${t('tender.items')}: ${lot.title}`}
          columns={[
            { name: t('tender.item') },
            { name: t('tender.quantity'), number: true },
            { name: t('drafting.change') },
          ]}
          rows={items.map((item) => ({
            key: item.id,
            cells: [
              item.description,
              `${f.number(item.quantity)} ${item.unit}`,
              <span className="row">
                <a href={`${change(item.id)}#item`} aria-label={`${t('drafting.change')}: ${item.description}`}>
                  {t('drafting.change')}
                </a>
                <RemoveButton editing={editing} id={item.id} what={item.description} />
              </span>,
            ],
          }))}
        />
      )}
      <p className="row">
        <a href={`${change(lot.id)}#lot`}>{t('drafting.lot.change')}</a>
        {draft.terms.lots.length > 1 && (
          <RemoveButton editing={editing} id={lot.id} what={`${t('tender.lot')} ${n}`}>
            {t('drafting.lot.remove')}
          </RemoveButton>
        )}
      </p>
    </TermsForm>
  );
}

/** Takes one thing out of the terms. */
export const RemoveButton = ({
  editing: { visitor },
  id,
  what,
  children,
}: {
  readonly editing: Editing;
  readonly id: string;
  readonly what: string;
  readonly children?: string;
}): ReactNode => (
  <button className="text-button" name="remove" value={id} aria-label={`${visitor.t('drafting.remove')}: ${what}`}>
    {children ?? visitor.t('drafting.remove')}
  </button>
);

/** The one whose change was asked for, by the address or by the form that was not taken. */
const chosen = <T extends { readonly id: string }>({ visitor, form }: Editing, list: readonly T[]): T | undefined => {
  const id = form === undefined ? new URLSearchParams(visitor.path.split('?')[1]).get('ubah') : text(form, 'id');
  return list.find((one) => one.id === id);
};

function ItemForm({ editing }: { readonly editing: Editing }): ReactNode {
  const { t, locale } = editing.visitor;
  const { lots, items } = editing.draft.terms;
  const item = chosen(editing, items);
  const own = editing.form?.['what'] === 'item' ? editing : { ...editing, form: {} };
  return (
    <div id="item">
      <TermsForm editing={editing} path="barang" id="item-form">
        <h2>{t(item === undefined ? 'drafting.item.add' : 'drafting.item.change')}</h2>
        <input type="hidden" name="what" value="item" />
        <input type="hidden" name="id" value={item?.id ?? ''} />
        {lots.length > 1 && (
          <Choice
            name="lotId"
            label={t('tender.lot')}
            value={typed(own, 'lotId', item?.lotId ?? '')}
            options={lots.map(({ id, title }, i) => [id, `${i + 1}: ${title}`] as const)}
          />
        )}
        <Field
          name="itemDescription"
          label={t('tender.item')}
          hint={t('drafting.item.hint')}
          value={typed(own, 'itemDescription', item?.description ?? '')}
          required
        />
        <div className="pair">
          <Field
            name="quantity"
            label={t('tender.quantity')}
            value={typed(own, 'quantity', item === undefined ? '' : shownDecimal(item.quantity, locale))}
            required
          />
          <Field
            name="unit"
            label={t('drafting.unit')}
            hint={t('drafting.unit.hint')}
            value={typed(own, 'unit', item?.unit ?? '')}
            required
          />
        </div>
      </TermsForm>
    </div>
  );
}

function LotForm({ editing }: { readonly editing: Editing }): ReactNode {
  const { t, locale } = editing.visitor;
  const { terms } = editing.draft;
  // With a single lot its estimate is what most people come for.
  const lot =
    chosen(editing, terms.lots) ?? (terms.lots.length === 1 && editing.form === undefined ? terms.lots[0] : undefined);
  const own = editing.form?.['what'] === 'lot' ? editing : { ...editing, form: {} };
  return (
    <div id="lot">
      <TermsForm editing={editing} path="barang" id="lot-form">
        <h2>{lot === undefined ? t('drafting.lot.add') : `${t('drafting.lot.change')}: ${lot.title}`}</h2>
        <p className="quiet">{t('drafting.lot.hint')}</p>
        <input type="hidden" name="what" value="lot" />
        <input type="hidden" name="id" value={lot?.id ?? ''} />
        <Field
          name="lotTitle"
          label={t('drafting.lot.title')}
          value={typed(own, 'lotTitle', lot?.title ?? '')}
          required
        />
        <TextArea
          name="lotDescription"
          label={`${t('drafting.description')} (${t('form.optional')})`}
          value={typed(own, 'lotDescription', lot?.description ?? '')}
          rows={3}
        />
        <Field
          name="estimate"
          label={`${t('tender.estimate')}, ${terms.currency} (${t('form.optional')})`}
          hint={t('drafting.estimate.hint')}
          value={typed(own, 'estimate', lot?.estimate === undefined ? '' : shownDecimal(lot.estimate.amount, locale))}
        />
      </TermsForm>
      {lot !== undefined && (
        <p>
          <a href={`${editing.visitor.href(`/kerja/paket/${editing.draft.tender.id}/barang`)}?ubah=baru#lot`}>
            {t('drafting.lot.add')}
          </a>
        </p>
      )}
    </div>
  );
}

function itemOf({ visitor, draft }: Editing, form: Form, now: Date): TenderTerms | Wrong {
  const { t, locale } = visitor;
  const { terms, pack } = draft;
  const before = terms.items.find(({ id }) => id === text(form, 'id'));
  const description = text(form, 'itemDescription');
  if (description === '') return { words: t('drafting.item.wrong'), field: 'itemDescription' };
  const typedQuantity = text(form, 'quantity');
  const same = before !== undefined && typedQuantity === shownDecimal(before.quantity, locale);
  const quantity = same ? before.quantity : decimalOf(typedQuantity, locale);
  if (quantity === undefined || /^[0.]+$/.test(quantity))
    return { words: t('drafting.quantity.wrong'), field: 'quantity' };
  const unit = text(form, 'unit');
  if (unit === '' || unit.length > 100) return { words: t('drafting.unit.wrong'), field: 'unit' };
  const lotId = terms.lots.find(({ id }) => id === text(form, 'lotId'))?.id ?? before?.lotId ?? terms.lots[0]?.id;
  if (lotId === undefined) return { words: t('drafting.finding.lots_missing'), field: 'lotTitle' };
  const item: Item = { ...before, id: before?.id ?? newId(now), lotId, description, quantity, unit };
  return withItem(terms, item, pack, now);
}

function lotOf({ visitor, draft: { terms } }: Editing, form: Form, now: Date): TenderTerms | Wrong {
  const { t, locale } = visitor;
  const before = terms.lots.find(({ id }) => id === text(form, 'id'));
  const title = text(form, 'lotTitle');
  if (title === '' || title.length > 250) return { words: t('drafting.title.wrong', { n: 250 }), field: 'lotTitle' };
  const description = text(form, 'lotDescription').replaceAll('\r\n', '\n');
  const typedAmount = text(form, 'estimate');
  const same = before?.estimate !== undefined && typedAmount === shownDecimal(before.estimate.amount, locale);
  const amount = same ? before.estimate.amount : typedAmount === '' ? '' : decimalOf(typedAmount, locale);
  if (amount === undefined) return { words: t('drafting.estimate.wrong'), field: 'estimate' };
  return withLot(terms, {
    id: before?.id ?? newId(now),
    title,
    ...(description === '' ? {} : { description }),
    ...(amount === '' ? {} : { estimate: { amount, currency: terms.currency } }),
  });
}
