/** The parts of forms, for the page of components. The form there is a real one that is always refused. */
import type { Sample, Shown } from './components-page.js';
import { Check, FileField, PostForm, SignatureFields, TextArea } from './forms.js';
import { Choice, Field } from './parts.js';
import { PickFile } from './pick-file.js';

/** The form's field that is always wrong. */
export const SAMPLE_FIELD = 'contoh-harga';

export function fieldSamples({ visitor, wrong }: Shown): readonly Sample[] {
  const { t } = visitor;
  return [
    {
      id: 'form',
      code: 'PostForm, WrongSummary, Field, TextArea',
      shown: (
        <PostForm visitor={visitor} action="/komponen" className="form">
          <Field
            name={SAMPLE_FIELD}
            label={t('parts.sample.price')}
            hint={t('parts.form.hint')}
            wrong={wrong?.words ?? t('parts.form.wrong')}
          />
          <TextArea name="contoh-alasan" label={t('parts.sample.reason')} hint={t('form.optional')} rows={2} />
          <button className="button">{t('parts.form.send')}</button>
        </PostForm>
      ),
    },
    {
      id: 'choice',
      code: 'Choice, Check',
      shown: (
        <div className="form">
          <Choice
            name="contoh-jenis"
            label={t('search.category')}
            value="works"
            options={(['goods', 'works', 'services'] as const).map((one) => [one, t(`category.${one}`)] as const)}
          />
          <Check id="contoh-setuju" name="contoh-setuju" checked>
            {t('parts.choice.agree')}
          </Check>
        </div>
      ),
    },
    {
      id: 'file',
      code: 'FileField, PickFile, FieldWrong',
      shown: (
        <div className="form">
          <FileField name="contoh-berkas" label={t('parts.file.form')} hint={t('parts.file.form.hint')} accept=".pdf" />
          <div className="field">
            <PickFile
              id="contoh-pilih"
              label={t('parts.file.island')}
              hint={t('parts.file.island.hint')}
              choose={t('bid.file.choose')}
              none={t('bid.file.none')}
            />
          </div>
        </div>
      ),
    },
    {
      id: 'signature',
      code: 'Signature, SignatureFields',
      shown: (
        <div className="form">
          <SignatureFields t={t} id="contoh-tanda" />
        </div>
      ),
    },
  ];
}
