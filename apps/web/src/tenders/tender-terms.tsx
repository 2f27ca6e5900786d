/** What the terms say, in words. */
import { REGIONS } from '@segel/procurement';
import type { ReactNode } from 'react';
import { Card, Note, Summary, Table, Tag } from '../look/parts.js';
import type { Translate } from '../words/words.js';
import { categoryOf } from './tender-list.js';
import type { TenderFacts } from './tender.controller.js';
import type { Shown } from './tender-page.js';

export function WhatCard({ visitor, facts: { tender } }: Shown): ReactNode {
  const { t, f } = visitor;
  const { terms, rules, publishedAt } = tender;
  return (
    <Card id="what" title={t('tender.what')}>
      <p className="pre">{terms.description}</p>
      <Summary
        lines={[
          [t('tender.buyer'), terms.buyer.name],
          [t('tender.number'), <span className="hash">{tender.ocid}</span>],
          [t('tender.category'), categoryOf(visitor, terms.category)],
          terms.region !== undefined && [t('tender.region'), REGIONS[terms.region]],
          terms.estimate !== undefined && [t('tender.estimate'), f.money(terms.estimate)],
          publishedAt !== undefined && [t('tender.published'), f.moment(publishedAt, rules.timeZone)],
          [t('tender.enquiries'), f.moment(terms.enquiryEndAt, rules.timeZone)],
          [t('tender.size'), f.bytes(terms.maxBidBytes)],
        ]}
      />
    </Card>
  );
}

export function ItemsCard({ visitor: { t, f }, facts: { tender } }: Shown): ReactNode {
  const { lots, items } = tender.terms;
  return (
    <Card id="items" title={t('tender.items')}>
      {lots.map((lot, i) => (
        <div key={lot.id}>
          {lots.length > 1 && (
            <h3>
              {t('tender.lot')} {i + 1}: {lot.title}
            </h3>
          )}
          {lot.description !== undefined && lots.length > 1 && <p className="pre">{lot.description}</p>}
          <Table
            label={`${t('tender.items')}: ${lot.title}`}
            columns={[{ name: t('tender.item') }, { name: t('tender.quantity'), number: true }]}
            rows={items
              .filter(({ lotId }) => lotId === lot.id)
              .map(({ id, description, quantity, unit }) => ({
                key: id,
                cells: [description, `${f.number(quantity)} ${unit}`],
              }))}
          />
        </div>
      ))}
    </Card>
  );
}

export function PrepareCard({ visitor: { t }, facts: { tender } }: Shown): ReactNode {
  const slots = tender.terms.slots.filter(({ kind }) => kind !== 'price');
  return (
    <Card id="prepare" title={t('tender.prepare')}>
      <ul>
        {slots.map(({ id, label, required }) => (
          <li key={id}>
            {label} <span className="quiet">({t(required ? 'tender.required' : 'tender.optional')})</span>
          </li>
        ))}
        <li>
          {t('tender.price')} <span className="quiet">({t('tender.required')})</span>
        </li>
      </ul>
    </Card>
  );
}

export function RulesCard({ visitor: { t }, facts: { tender } }: Shown): ReactNode {
  const { rulePack } = tender;
  return (
    <Card id="rules" title={t('tender.rules')}>
      <ul>
        {rulesInWords(t, tender.rules).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      <p className="quiet">
        {t('tender.pack')}: {rulePack.title} ({rulePack.id}, {rulePack.version})
      </p>
      {rulePack.demonstration && (
        <Note tone="warn">
          <p>{t('tender.pack.demo')}</p>
        </Note>
      )}
      {rulePack.unverified.length > 0 && (
        <p className="quiet">
          <Tag tone="warn">!</Tag> {t('tender.pack.unverified', { list: rulePack.unverified.join(', ') })}
        </p>
      )}
    </Card>
  );
}

function rulesInWords(t: Translate, rules: TenderFacts['tender']['rules']): readonly string[] {
  const submission = (['one_envelope', 'two_envelope', 'two_stage'] as const).find((one) => one === rules.submission);
  return [
    rules.evaluation === 'lowest_price'
      ? t('rule.lowest_price')
      : t('rule.other_evaluation', { method: rules.evaluation }),
    ...(submission === undefined ? [] : [t(`rule.${submission}`)]),
    ...(rules.minimumBids > 1 ? [t('rule.minimum', { n: rules.minimumBids })] : []),
    ...(rules.rejectsAboveEstimate ? [t('rule.above')] : []),
    t(rules.tieRule === 'earliest' ? 'rule.tie.earliest' : 'rule.tie.draw'),
    ...(rules.standstillDays > 0
      ? [
          t(rules.standstillWorking ? 'rule.standstill.working' : 'rule.standstill.calendar', {
            n: rules.standstillDays,
          }),
        ]
      : []),
    ...(rules.attestationRequired ? [t('rule.attested')] : []),
    t('rule.hidden'),
  ];
}
