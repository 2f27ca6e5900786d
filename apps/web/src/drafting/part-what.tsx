import { isRegion, REGIONS, TERMS_LIMITS } from '@segel/procurement';
import { text } from '../http/form.js';
import { TextArea } from '../look/forms.js';
import { Choice, Field } from '../look/parts.js';
import { CATEGORIES } from '../tenders/search-query.js';
import { TermsForm, typed } from './fields.js';
import type { Part } from './part.js';

/** What is bought, in words. */
export const WHAT: Part = {
  body: (editing) => {
    const { t } = editing.visitor;
    const { terms } = editing.draft;
    return (
      <TermsForm editing={editing} path="isi" id="what">
        <Field
          name="title"
          label={t('drafting.title')}
          hint={t('drafting.title.hint')}
          value={typed(editing, 'title', terms.title)}
          required
        />
        <TextArea
          name="description"
          label={t('drafting.description')}
          hint={t('drafting.description.hint')}
          value={typed(editing, 'description', terms.description)}
          rows={8}
          required
        />
        <Choice
          name="category"
          label={t('tender.category')}
          value={typed(editing, 'category', terms.category)}
          options={CATEGORIES.map((one) => [one, t(`category.${one}`)] as const)}
        />
        <Choice
          name="region"
          label={t('drafting.region')}
          hint={t('drafting.region.hint')}
          value={typed(editing, 'region', terms.region ?? '')}
          options={[['', t('drafting.region.none')], ...Object.entries(REGIONS)]}
        />
        <Choice
          name="language"
          label={t('drafting.language')}
          value={typed(editing, 'language', terms.language)}
          options={[...new Set(['id', 'en', terms.language])].map((one) => [one, nameOf(one)] as const)}
        />
      </TermsForm>
    );
  },
  change: ({ visitor: { t }, draft: { terms } }, form) => {
    const [title, description] = [text(form, 'title'), text(form, 'description')];
    if (title === '' || title.length > TERMS_LIMITS.title)
      return { words: t('drafting.title.wrong', { n: TERMS_LIMITS.title }), field: 'title' };
    if (description === '' || description.length > TERMS_LIMITS.description)
      return { words: t('drafting.description.wrong', { n: TERMS_LIMITS.description }), field: 'description' };
    const category = CATEGORIES.find((one) => one === text(form, 'category')) ?? terms.category;
    // A browser sends lines with two characters at their ends.
    const lines = description.replaceAll('\r\n', '\n');
    const { region: _, ...kept } = terms;
    const region = text(form, 'region');
    const language = text(form, 'language') || terms.language;
    const where = isRegion(region) ? { region } : {};
    return { ...kept, ...where, title, description: lines, category, language };
  },
};

const NAMES: Readonly<Record<string, string>> = { id: 'Bahasa Indonesia', en: 'English' };
const nameOf = (language: string): string => NAMES[language] ?? language;
