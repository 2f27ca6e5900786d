/** The award as everybody is told of it: intended first, decided after the standstill. */
import type { Schemas } from '@segel/client';
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

type View = Schemas['AwardView'];
type Announced = Omit<View, 'award' | 'entries'> & {
  readonly award: Schemas['AnnouncedAwardView'];
  readonly entries: readonly Published[];
};
type Bid = {
  readonly bid_id: string;
  readonly rank?: number;
  readonly corrected_total?: string;
  readonly reasons?: readonly { readonly text: string }[];
};
/** The part of the result document that is printed (libs/procurement, evaluation). */
type Result = { readonly currency: string; readonly bids: readonly Bid[] };

export type AwardFacts = {
  readonly tender: Schemas['TenderView'];
  readonly awards: readonly View[];
  /** Names of the bidders by their bids. */
  readonly bidders: ReadonlyMap<string, string>;
};

/** The document; undefined while the public log has not reached what it names. */
export function awardDocument(edition: Edition, facts: AwardFacts): Document | undefined {
  const { t } = edition;
  const { tender, awards } = facts;
  const told = awards.filter(({ award }) => award !== undefined);
  const announced = told.flatMap((view): Announced[] => {
    const entries = published(view.entries ?? []);
    return entries === undefined || view.award === undefined ? [] : [{ ...view, award: view.award, entries }];
  });
  const last = announced.reduce<Announced | undefined>(
    (latest, view) => (latest === undefined || momentOfLast(view) > momentOfLast(latest) ? view : latest),
    undefined,
  );
  if (last === undefined || announced.length < told.length) return undefined;
  const decided = announced.every(({ award }) => award.decidedAt !== undefined);
  const blocks: readonly Block[] = [
    { kind: 'facts', lines: aboutTender(edition, tender) },
    ...announced.flatMap((view) => lotBlocks(edition, facts, view)),
    checkBlock(edition, last.entries.at(-1)!),
    ...recompute(edition, tender.id),
  ];
  const title = t(decided ? 'doc.award.decided' : 'doc.award.intended');
  return letter(edition, { title, tender, at: momentOfLast(last), blocks });
}

const momentOfLast = ({ award: { decidedAt, standstillEndedAt, intendedAt } }: Announced): string =>
  decidedAt ?? standstillEndedAt ?? intendedAt;

function lotBlocks(edition: Edition, { tender, bidders }: AwardFacts, view: Announced): readonly Block[] {
  const { t, f } = edition;
  const { award } = view;
  const kind = award.decidedAt === undefined ? 'intended' : 'decided';
  return [
    { kind: 'heading', level: 2, text: `${t('doc.lot')}: ${lotTitle(tender, view.lotId)}` },
    {
      kind: 'note',
      tone: 'ok',
      title: t(`doc.award.winner.${kind}`, { name: award.vendorName }),
      lines: [t('doc.award.amount', { amount: f.money(award) })],
    },
    { kind: 'facts', lines: datesOf(edition, view, tender.rules.timeZone) },
    ...(kind === 'intended' ? [{ kind: 'text', text: t('doc.award.objection') } as const] : []),
    { kind: 'heading', level: 3, text: t('doc.award.ranking') },
    ranking(edition, view, bidders),
    { kind: 'text', text: small(t('doc.award.ranking.how')) },
    { kind: 'heading', level: 3, text: t('doc.entries') },
    { kind: 'text', text: small(t('doc.entries.how')) },
    entriesTable(edition, view.entries),
  ];
}

function datesOf({ t, f }: Edition, { award, resultSha256 }: Announced, zone: string): readonly [string, Words][] {
  const { intendedAt, standstillEndAt, standstillEndedAt, decidedAt } = award;
  const moment = (name: string, at: string | undefined): [string, Words][] =>
    at === undefined ? [] : [[name, f.moment(at, zone)]];
  return [
    ...moment(t('doc.award.announced'), intendedAt),
    ...moment(t('doc.award.standstill'), standstillEndAt),
    ...moment(t('doc.award.standstill.ended'), standstillEndedAt),
    ...moment(t('doc.award.at'), decidedAt),
    ...(resultSha256 === undefined ? [] : [[t('doc.award.result'), mono(resultSha256)] satisfies [string, Words]]),
  ];
}

function ranking({ t, f }: Edition, view: Announced, bidders: ReadonlyMap<string, string>): Block {
  const { bids, currency } = view.result as Result;
  return {
    kind: 'table',
    marked: bids.findIndex(({ bid_id: id }) => id === view.award.bidId),
    columns: [
      { name: t('tender.rank'), width: 2, end: false },
      { name: t('tender.bidder'), width: 4, end: false },
      { name: t('tender.amount'), width: 4, end: true },
      { name: t('tender.reasons'), width: 6, end: false },
    ],
    rows: bids.map(({ bid_id: id, rank, corrected_total: amount, reasons = [] }) => [
      rank === undefined ? t('tender.rejected') : strong(String(rank)),
      bidders.get(id) ?? mono(id),
      amount === undefined ? '–' : f.money({ amount, currency }),
      reasons.map(({ text }) => text),
    ]),
  };
}
