/** The minutes of the opening: public from its end on. */
import type { Schemas } from '@segel/client';
import { outcomeName } from '../tenders/outcomes.js';
import { mono, small, strong, type Block, type Document, type Words } from './blocks.js';
import {
  aboutTender,
  checkBlock,
  entriesTable,
  letter,
  lotTitle,
  published,
  recompute,
  type Edition,
  type Published,
} from './letter.js';

type Lot = Schemas['LotMinutesView'];
type Opened = Omit<Lot, 'entries'> & { readonly entries: readonly Published[] };

/** The document; undefined while the public log has not reached what it names. */
export function minutesDocument(
  edition: Edition,
  tender: Schemas['TenderView'],
  lots: readonly Lot[],
): Document | undefined {
  const { t } = edition;
  const opened = lots.flatMap((lot): Opened[] => {
    const entries = published(lot.entries);
    return entries === undefined || lot.bids.some(({ index }) => index === undefined) ? [] : [{ ...lot, entries }];
  });
  const last = opened.reduce<Opened | undefined>(
    (latest, lot) => (latest === undefined || lot.completedAt > latest.completedAt ? lot : latest),
    undefined,
  );
  if (last === undefined || opened.length < lots.length) return undefined;
  const zone = tender.rules.timeZone;
  const { deadlineAt } = tender;
  const lines = [
    ...aboutTender(edition, tender),
    ...(deadlineAt === undefined ? [] : [[t('doc.minutes.deadline'), edition.f.moment(deadlineAt, zone)] as const]),
  ];
  const blocks: readonly Block[] = [
    { kind: 'facts', lines },
    ...opened.flatMap((lot) => lotBlocks(edition, tender, lot)),
    checkBlock(edition, last.entries.at(-1)!),
    ...recompute(edition, tender.id),
  ];
  return letter(edition, { title: t('doc.minutes'), tender, at: last.completedAt, blocks });
}

function lotBlocks(edition: Edition, tender: Schemas['TenderView'], lot: Opened): readonly Block[] {
  const { t, f } = edition;
  const zone = tender.rules.timeZone;
  const { opened, rejected, count } = lot;
  const heading = (text: string): Block => ({ kind: 'heading', level: 3, text });
  return [
    { kind: 'heading', level: 2, text: `${t('doc.lot')}: ${lotTitle(tender, lot.lotId)}` },
    {
      kind: 'facts',
      lines: [
        [t('doc.minutes.authorised'), f.moment(lot.authorisedAt, zone)],
        [t('doc.minutes.completed'), f.moment(lot.completedAt, zone)],
        [t('doc.minutes.count'), strong(t('doc.minutes.counted', { count, opened, rejected }))],
        [t('doc.minutes.withdrawn'), f.number(lot.withdrawn)],
        [t('doc.minutes.set'), mono(lot.setRoot)],
      ],
    },
    heading(t('doc.minutes.bids')),
    ...bidsOf(edition, lot, zone),
    heading(t('doc.minutes.openers')),
    openersOf(edition, tender, lot),
    heading(t('doc.entries')),
    { kind: 'text', text: small(t('doc.entries.how')) },
    entriesTable(edition, lot.entries),
  ];
}

function bidsOf({ t, f }: Edition, { bids }: Opened, zone: string): readonly Block[] {
  if (bids.length === 0) return [{ kind: 'text', text: t('doc.minutes.none') }];
  const rows = bids.map((bid): readonly Words[] => {
    const { total: amount, currency } = bid;
    const priced = amount !== undefined && currency !== undefined;
    return [
      [strong(bid.vendorName), small(f.short(bid.submittedAt, zone))],
      priced ? f.money({ amount, currency }) : '–',
      [outcomeName(t, bid.outcome), ...(bid.detail === undefined ? [] : [small(bid.detail)])],
      [mono(bid.manifestSha256), small(t('tender.entry', { n: String(bid.index) }))],
    ];
  });
  const columns = [
    { name: `${t('tender.bidder')}, ${t('tender.sent').toLowerCase()}`, width: 5, end: false },
    { name: t('tender.price'), width: 4, end: true },
    { name: t('tender.outcome'), width: 3, end: false },
    { name: t('doc.minutes.bid_hash'), width: 5, end: false },
  ];
  return [
    { kind: 'table', marked: -1, columns, rows },
    { kind: 'text', text: small(t('doc.minutes.price')) },
  ];
}

function openersOf({ t, f }: Edition, tender: Schemas['TenderView'], { openers }: Opened): Block {
  const institutionOf = (group: string): string[] =>
    tender.terms.groups.filter(({ name }) => name === group).map(({ institution }) => institution);
  return {
    kind: 'table',
    marked: -1,
    columns: [
      { name: t('doc.minutes.opener'), width: 4, end: false },
      { name: t('doc.minutes.group'), width: 4, end: false },
      { name: t('doc.minutes.released'), width: 5, end: false },
    ],
    rows: openers.map(({ name, group, releasedAt }) => [
      strong(name),
      [...institutionOf(group), small(group)],
      f.short(releasedAt, tender.rules.timeZone),
    ]),
  };
}
