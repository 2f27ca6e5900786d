/** The matrix for a spreadsheet. */
import type { Visitor } from '../http/visitor.js';
import { csvOf } from '../tenders/search-formats.js';
import type { LotFacts } from './lot-facts.js';
import { matrixRows } from './matrix.js';

export function matrixCsv(visitor: Visitor, facts: LotFacts): string {
  const { t } = visitor;
  const { criteria, currency } = facts.tender.terms;
  const head = [
    t('tender.bidder'),
    `${t('matrix.written')} (${currency})`,
    `${t('matrix.corrected')} (${currency})`,
    ...criteria.map(({ title }) => title),
    t('matrix.mine'),
    t('matrix.others'),
  ];
  const lines = matrixRows(visitor, facts).map(({ bid, written, arithmetic, criteria: verdicts, mine, others }) => [
    bid.vendorName,
    written,
    arithmetic?.total,
    ...verdicts.map(({ words }) => words),
    mine.words,
    others,
  ]);
  return csvOf([head, ...lines]);
}
