import type { Schemas } from '@segel/client';
import type { Wrong } from '../http/form.js';
import type { Visitor } from '../http/visitor.js';
import { PostForm, WrongSummary } from '../look/forms.js';
import { Crumb } from '../look/lists.js';
import { Page } from '../look/page.js';
import { Card, Field, Hash, Note } from '../look/parts.js';
import { signing } from '../words/id/forms.js';
import { keys as keyWords } from '../words/id/keys.js';
import { sentencesOf } from '../words/words.js';

export function keysPage(visitor: Visitor, me: Schemas['Me'], said: { wrong?: Wrong; done?: boolean }): Page {
  const { t, locale } = visitor;
  const escrow = me.roles.some(({ role }) => role === 'auditor');
  const data = {
    locale,
    words: { ...sentencesOf(locale, keyWords), ...sentencesOf(locale, signing) },
    accountId: me.id,
    vendorId: me.vendorId,
    escrow,
  };
  return new Page(
    t('keys.title'),
    <>
      <Crumb visitor={visitor} desk />
      <div className="stack">
        <h1>{t('keys.title')}</h1>
        <p className="lead">{t('keys.lead')}</p>
        <WrongSummary visitor={visitor} wrong={said.wrong} />
        {said.done === true && <Note tone="ok">{t('keys.done')}</Note>}
        <Card id="have" title={t('keys.have')}>
          {me.keys.length === 0 && <p>{t('keys.none')}</p>}
          {me.keys.map(({ id, key }) => (
            <p key={id}>
              <Hash>{key}</Hash>
            </p>
          ))}
        </Card>
        <noscript>
          <Note tone="warn">{t('sign.needs_script')}</Note>
        </noscript>
        <Making visitor={visitor} />
        <Proving visitor={visitor} />
        <p className="quiet">{t('keys.safer')}</p>
      </div>
    </>,
    { at: '/kerja', islands: [{ name: 'new-key', data }] },
  );
}

const Making = ({ visitor: { t } }: { readonly visitor: Visitor }) => (
  <form id="making" className="card narrow" hidden>
    <h2>{t('keys.step1')}</h2>
    <p className="quiet">{t('keys.step1.hint')}</p>
    <Field name="passphrase" label={t('keys.passphrase')} type="password" autoComplete="new-password" />
    <Field name="repeat" label={t('keys.repeat')} type="password" autoComplete="new-password" />
    <button className="button">{t('keys.make')}</button>
    <p role="status" id="making-status" />
    <div id="saving" hidden>
      <h2>{t('keys.step2')}</h2>
      <p>{t('keys.step2.hint')}</p>
      <p>
        <a id="save" className="button" href="#save">
          {t('keys.save')}
        </a>
      </p>
    </div>
    <p className="quiet">{t('keys.already')}</p>
  </form>
);

const Proving = ({ visitor }: { readonly visitor: Visitor }) => {
  const { t } = visitor;
  return (
    <PostForm visitor={visitor} id="proving" action="/kerja/kunci">
      <h2>{t('keys.step3')}</h2>
      <p className="quiet">{t('keys.step3.hint')}</p>
      <div className="field">
        <label htmlFor="file">{t('keys.file')}</label>
        <input id="file" type="file" accept=".age" />
      </div>
      <div className="field">
        <label htmlFor="proof">{t('keys.passphrase')}</label>
        <input id="proof" type="password" autoComplete="off" />
      </div>
      <label className="check">
        <input id="keep" type="checkbox" /> {t('keys.keep')}
      </label>
      {(['key', 'sig', 'escrowRecipient'] as const).map((name) => (
        <input key={name} type="hidden" id={name} name={name} />
      ))}
      <button className="button">{t('keys.register')}</button>
      <p role="status" id="proving-status" />
    </PostForm>
  );
};
