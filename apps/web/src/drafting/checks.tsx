import type { ReactNode } from 'react';
import { Card, Hash, Note, Summary, Tag } from '../look/parts.js';
import type { Key } from '../words/words.js';
import type { Editing } from './fields.js';
import { findingsOf, missing, partOf } from './parts.js';
import type { Candidate } from './notice.js';
import { refusalWords } from '../words/refusals.js';

/** Everything that the rule finds, in words, each with the page where it is mended. */
export function Findings({ editing: { visitor, draft } }: { readonly editing: Editing }): ReactNode {
  const { t, href } = visitor;
  const findings = findingsOf(draft, visitor.now);
  const { keys, openers, approver } = missing(draft);
  const base = `/kerja/paket/${draft.tender.id}`;
  const link = (path: string, words: string): ReactNode =>
    draft.prepares ? <a href={href(`${base}/${path}`)}>{words}</a> : <span className="quiet">{words}</span>;
  return (
    <Card id="checks" title={t('drafting.review.checks')}>
      {findings.length === 0 && keys === 0 && openers > 0 && !approver && <p>{t('drafting.review.complete')}</p>}
      <ul className="list">
        {findings.map((finding, i) => (
          <li key={i}>
            <Tag tone={finding.severity === 'error' ? 'bad' : 'warn'}>
              {t(finding.severity === 'error' ? 'drafting.rules.block' : 'drafting.rules.warn')}
            </Tag>{' '}
            {findingWords(visitor, finding.code, finding.sentence)}{' '}
            {link(partOf(finding), t(`drafting.task.${partOf(finding)}`))}
          </li>
        ))}
        {approver && (
          <li>
            <Tag tone="bad">{t('drafting.rules.block')}</Tag> {t('drafting.review.no_approver')}{' '}
            {link('tim', t('drafting.task.tim'))}
          </li>
        )}
        {keys > 0 && (
          <li>
            <Tag tone="bad">{t('drafting.rules.block')}</Tag> {t('drafting.review.no_keys', { n: keys })}{' '}
            {link('pembuka', t('drafting.task.pembuka'))}
          </li>
        )}
      </ul>
    </Card>
  );
}

/** A finding in the visitor's language; the rule's own English sentence for one that the catalogue does not know. */
export function findingWords({ t }: Editing['visitor'], code: string, sentence: string): string {
  const known = FINDINGS.find((one) => one === code);
  return known === undefined ? sentence : t(`drafting.finding.${known}` satisfies Key);
}

export const FINDINGS = [
  'text_missing',
  'title_short',
  'text_long',
  'language_malformed',
  'currency_malformed',
  'currency_of_pack',
  'rule_pack_other',
  'method_unsupported',
  'rule_pack_unverified',
  'number_outside',
  'terms_invalid',
  'period_too_short',
  'enquiry_end_late',
  'enquiry_over',
  'holidays_unknown',
  'lots_missing',
  'too_many',
  'lot_empty',
  'estimate_differs',
  'lot_unknown',
  'decimal_malformed',
  'criteria_missing',
  'id_repeated',
  'currency_differs',
  'instant_malformed',
  'envelope_unknown',
  'media_types_missing',
  'price_slot_count',
  'item_unknown',
  'lot_differs',
  'price_optional',
  'groups_few',
  'group_external_missing',
  'group_name_repeated',
  'opener_repeated',
  'threshold_wrong',
  'threshold_tight',
  'precommit_not_allowed',
  'region_unknown',
] as const;

/** What the signature will bind: the hash of the terms that this page shows. */
export function Bound({ editing, candidate }: { readonly editing: Editing; readonly candidate: Candidate }): ReactNode {
  const { t, locale } = editing.visitor;
  if ('refused' in candidate)
    return (
      <Note tone="warn">
        <p>
          {candidate.refused === 'terms_differ'
            ? t('drafting.review.differs')
            : (refusalWords(locale, candidate.refused) ?? t('error.refused.text'))}
        </p>
      </Note>
    );
  const { version, body } = candidate.draft;
  return (
    <Summary
      lines={[
        [t('drafting.review.version'), String(version)],
        [t('drafting.review.hash'), <Hash>{body['terms_sha256'] as string}</Hash>],
        [t('drafting.review.policy'), <Hash>{body['policy_sha256'] as string}</Hash>],
      ]}
    />
  );
}
