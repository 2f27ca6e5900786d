/** The terms of the specs' tender: one lot of paper. */
import { rulePack, type TenderTerms } from '@segel/procurement';
import { DEADLINE, idOf } from './fixtures.js';
import { GROUPS, LOT, OPENERS } from './seal-fixture.js';

export const PACK = rulePack('generic/open');
export const TERMS: TenderTerms = {
  title: 'Paper for all schools of the town',
  description: 'White paper.',
  category: 'goods',
  language: 'en',
  buyer: { id: idOf('buyer'), name: 'Town of Example' },
  currency: 'EUR',
  estimate: { amount: '1000.00', currency: 'EUR' },
  rulePackId: PACK.id,
  suite: 'x1',
  enquiryEndAt: '2026-02-20T12:00:00.000Z',
  deadlineAt: DEADLINE.toISOString(),
  maxBidBytes: 10_000_000,
  lots: [{ id: LOT, title: 'Paper' }],
  items: [{ id: idOf('item'), lotId: LOT, description: 'Paper', quantity: '10', unit: 'box' }],
  documents: [],
  criteria: [{ id: idOf('criterion'), title: 'Whiteness', kind: 'technical' }],
  slots: [
    { id: idOf('slot'), envelope: 'single', label: 'Paper', required: true, kind: 'price', itemId: idOf('item') },
  ],
  groups: GROUPS.map((name, g) => ({
    name,
    institution: name,
    external: name === 'audit',
    k: 1,
    openerIds: OPENERS[g]!.map(idOf),
  })),
};
