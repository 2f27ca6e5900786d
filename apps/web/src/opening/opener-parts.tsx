/** Parts of the pages of openers and auditors. */
import type { ReactNode } from 'react';
import type { Visitor } from '../http/visitor.js';
import { Card } from '../look/parts.js';
import { refusalWords } from '../words/refusals.js';
import { openerFailures, openerIsland } from '../words/id/opening.js';
import { sentencesOf } from '../words/words.js';

type Props = { readonly visitor: Visitor };

/** What openers find on their desk. */
export const OpenerCard = ({ visitor: { t, href } }: Props): ReactNode => (
  <Card id="opener" title={t('open.card')}>
    <p>
      <a href={href('/kerja/pembuka')}>{t('open.card.link')}</a>
    </p>
  </Card>
);

/** What auditors find on theirs. */
export const AttestCard = ({ visitor: { t, href } }: Props): ReactNode => (
  <Card id="attest" title={t('attest.card')}>
    <p>
      <a href={href('/kerja/kotak')}>{t('attest.link')}</a>
    </p>
  </Card>
);

/** The fields that unlock a key in the browser; they have no names and are sent nowhere. */
export const KeyFields = ({ visitor: { t }, id }: Props & { readonly id: string }): ReactNode => (
  <>
    <p id={`${id}-kept`} hidden>
      {t('sign.kept')}{' '}
      <button type="button" className="text-button" id={`${id}-other`}>
        {t('sign.other')}
      </button>
    </p>
    <div className="field" id={`${id}-choose`}>
      <label htmlFor={`${id}-file`}>{t('sign.key_file')}</label>
      <input id={`${id}-file`} type="file" accept=".age,.txt" />
    </div>
    <div className="field">
      <label htmlFor={`${id}-passphrase`}>{t('sign.passphrase')}</label>
      <input id={`${id}-passphrase`} type="password" autoComplete="off" />
    </div>
  </>
);

/** Where there is no script, and what else can be used. */
export const NeedsScript = ({ visitor: { t } }: Props): ReactNode => (
  <noscript>
    <p className="note warn">{t('sign.needs_script')}</p>
  </noscript>
);

/** Refusals of the API that an act on this device may end with. */
const REFUSED = [
  'not_signed_in',
  'not_allowed',
  'not_found',
  'wrong_state',
  'share_invalid',
  'share_repeated',
  'release_incomplete',
  'signature_invalid',
  'readiness_unknown',
  'readiness_wrong',
  'box_not_witnessed',
  'too_many_requests',
] as const;

/** What every island here is told. */
export function islandBasics(visitor: Visitor, me: { readonly id: string; readonly keys: readonly { key: string }[] }) {
  const { locale, form } = visitor;
  const own = Object.entries(sentencesOf(locale, openerFailures)).map(([key, words]) => [key.slice(5), words]);
  const refused = REFUSED.map((code) => [code, refusalWords(locale, code)]);
  return {
    locale,
    words: sentencesOf(locale, openerIsland),
    failures: Object.fromEntries([...refused, ...own]) as Readonly<Record<string, string>>,
    formToken: form(),
    openerId: me.id,
    keys: me.keys.map(({ key }) => key),
  };
}
