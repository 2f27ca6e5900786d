/** The fields of a bid. The island reads them by their ids. */
import type { ReactNode } from 'react';
import type { Reader } from '../words/reader.js';
import { Card } from '../look/parts.js';
import { FieldWrong, PickFile } from '../look/pick-file.js';
import { fieldOf, type AnswerPlace, type BidForm, type DocumentPlace, type PricePlace } from './bid-form.js';
import { endingsOf } from './checks.js';

type Props = { readonly visitor: Reader; readonly form: BidForm };

export function PricesCard({ visitor, form }: Props): ReactNode {
  const { t } = visitor;
  return (
    <Card id="prices" title={t('bid.prices')}>
      <p className="quiet" id="prices-how">
        {t('bid.prices.how', { currency: form.currency })}
      </p>
      <ul className="list">
        {form.prices.map((place) => (
          <PriceLine key={place.slotId} visitor={visitor} place={place} />
        ))}
      </ul>
      <p className="sum-line">
        <span>{t('bid.total')}</span> <b id="total" className="n" />
      </p>
    </Card>
  );
}

function PriceLine({ visitor: { t, f }, place }: { readonly visitor: Reader; readonly place: PricePlace }): ReactNode {
  const { slotId, label, quantity, unit, lumpSum } = place;
  const id = fieldOf.price(slotId);
  return (
    <li>
      <div className="field">
        <label htmlFor={id}>{t(lumpSum ? 'bid.price.lump' : 'bid.price.unit', { item: label })}</label>
        <span className="quiet">{t('bid.price.of', { quantity: f.number(quantity), unit })}</span>
        <input id={id} inputMode="decimal" autoComplete="off" aria-describedby={`prices-how ${id}-line ${id}-wrong`} />
        <FieldWrong id={id} />
        <p className="sum-line" id={`${id}-line`}>
          <span>{t('bid.line')}</span> <span className="n" data-amount={slotId} />
        </p>
      </div>
    </li>
  );
}

export function FilesCard({ visitor, form }: Props): ReactNode {
  const { t } = visitor;
  return (
    <Card id="files" title={t('bid.files')}>
      {form.documents.length + form.answers.length === 0 && <p>{t('bid.files.none')}</p>}
      {form.documents.map((place) => (
        <FileLine key={place.slotId} visitor={visitor} place={place} />
      ))}
      {form.answers.map((place) => (
        <AnswerLine key={place.slotId} visitor={visitor} place={place} />
      ))}
    </Card>
  );
}

const mark = ({ t }: Reader, required: boolean): string => t(required ? 'tender.required' : 'tender.optional');

function FileLine({ visitor, place }: { readonly visitor: Reader; readonly place: DocumentPlace }): ReactNode {
  const { t, f } = visitor;
  const id = fieldOf.document(place.slotId);
  const endings = endingsOf(place);
  const types = endings.length === 0 ? t('bid.file.any') : endings.join(' ');
  return (
    <div className="field">
      <PickFile
        id={id}
        label={
          <>
            {place.label} <span className="quiet-inline">({mark(visitor, place.required)})</span>
          </>
        }
        hint={t('bid.file.hint', { types, size: f.bytes(place.maxBytes) })}
        accept={endings.join(',') || undefined}
        choose={t('bid.file.choose')}
        none={t('bid.file.none')}
      />
    </div>
  );
}

function AnswerLine({ visitor, place }: { readonly visitor: Reader; readonly place: AnswerPlace }): ReactNode {
  const { t } = visitor;
  const id = fieldOf.answer(place.slotId);
  const number = place.answer === 'number';
  return (
    <div className="field">
      <label htmlFor={id}>
        {place.label} <span className="quiet-inline">({mark(visitor, place.required)})</span>
      </label>
      {number && <span className="quiet">{t('bid.number')}</span>}
      {place.answer === 'yes_no' ? (
        <select id={id} aria-describedby={`${id}-wrong`} autoComplete="off">
          <option value="">{t('bid.choose')}</option>
          <option value="yes">{t('bid.yes')}</option>
          <option value="no">{t('bid.no')}</option>
        </select>
      ) : (
        <input id={id} inputMode={number ? 'decimal' : undefined} autoComplete="off" aria-describedby={`${id}-wrong`} />
      )}
      <FieldWrong id={id} />
    </div>
  );
}

/** The key that signs: its file, and what unlocks it. */
export const KeyFields = ({ visitor: { t } }: Pick<Props, 'visitor'>): ReactNode => (
  <>
    <p id="key-kept" hidden>
      {t('sign.kept')}{' '}
      <button type="button" className="text-button" id="key-other">
        {t('sign.other')}
      </button>
    </p>
    <div className="field" id="key-choose">
      <PickFile
        id="key-file"
        label={t('sign.key_file')}
        hint={t('sign.key_file.hint')}
        accept=".age"
        choose={t('bid.file.choose')}
        none={t('bid.file.none')}
      />
    </div>
    <div className="field">
      <label htmlFor="passphrase">{t('sign.passphrase')}</label>
      <input id="passphrase" type="password" autoComplete="off" aria-describedby="passphrase-wrong" />
      <FieldWrong id="passphrase" />
    </div>
  </>
);

export const SealCard = ({ visitor }: Pick<Props, 'visitor'>): ReactNode => {
  const { t } = visitor;
  return (
    <Card id="seal" title={t('bid.seal')}>
      <KeyFields visitor={visitor} />
      <label className="check">
        <input id="shared" type="checkbox" aria-describedby="shared-hint" /> {t('bid.shared')}
      </label>
      <p className="quiet" id="shared-hint">
        {t('bid.shared.hint')}
      </p>
      <p className="note seal">{t('bid.not_sent')}</p>
      <p className="quiet">{t('bid.draft')}</p>
      <p>
        <button type="button" className="button" id="send">
          {t('bid.send')}
        </button>
      </p>
    </Card>
  );
};
