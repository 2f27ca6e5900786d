import { describe, expect, it } from '@jest/globals';
import { NOW, refused, TERMS } from '../vectors/examples.js';
import type { OpenerGroup, Region, TenderTerms } from './index.js';
import { checkTerms, demandComplete, rulePack } from './index.js';

const generic = rulePack('generic/open');
const [buyerGroup, audit] = TERMS.groups as readonly [OpenerGroup, OpenerGroup];
const [desk, assembly] = TERMS.items;
const slots = TERMS.slots;

const errors = (change: Partial<TenderTerms>, pack = generic): string[] =>
  checkTerms({ ...TERMS, ...change }, pack, NOW)
    .filter(({ severity }) => severity === 'error')
    .map(({ path, code }) => `${path} ${code}`);

describe('the checker of terms', () => {
  it('finds nothing in the example', () => {
    expect(checkTerms(TERMS, generic, NOW)).toEqual([]);
    expect(refused(() => demandComplete(TERMS, generic, NOW))).toBe('none');
  });

  it.each<[string, Partial<TenderTerms>, string]>([
    ['no title', { title: ' ' }, 'title text_missing'],
    ['no lot', { lots: [], items: [], slots: slots.slice(0, 2) }, 'lots lots_missing'],
    ['a lot twice', { lots: [TERMS.lots[0]!, TERMS.lots[0]!] }, 'lots id_repeated'],
    ['an item of no lot', { items: [{ ...desk!, lotId: 'lot-9' }, assembly!] }, 'items[0].lotId lot_unknown'],
    ['a quantity of zero', { items: [{ ...desk!, quantity: '0' }, assembly!] }, 'items[0].quantity decimal_malformed'],
    [
      'a quantity as a float would print it',
      { items: [{ ...desk!, quantity: '1e3' }, assembly!] },
      'items[0].quantity decimal_malformed',
    ],
    ['an item without a price', { slots: slots.slice(0, 3) }, 'items[1] price_slot_count'],
    ['an item priced twice', { slots: [...slots, { ...slots[3]!, id: 'slot-3' }] }, 'items[1] price_slot_count'],
    [
      'an optional price',
      { slots: [...slots.slice(0, 3), { ...slots[3]!, required: false }] },
      'slots[3].required price_optional',
    ],
    [
      'an envelope of another method',
      { slots: [{ ...slots[0]!, envelope: 'technical' }, ...slots.slice(1)] },
      'slots[0].envelope envelope_unknown',
    ],
    ['a region there is not', { region: 'ID-XX' as Region }, 'region region_unknown'],
    ['no criterion', { criteria: [] }, 'criteria criteria_missing'],
    ['a criterion twice', { criteria: [TERMS.criteria[0]!, TERMS.criteria[0]!] }, 'criteria id_repeated'],
    [
      'an estimate in another currency',
      { estimate: { amount: '1', currency: 'USD' } },
      'estimate.currency currency_differs',
    ],
    ['a malformed amount', { estimate: { amount: '1,000', currency: 'EUR' } }, 'estimate.amount decimal_malformed'],
    ['one group only', { groups: [audit] }, 'groups groups_few'],
    ['no external group', { groups: [buyerGroup, { ...audit, external: false }] }, 'groups group_external_missing'],
    ['groups of one name', { groups: [buyerGroup, { ...audit, name: 'Buyer' }] }, 'groups group_name_repeated'],
    [
      'an opener in two groups',
      { groups: [buyerGroup, { ...audit, openerIds: ['opener-1', 'opener-5'] }] },
      'groups opener_repeated',
    ],
    ['a group that needs all its openers', { groups: [buyerGroup, { ...audit, k: 2 }] }, 'groups[1].k threshold_wrong'],
    ['a group that needs nobody', { groups: [buyerGroup, { ...audit, k: 0 }] }, 'groups[1].k threshold_wrong'],
    [
      'a deadline too soon',
      { deadlineAt: '2026-02-15T11:59:59.999Z', enquiryEndAt: '2026-02-05T00:00:00.000Z' },
      'deadlineAt period_too_short',
    ],
    ['a deadline without milliseconds', { deadlineAt: '2026-03-01T12:00:00Z' }, 'deadlineAt instant_malformed'],
    ['a deadline within a second', { deadlineAt: '2026-03-02T12:00:00.001Z' }, 'deadlineAt terms_invalid'],
    ['questions until the deadline', { enquiryEndAt: TERMS.deadlineAt }, 'enquiryEndAt enquiry_end_late'],
    ['questions until four days before', { enquiryEndAt: '2026-02-25T12:00:00.000Z' }, 'enquiryEndAt enquiry_end_late'],
    ['another rule pack', { rulePackId: 'demo/fast' }, 'rulePackId rule_pack_other'],
    ['a bid of no bytes', { maxBidBytes: 0 }, 'maxBidBytes number_outside'],
  ])('finds %s', (_, change, expected) => {
    expect(errors(change)).toContain(expected);
    expect(refused(() => demandComplete({ ...TERMS, ...change }, generic, NOW))).toBe('terms_incomplete');
  });

  it('a deadline exactly at the minimum period is enough', () => {
    expect(errors({ deadlineAt: '2026-02-15T12:00:00.000Z', enquiryEndAt: '2026-02-10T12:00:00.000Z' })).toEqual([]);
  });

  it('a demonstration may need every opener of a group, with a warning', () => {
    const demo = rulePack('demo/fast');
    const terms = { ...TERMS, rulePackId: demo.id, groups: [{ ...audit, k: 2 }] };
    expect(checkTerms(terms, demo, NOW).map(({ code, severity }) => [code, severity])).toEqual([
      ['threshold_tight', 'warning'],
    ]);
  });

  it('a pack with a currency allows no other, a pack whose method cannot be run is refused', () => {
    expect(errors({ rulePackId: 'id/tender-goods' }, rulePack('id/tender-goods'))).toContain(
      'currency currency_of_pack',
    );
    expect(errors({}, { ...generic, evaluation: 'weighted' })).toContain('rulePackId method_unsupported');
  });

  it('a short title and lots that do not add up are warnings only', () => {
    const change = { title: 'Desks', lots: [{ ...TERMS.lots[0]!, estimate: { amount: '999', currency: 'EUR' } }] };
    expect(checkTerms({ ...TERMS, ...change }, generic, NOW).map(({ code, severity }) => [code, severity])).toEqual([
      ['title_short', 'warning'],
      ['estimate_differs', 'warning'],
    ]);
  });
});
