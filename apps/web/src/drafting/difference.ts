/** What an addendum changes, field by field, as people would say it. */
import { canonicalize, toDocument } from '@segel/encoding';
import { REGIONS, type TenderTerms } from '@segel/procurement';
import type { Visitor } from '../http/visitor.js';
import type { Key } from '../words/words.js';

export type Difference = { readonly what: string; readonly before?: string; readonly after?: string };

type Thing = { readonly id: string };
type Zoned = Pick<Visitor, 't' | 'f'>;

export function differences(
  visitor: Zoned,
  before: TenderTerms,
  after: TenderTerms,
  { timeZone, nameOf }: { readonly timeZone: string; readonly nameOf: (accountId: string) => string },
): readonly Difference[] {
  const { t, f } = visitor;
  const money = (value: TenderTerms['estimate']): string | undefined => value && f.money(value);
  const one = (
    key: Key & `drafting.diff.${string}`,
    say: (terms: TenderTerms) => string | undefined,
  ): readonly Difference[] => changed(t(key as 'drafting.diff.title'), say(before), say(after));
  const several = <T extends Thing>(
    key:
      | 'drafting.diff.lot'
      | 'drafting.diff.item'
      | 'drafting.diff.document'
      | 'drafting.diff.criterion'
      | 'drafting.diff.slot',
    list: (terms: TenderTerms) => readonly T[],
    say: (thing: T) => string,
  ): readonly Difference[] => ofLists(t(key), list(before), list(after), say);
  return [
    ...one('drafting.diff.title', ({ title }) => title),
    ...one('drafting.diff.description', ({ description }) => description),
    ...one('drafting.diff.category', ({ category }) => t(`category.${category}`)),
    ...one('drafting.diff.region', ({ region }) => region && REGIONS[region]),
    ...one('drafting.diff.language', ({ language }) => language),
    ...one('drafting.diff.deadline', ({ deadlineAt }) => f.moment(deadlineAt, timeZone)),
    ...one('drafting.diff.enquiry', ({ enquiryEndAt }) => f.moment(enquiryEndAt, timeZone)),
    ...one('drafting.diff.estimate', ({ estimate }) => money(estimate)),
    ...one('drafting.diff.size', ({ maxBidBytes }) => f.bytes(maxBidBytes)),
    ...several(
      'drafting.diff.lot',
      ({ lots }) => lots,
      (lot) => [lot.title, lot.description, money(lot.estimate)].filter((text) => text !== undefined).join(' · '),
    ),
    ...several(
      'drafting.diff.item',
      ({ items }) => items,
      (item) => `${item.description}: ${f.number(item.quantity)} ${item.unit}`,
    ),
    ...several(
      'drafting.diff.document',
      ({ documents }) => documents,
      (document) =>
        `${document.title} (${document.fileName}, ${f.bytes(document.sizeBytes)}, SHA-256 ${document.sha256})`,
    ),
    ...several(
      'drafting.diff.criterion',
      ({ criteria }) => criteria,
      ({ title, kind }) => `${title} (${t(`drafting.criterion.${kind}`)})`,
    ),
    ...several(
      'drafting.diff.slot',
      ({ slots }) => slots,
      ({ label, required }) => `${label} (${t(required ? 'tender.required' : 'tender.optional')})`,
    ),
    ...changedGroups(visitor, before, after, nameOf),
  ];
}

function changedGroups(
  { t }: Zoned,
  before: TenderTerms,
  after: TenderTerms,
  nameOf: (accountId: string) => string,
): readonly Difference[] {
  const groups = ({ groups: all }: TenderTerms): readonly (Thing & TenderTerms['groups'][number])[] =>
    all.map((group) => ({ ...group, id: group.name }));
  // Who the people are matters, not only how many: another opener is another group.
  const say = ({ institution, k, openerIds }: TenderTerms['groups'][number]): string =>
    `${institution}: ${t('tender.group', { k, n: openerIds.length })} (${openerIds.map(nameOf).join(', ')})`;
  return ofLists(t('drafting.diff.group'), groups(before), groups(after), say);
}

function ofLists<T extends Thing>(
  what: string,
  before: readonly T[],
  after: readonly T[],
  say: (thing: T) => string,
): readonly Difference[] {
  const gone = before.filter(({ id }) => !after.some((one) => one.id === id));
  const kept = after.flatMap((thing) => {
    const old = before.find(({ id }) => id === thing.id);
    if (old === undefined) return [{ what, after: say(thing) }];
    const same = canonicalize(toDocument(old)) === canonicalize(toDocument(thing));
    return same ? [] : [{ what, before: say(old), after: say(thing) }];
  });
  return [...gone.map((thing) => ({ what, before: say(thing) })), ...kept];
}

function changed(what: string, before: string | undefined, after: string | undefined): readonly Difference[] {
  if (before === after) return [];
  return [{ what, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}
