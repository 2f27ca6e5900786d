import { rulePack, supportsMethod, type RulePack } from '@segel/procurement';
import { text } from '../http/form.js';
import { Card, Field, Note, Tag } from '../look/parts.js';
import { TermsForm, typed } from './fields.js';
import type { Part } from './part.js';
import { packFigures } from './rules.js';
import { withPack } from './terms-changes.js';

/** The rule pack: chosen by a person who sees what it means, where its figures come from and which nobody checked. */
export const METHOD: Part = {
  body: async (editing) => {
    const { visitor, draft } = editing;
    const { t } = visitor;
    const packs = await visitor.api.call('get', '/api/rule-packs');
    const wanted = typed(editing, 'rulePackId', draft.pack.id);
    return (
      <>
        <Card id="pack" title={`${t('tender.pack')}: ${draft.pack.title}`}>
          <p className="quiet">
            {draft.pack.id}, {t('drafting.pack.version', { n: draft.pack.version })}
          </p>
          <p>{t('drafting.method.lowest')}</p>
          <ul>
            {packFigures(visitor, draft.pack).map(({ words, unverified }) => (
              <li key={words}>
                {words} {unverified && <Tag tone="warn">{t('drafting.rules.unverified')}</Tag>}
              </li>
            ))}
          </ul>
          <p className="quiet">
            {t('drafting.rules.source')}: {draft.pack.source}
          </p>
        </Card>
        {draft.mode === 'addendum' ? (
          <Note tone="info">
            <p>{t('drafting.pack.frozen')}</p>
          </Note>
        ) : (
          <TermsForm editing={editing} path="aturan" id="method">
            <fieldset>
              <legend>{t('drafting.pack.choose')}</legend>
              {packs.map(({ id, title, demonstration, unverified }) => (
                <label key={id} className="check" htmlFor={`pack-${id}`}>
                  <input id={`pack-${id}`} type="radio" name="rulePackId" value={id} defaultChecked={id === wanted} />
                  <span>
                    {title} <span className="quiet">({id})</span>{' '}
                    {demonstration && <Tag tone="warn">{t('drafting.pack.demo')}</Tag>}
                    {unverified.length > 0 && <Tag tone="warn">{t('drafting.pack.unverified')}</Tag>}
                  </span>
                </label>
              ))}
            </fieldset>
            <Field
              name="currency"
              label={t('drafting.currency')}
              hint={t('drafting.currency.hint')}
              value={typed(editing, 'currency', draft.terms.currency)}
              required
            />
          </TermsForm>
        )}
      </>
    );
  },
  change: ({ visitor: { t, api }, draft: { terms } }, form) =>
    api.call('get', '/api/rule-packs').then((packs) => {
      const chosen = packs.find(({ id }) => id === text(form, 'rulePackId'));
      if (chosen === undefined) return { words: t('drafting.pack.wrong'), field: 'currency' };
      const pack = rulePack(chosen.id);
      if (!supportsMethod(pack)) return { words: t('drafting.finding.method_unsupported'), field: 'currency' };
      const currency = currencyOf(pack, text(form, 'currency'));
      if (currency === undefined) return { words: t('drafting.currency.wrong'), field: 'currency' };
      return withPack(terms, pack, currency);
    }),
};

/** The pack's own currency, else the one that was typed. */
export function currencyOf(pack: RulePack, typedCurrency: string): string | undefined {
  const currency = pack.currency ?? typedCurrency.toUpperCase();
  return /^[A-Z]{3}$/.test(currency) ? currency : undefined;
}
