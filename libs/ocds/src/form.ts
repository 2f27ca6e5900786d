import type { Criterion, Item, Slot } from '@segel/procurement';

const MAX_PROPOSAL_BYTES = 64 * 2 ** 20;

/** The form of a bid that OCDS files do not describe: a technical proposal, a declaration, and one price per item. */
export function bidForm(items: readonly Item[], newId: () => string): readonly Slot[] {
  const several = items.length > 1;
  return [
    {
      id: newId(),
      envelope: 'single',
      label: 'Technical proposal',
      required: true,
      kind: 'document',
      mediaTypes: ['application/pdf'],
      maxBytes: MAX_PROPOSAL_BYTES,
    },
    {
      id: newId(),
      envelope: 'single',
      label: 'We accept the terms and have no conflict of interest',
      required: true,
      kind: 'answer',
      answer: 'yes_no',
    },
    ...items.map((item, i): Slot => ({
      id: newId(),
      lotId: item.lotId,
      envelope: 'single',
      label: several ? `Price of item ${i + 1}` : 'Price',
      required: true,
      kind: 'price',
      itemId: item.id,
    })),
  ];
}

/** One criterion of each kind. */
export function criteria(newId: () => string): readonly Criterion[] {
  return [
    { id: newId(), title: 'The bid is complete and signed for', kind: 'administrative' },
    { id: newId(), title: 'The technical proposal meets the requirements', kind: 'technical' },
    { id: newId(), title: 'The price is complete and can be justified', kind: 'price' },
  ];
}
